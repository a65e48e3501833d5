// Both topologies are metrics with the wanted mean, and the same for the same seed.

import { describe, expect, it } from 'vitest';
import { Rng } from '../../src/sim/rng.ts';
import { createTopology, MEAN_DELAY_MS } from '../../src/sim/topology.ts';

const PLACES = 400;

describe.each(['plane', 'transit-stub'] as const)('topology %s', (name) => {
  const topology = createTopology(name, new Rng(1));
  for (let place = 0; place < PLACES; place += 1) topology.add();
  const rng = new Rng(2);

  it('is symmetric, zero from a place to itself and obeys the triangle inequality', () => {
    for (let index = 0; index < 5_000; index += 1) {
      const [a, b, c] = [rng.int(PLACES), rng.int(PLACES), rng.int(PLACES)];
      const direct = topology.delayMs(a, b);
      expect(direct).toBeCloseTo(topology.delayMs(b, a), 9);
      expect(direct).toBeGreaterThanOrEqual(0);
      expect(direct).toBeLessThan(10 * MEAN_DELAY_MS);
      expect(topology.delayMs(a, c) + topology.delayMs(c, b)).toBeGreaterThanOrEqual(direct - 1e-9);
    }
    expect(topology.delayMs(7, 7)).toBe(0);
  });

  it('has the wanted mean delay', () => {
    let sum = 0;
    for (let index = 0; index < 20_000; index += 1) sum += topology.delayMs(rng.int(PLACES), rng.int(PLACES));
    expect(sum / 20_000 / MEAN_DELAY_MS).toBeGreaterThan(0.9);
    expect(sum / 20_000 / MEAN_DELAY_MS).toBeLessThan(1.1);
  });

  it('is the same for the same seed', () => {
    const again = createTopology(name, new Rng(1));
    for (let place = 0; place < PLACES; place += 1) again.add();
    for (let place = 1; place < PLACES; place += 1) expect(again.delayMs(0, place)).toBe(topology.delayMs(0, place));
  });
});

describe('transit-stub', () => {
  it('has near neighbours and far strangers: delays within a stub domain are a small part of the mean', () => {
    const topology = createTopology('transit-stub', new Rng(4));
    for (let place = 0; place < 2_000; place += 1) topology.add();
    let nearest = Number.POSITIVE_INFINITY;
    for (let place = 1; place < 2_000; place += 1) nearest = Math.min(nearest, topology.delayMs(0, place));
    expect(nearest).toBeLessThan(MEAN_DELAY_MS / 5);
  });
});
