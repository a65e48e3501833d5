// The oracle against deliberately dumb versions of the same questions.

import { describe, expect, it } from 'vitest';
import { clockwiseDistance, closestId, type Id, isCloser, isId } from '../../src/core/pastry/id.ts';
import { Oracle } from '../../src/sim/oracle.ts';
import { Rng } from '../../src/sim/rng.ts';

function id(text: string): Id {
  if (!isId(text, text.length)) throw new Error(`${text} is no id`);
  return text;
}

/** Ids near zero and near the top too, so that the wrap is met. */
function randomId(rng: Rng): Id {
  const prefix = rng.pick(['', '0', 'f', 'ff', '00']) ?? '';
  return id(prefix + rng.hex(4 - prefix.length));
}

describe('oracle', () => {
  it('agrees with brute force about roots, leaf sets, closest ids and prefixes in rings of 0 to 40', () => {
    const rng = new Rng(11);
    for (let round = 0; round < 400; round += 1) {
      const oracle = new Oracle();
      const ids = new Set<Id>();
      for (let count = rng.int(41); count > 0; count -= 1) {
        const added = randomId(rng);
        ids.add(added);
        oracle.add(added);
        oracle.add(added);
      }
      for (const removed of rng.shuffled([...ids]).slice(0, rng.int(4))) {
        ids.delete(removed);
        oracle.remove(removed);
        oracle.remove(removed);
      }
      expect(oracle.ids).toEqual([...ids].sort());
      const key = randomId(rng);
      expect(oracle.root(key)).toBe(closestId(key, ids));
      const byCloseness = [...ids].sort((a, b) => (isCloser(key, a, b) ? -1 : 1));
      expect(oracle.closest(key, 5)).toEqual(byCloseness.slice(0, 5));
      const self = rng.chance(0.5) ? (rng.pick([...ids]) ?? key) : key;
      const others = [...ids].filter((other) => other !== self);
      const clockwise = others.sort((a, b) => (clockwiseDistance(self, a) < clockwiseDistance(self, b) ? -1 : 1));
      expect(oracle.leafSet(self, 4)).toEqual({
        cw: clockwise.slice(0, 4),
        ccw: [...clockwise].reverse().slice(0, 4),
      });
      const prefix = key.slice(0, rng.int(3));
      expect(oracle.hasPrefix(prefix, self)).toBe(others.some((other) => other.startsWith(prefix)));
    }
  });

  it('knows the textbook cases across zero and ties', () => {
    const ring = (...ids: string[]): Oracle => {
      const oracle = new Oracle();
      for (const text of ids) oracle.add(id(text));
      return oracle;
    };
    expect(ring('fff0', '0100').root(id('0005'))).toBe('fff0');
    expect(ring('fff0', '0010').root(id('0000'))).toBe('fff0');
    expect(ring('1000', '1002').root(id('1001'))).toBe('1002');
    expect(ring('7eaf', '85d9', '8aa6', '2293', 'da7f').root(id('818e'))).toBe('7eaf');
  });
});
