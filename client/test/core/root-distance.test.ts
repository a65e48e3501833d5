// How often a true root is doubted, and a false one is not, in rings of random ids.

import { describe, expect, test } from 'vitest';
import { randomIdWith } from '../../src/core/pastry/id.ts';
import { rootDistance, spacingOf } from '../../src/core/pastry/routing/root-distance.ts';
import { LeafSet } from '../../src/core/pastry/tables/leaf-set.ts';
import { Oracle } from '../../src/sim/oracle.ts';
import { Rng } from '../../src/sim/rng.ts';
import { handle, id } from './arbitraries.ts';

const DIGITS = 16;
const DOUBTFUL = 7;

function ringOf(rng: Rng, nodes: number): Oracle {
  const ring = new Oracle();
  while (ring.size < nodes) ring.add(randomIdWith('', DIGITS, () => rng.float()));
  return ring;
}

function leafSetOf(ring: Oracle, self: string, size: number): LeafSet {
  const leafSet = new LeafSet(id(self), size);
  const { cw, ccw } = ring.leafSet(id(self), size / 2);
  for (const leaf of [...cw, ...ccw]) leafSet.add(handle(leaf));
  return leafSet;
}

/** The share of lookups whose root, the closest to the key of every `step`th node, is doubted. */
function doubtedShare(seed: number, step: number): number {
  const rng = new Rng(seed);
  let doubted = 0;
  const lookups = 4_000;
  for (let count = 0; count < lookups; ) {
    const ring = ringOf(rng, 500);
    const colluders = new Oracle();
    for (const nodeId of ring.ids) if (step === 1 || rng.int(step) === 0) colluders.add(nodeId);
    for (let index = 0; index < 100; index += 1, count += 1) {
      const self = rng.pick(ring.ids);
      const key = randomIdWith('', DIGITS, () => rng.float());
      const root = colluders.root(key);
      const spacing = self === undefined ? undefined : spacingOf(leafSetOf(ring, self, 16), DIGITS);
      if (root === undefined || spacing === undefined) throw new Error('a ring of 500 is large');
      if (rootDistance(key, root, spacing) > DOUBTFUL) doubted += 1;
    }
  }
  return doubted / lookups;
}

describe('R77: the distance of a root', () => {
  test.each([1, 2, 3])('of a true one is hardly ever doubtful (seed %i)', (seed) => {
    expect(doubtedShare(seed, 1)).toBeLessThan(0.008);
  });

  test.each([
    [20, 0.6],
    [10, 0.4],
    [4, 0.12],
  ])('of a false one mostly is where one node of %i is hostile', (step, share) => {
    expect(doubtedShare(5, step)).toBeGreaterThan(share);
  });
});

describe('R76: a ring', () => {
  test('of two leaf sets full is small, and one of five is large', () => {
    const rng = new Rng(9);
    const isSmall = (nodes: number): boolean[] => {
      const ring = ringOf(rng, nodes);
      return ring.ids.map((self) => spacingOf(leafSetOf(ring, self, 16), DIGITS) === undefined);
    };
    expect(isSmall(16).every(Boolean)).toBe(true);
    expect(isSmall(24).filter(Boolean).length).toBeGreaterThan(12);
    expect(isSmall(80).filter(Boolean).length).toBeLessThan(8);
  });

  test('is small to whom a few leaves tell nothing of it', () => {
    const ring = ringOf(new Rng(9), 1_000);
    expect(spacingOf(leafSetOf(ring, ring.ids[0] ?? '', 4), DIGITS)).toBeUndefined();
  });
});
