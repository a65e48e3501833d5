// The walk that finds all nodes of a ring by lookups.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closestId, type Id, isId } from '../../src/core/pastry/id.ts';
import { walkRing } from '../../src/node/ring-walk.ts';

const DIGITS = 3;

function id(value: number): Id {
  const text = value.toString(16).padStart(DIGITS, '0');
  if (!isId(text, DIGITS)) throw new Error(`no id: ${text}`);
  return text;
}

/** The root as all nodes would name it, and how often they were asked. */
function ring(nodes: readonly Id[]) {
  const counts = { lookups: 0 };
  const rootOf = async (key: string): Promise<Id> => {
    counts.lookups += 1;
    const root = isId(key, DIGITS) ? closestId(key, nodes) : undefined;
    if (root === undefined) throw new Error(`no key: ${key}`);
    return root;
  };
  return { counts, rootOf };
}

describe('a walk round the ring', () => {
  test('finds every node, wherever they are, with two lookups a node', async () => {
    const values = fc.uniqueArray(fc.nat(16 ** DIGITS - 1), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(values, async (numbers) => {
        const nodes = numbers.map(id);
        const { counts, rootOf } = ring(nodes);
        expect(await walkRing(DIGITS, 1_000, rootOf)).toEqual({ nodes: nodes.toSorted(), isWhole: true });
        // One more at each halving of the way after the highest id.
        const more = nodes.includes(id(16 ** DIGITS - 1)) ? 4 * DIGITS : 0;
        expect(counts.lookups).toBeLessThanOrEqual(2 * nodes.length + more);
      }),
      { numRuns: 2_000, examples: [[[239, 3905, 240, 671]], [[4095, 0, 6]], [[4095, 5, 6]]] },
    );
  });

  test('finds neighbours without a key between them, and all of a full ring', async () => {
    const neighbours = [id(0), id(1), id(4095)];
    expect((await walkRing(DIGITS, 10, ring(neighbours).rootOf)).nodes).toEqual(neighbours);
    const all = Array.from({ length: 16 ** DIGITS }, (_, value) => id(value));
    expect((await walkRing(DIGITS, 5_000, ring(all).rootOf)).nodes).toHaveLength(all.length);
  });

  test('ends at its limit, and when a lookup fails', async () => {
    const nodes = Array.from({ length: 100 }, (_, value) => id(value * 40));
    const { counts, rootOf } = ring(nodes);
    const { nodes: found, isWhole } = await walkRing(DIGITS, 10, rootOf);
    expect([found.length, isWhole]).toEqual([10, false]);
    expect(counts.lookups).toBeLessThan(50);
    await expect(walkRing(DIGITS, 10, () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
  });
});
