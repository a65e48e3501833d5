// Parts of files in IndexedDB: what a later try finds, and when they go.

import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test } from 'vitest';
import { IdbPartials } from '../../src/stores/idb-partials.ts';

const FILE = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
const DAY_MS = 24 * 60 * 60_000;

let databases = 0;
let partials: IdbPartials;
beforeEach(() => {
  databases += 1;
  partials = new IdbPartials(`partials-${databases}`);
});

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

describe('parts', () => {
  test('are found by the next try, of their own file alone, with their size', async () => {
    const first = await partials.open(FILE, true);
    expect(first.bytesBefore).toBe(0);
    await first.put(0, bytes(1, 2, 3));
    await first.put(3, bytes(4));
    const again = await partials.open(FILE, true);
    expect(again.bytesBefore).toBe(4);
    expect(await again.get(0, 3)).toEqual(bytes(1, 2, 3));
    expect((await again.blob(3))?.size).toBe(1);
    expect([await again.get(0, 4), await again.get(1, 1), await again.blob(9)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect((await partials.open(OTHER, true)).bytesBefore).toBe(0);
  });

  test('are gone when they are removed, and those of others stay', async () => {
    const file = await partials.open(FILE, true);
    const other = await partials.open(OTHER, true);
    await file.put(0, bytes(1));
    await other.put(0, bytes(2));
    await file.remove();
    expect((await partials.open(FILE, true)).bytesBefore).toBe(0);
    expect((await partials.open(OTHER, true)).bytesBefore).toBe(1);
  });

  test('that are being written when they are removed, or come after that, are not kept', async () => {
    const file = await partials.open(FILE, true);
    const writing = [0, 1, 2, 3].map((position) => file.put(position, bytes(1)));
    const removing = file.remove();
    await Promise.all([...writing, file.put(4, bytes(1)), removing]);
    await file.put(5, bytes(1));
    expect((await partials.open(FILE, true)).bytesBefore).toBe(0);
  });

  test('of a file that nobody went on with for a week go when another one is opened', async () => {
    await (await partials.open(FILE, true, 0)).put(0, bytes(1));
    await (await partials.open(OTHER, true, 6 * DAY_MS)).put(0, bytes(1));
    await partials.open('ef'.repeat(32), true, 8 * DAY_MS);
    expect((await partials.open(FILE, true, 8 * DAY_MS)).bytesBefore).toBe(0);
    expect((await partials.open(OTHER, true, 8 * DAY_MS)).bytesBefore).toBe(1);
  });

  test('that need not be kept are not where the browser names no room', async () => {
    const file = await partials.open(FILE, false);
    await file.put(0, bytes(1));
    expect(await file.get(0, 1)).toBeUndefined();
  });
});
