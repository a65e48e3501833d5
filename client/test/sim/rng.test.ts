// Seeded randomness: repeatable, independent children, even.

import { describe, expect, it } from 'vitest';
import { Rng } from '../../src/sim/rng.ts';

const draw = (rng: Rng, count: number): number[] => Array.from({ length: count }, () => rng.uint32());

describe('rng', () => {
  it('gives equal draws for equal seeds and others for others, beyond 32 bits too', () => {
    expect(draw(new Rng(42), 50)).toEqual(draw(new Rng(42), 50));
    expect(draw(new Rng(42), 5)).not.toEqual(draw(new Rng(43), 5));
    expect(draw(new Rng(2 ** 40), 5)).not.toEqual(draw(new Rng(0), 5));
  });

  it('keeps its draws for ever, because golden traces depend on them', () => {
    expect(draw(new Rng(1), 4)).toMatchInlineSnapshot(`
      [
        2639375342,
        3274559122,
        3467335147,
        824295497,
      ]
    `);
  });

  it('gives children that do not depend on how much their siblings draw', () => {
    const first = new Rng(5);
    const second = new Rng(5);
    draw(first.split('a'), 100);
    second.split('a');
    expect(draw(first.split('b'), 10)).toEqual(draw(second.split('b'), 10));
    expect(draw(new Rng(5).split('a'), 10)).not.toEqual(draw(new Rng(5).split('b'), 10));
  });

  it('draws evenly', () => {
    const rng = new Rng(9);
    const counts = new Array<number>(16).fill(0);
    for (const character of rng.hex(160_000)) {
      const value = Number.parseInt(character, 16);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    let sum = 0;
    for (let index = 0; index < 100_000; index += 1) sum += rng.exponential(20);
    expect(sum / 100_000).toBeCloseTo(20, 0);
  });

  it('shuffles to a permutation', () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    const shuffled = new Rng(3).shuffled(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });
});
