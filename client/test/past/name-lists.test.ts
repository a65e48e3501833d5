import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BlockRef, MAX_RECORDS_AT_KEY, MAX_RECORDS_OF_STORER } from '../../src/core/past/block.ts';
import { NameLists, type RecordOrigin } from '../../src/core/past/name-lists.ts';
import { id } from '../peer/ids.ts';

const KEY = id('51');

function record(number: number): BlockRef {
  return { key: KEY, digest: number.toString(16).padStart(64, 'f'), size: 100 };
}

const storedBy = (name: string): RecordOrigin => ({ nodeId: id(name), isStorer: true });
const offeredBy = (name: string): RecordOrigin => ({ nodeId: id(name), isStorer: false });

/** A list as a node keeps it. */
class Shelf {
  readonly lists = new NameLists();
  readonly origins = new Map<string, RecordOrigin | undefined>();
  #last = 0;

  /** True if the new record is kept. */
  put(origin: RecordOrigin | undefined): boolean {
    this.#last += 1;
    const block = record(this.#last);
    if (!this.lists.hasRoomFor(block, origin)) return false;
    const displaced = this.lists.displacedBy(block, origin);
    if (displaced !== undefined) {
      this.lists.delete({ ...block, digest: displaced });
      this.origins.delete(displaced);
    }
    this.lists.add(block, origin);
    this.origins.set(block.digest, origin);
    return true;
  }

  count(name: string): number {
    return [...this.origins.values()].filter((origin) => origin?.nodeId === id(name)).length;
  }
}

describe('P25: a full list', () => {
  test('is filled by no storer alone', () => {
    const shelf = new Shelf();
    const kept = Array.from({ length: 64 }, () => shelf.put(storedBy('a'))).filter(Boolean);
    expect(kept).toHaveLength(MAX_RECORDS_OF_STORER);
    expect(shelf.put(storedBy('b'))).toBe(true);
  });

  test('gives who has few a place of who has most, whose newest goes', () => {
    const shelf = new Shelf();
    for (let number = 0; number < MAX_RECORDS_AT_KEY; number += 1) expect(shelf.put(offeredBy('a'))).toBe(true);
    expect(shelf.put(offeredBy('b'))).toBe(false);
    expect(shelf.put(storedBy('b'))).toBe(true);
    expect([shelf.count('a'), shelf.count('b')]).toEqual([MAX_RECORDS_AT_KEY - 1, 1]);
    expect([...shelf.origins.keys()]).not.toContain(record(MAX_RECORDS_AT_KEY).digest);
    expect([...shelf.origins.keys()]).toContain(record(1).digest);
  });

  test('of many who have alike takes no more, and what was there before this life stays', () => {
    const shelf = new Shelf();
    for (let number = 0; number < MAX_RECORDS_AT_KEY; number += 1) shelf.put(undefined);
    expect(shelf.put(storedBy('a'))).toBe(false);
    const fair = new Shelf();
    for (let number = 0; number < MAX_RECORDS_AT_KEY; number += 1) fair.put(storedBy(`${10 + (number % 32)}`));
    expect(fair.put(storedBy('a'))).toBe(true);
    expect(fair.put(storedBy('a'))).toBe(false);
  });

  test('never holds more, and whoever comes to a list of one flooder finds a place', () => {
    const step = fc.record({ node: fc.integer({ min: 0, max: 5 }), isStorer: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const shelf = new Shelf();
        for (const { node, isStorer } of steps) shelf.put({ nodeId: id(`${node}`), isStorer });
        expect(shelf.origins.size).toBeLessThanOrEqual(MAX_RECORDS_AT_KEY);
        expect(new Set(shelf.lists.at(KEY))).toEqual(new Set(shelf.origins.keys()));
        expect(shelf.put(storedBy('9'))).toBe(true);
      }),
    );
  });
});
