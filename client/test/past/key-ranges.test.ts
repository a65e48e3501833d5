// How a set of blocks is cut into ranges of keys, and sums of sets.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut, MAX_RANGES, rangeOf, sortedByKey } from '../../src/core/past/key-ranges.ts';
import { SetDigest } from '../../src/core/past/set-digest.ts';
import { block, id, unowned, World } from './world.ts';

const keys = fc.nat({ max: 0xffff }).map((value) => id(value.toString(16).padStart(4, '0')));
const hasDigest = (digest: string) => (other: { readonly digest: string }) => other.digest === digest;

describe('ranges of keys', () => {
  test('P66: each key is in exactly the range that its block was put in, and a range cut again is the same keys', () => {
    fc.assert(
      fc.property(fc.array(keys, { minLength: 1, maxLength: 400, size: 'max' }), keys, (chosen, other) => {
        const blocks = sortedByKey(chosen.map((key, number) => block(key, number)));
        const from = blocks[0]?.key ?? other;
        const parts = cut({ from, end: from }, blocks);
        expect(parts.length).toBeLessThanOrEqual(MAX_RANGES);
        expect(parts.flatMap((part) => part.blocks)).toEqual(blocks);
        const starts = parts.map((part) => part.from);
        parts.forEach((part, index) => {
          for (const { key } of part.blocks) expect(rangeOf(key, starts, from)).toBe(index);
        });
        const index = rangeOf(other, starts, from) ?? -1;
        const part = parts[index];
        if (part === undefined) throw new Error('a key is in no range of all keys');
        const closer = cut(part, part.blocks).map((each) => each.from);
        expect(rangeOf(other, closer, part.end)).toBeDefined();
        const elsewhere = parts.find(({ blocks: [first] }) => first !== undefined && !part.blocks.includes(first));
        const [stranger] = elsewhere?.blocks ?? [];
        if (stranger !== undefined) expect(rangeOf(stranger.key, closer, part.end)).toBeUndefined();
      }),
    );
  });

  test('P66: ranges in no order, or none, are no trouble', () => {
    expect(rangeOf(id('5'), [], id('5'))).toBeUndefined();
    expect(rangeOf(id('5'), [id('7'), id('3'), id('9')], id('7'))).toBeDefined();
  });
});

describe('the digest of a set', () => {
  const some = [block('51'), block('52'), block('53')];
  const sumOf = (blocks: typeof some, nonce = '0123456789abcdef', leases = unowned(blocks)): string => {
    const set = new SetDigest(nonce);
    for (const each of blocks) set.add(each, leases.filter(hasDigest(each.digest)));
    return set.sum;
  };

  test('P65: does not depend on the order, and depends on each block, its place, the newest of its leases, and the nonce', () => {
    const sum = sumOf(some);
    expect(sumOf([...some].reverse())).toBe(sum);
    const changed = some.map((each, index) => (index === 1 ? { ...each, key: id('54') } : each));
    const world = new World();
    const leased = some.flatMap((each) => [world.lease('b', each), world.lease('a', each)]);
    const renewed = leased.map((lease, index) => (index === 3 ? { ...lease, serial: 2 } : lease));
    const others = [sumOf(some.slice(1)), sumOf(changed), sumOf(some, 'f123456789abcdef')];
    const withLeases = [sumOf(some, undefined, leased), sumOf(some, undefined, renewed)];
    expect(new Set([sum, ...others, ...withLeases]).size).toBe(6);
    expect(sumOf(some, undefined, [...leased].reverse())).toBe(withLeases[0]);
  });
});
