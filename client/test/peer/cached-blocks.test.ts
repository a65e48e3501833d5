// Copies of what was fetched: which stay where there is no room for all, and for how long.

import { expect, test } from 'vitest';
import { CACHE_LOOK_MS, CachedBlocks } from '../../src/peer/cached-blocks.ts';

/** Time goes on by `run`. */
class Timers {
  #now = 0;
  readonly #due: { readonly at: number; readonly fire: () => void }[] = [];

  after(_name: string, delayMs: number, fire: () => void): void {
    this.#due.push({ at: this.#now + delayMs, fire });
  }

  cancel(): void {
    this.#due.length = 0;
  }

  run(ms: number): void {
    this.#now += ms;
    for (const { fire } of this.#due.splice(0).filter(({ at }) => at <= this.#now)) fire();
  }

  get waiting(): number {
    return this.#due.length;
  }
}

function bytes(size: number, value = 1): Uint8Array<ArrayBuffer> {
  return new Uint8Array(size).fill(value);
}

function cacheOf(maxBytes: number): { readonly cache: CachedBlocks; readonly timers: Timers } {
  const timers = new Timers();
  return { cache: new CachedBlocks(maxBytes, timers), timers };
}

test('gives a copy of what was put, and nothing else', async () => {
  const { cache } = cacheOf(100);
  const own = bytes(10);
  cache.put('a', own);
  own.fill(9);
  const got = await cache.get('a');
  expect(got).toEqual(bytes(10));
  got?.fill(7);
  expect(await cache.get('a')).toEqual(bytes(10));
  expect(await cache.get('b')).toBeUndefined();
  cache.put('empty', bytes(0));
  expect(await cache.get('empty')).toEqual(bytes(0));
  cache.delete('a');
  expect([await cache.get('a'), cache.usedBytes]).toEqual([undefined, 0]);
});

test('of what was not asked for, the large go first; what is larger than all room is not taken', async () => {
  const { cache } = cacheOf(100);
  cache.put('large', bytes(60));
  cache.put('small', bytes(10));
  cache.put('middle', bytes(40));
  expect(cache.usedBytes).toBe(50);
  expect(await cache.get('large')).toBeUndefined();
  cache.put('huge', bytes(101));
  expect([await cache.get('huge'), cache.usedBytes]).toEqual([undefined, 50]);
});

test('what is asked for again and again stays, whatever comes; what is not ages', async () => {
  const { cache } = cacheOf(100);
  cache.put('wanted', bytes(40));
  cache.put('small', bytes(20));
  for (let count = 0; count < 30; count += 1) {
    expect(await cache.get('wanted')).toBeDefined();
    cache.put(`passing ${count}`, bytes(41));
    expect(cache.usedBytes).toBeLessThanOrEqual(100);
  }
  expect(await cache.get('small')).toBeUndefined();
});

test('there are never too many', () => {
  const { cache } = cacheOf(1_000_000);
  for (let count = 0; count < 2_000; count += 1) cache.put(String(count), bytes(1));
  expect(cache.usedBytes).toBe(1_024);
});

test('what nobody asks for between two looks goes, and nothing is left to look at', async () => {
  const { cache, timers } = cacheOf(100);
  cache.put('one', bytes(10));
  cache.put('other', bytes(10));
  timers.run(CACHE_LOOK_MS);
  expect(await cache.get('one')).toBeDefined();
  timers.run(CACHE_LOOK_MS);
  expect([await cache.get('other'), cache.usedBytes]).toEqual([undefined, 10]);
  expect(await cache.get('one')).toBeDefined();
  timers.run(CACHE_LOOK_MS);
  timers.run(CACHE_LOOK_MS);
  expect([cache.usedBytes, timers.waiting]).toEqual([0, 0]);
  cache.put('again', bytes(10));
  expect(timers.waiting).toBe(1);
});

test('what the browser lost is not here', async () => {
  const { cache } = cacheOf(100);
  cache.put('a', bytes(10));
  const { arrayBuffer } = Blob.prototype;
  Blob.prototype.arrayBuffer = () => Promise.reject(new Error('NotReadableError'));
  try {
    expect(await cache.get('a')).toBeUndefined();
  } finally {
    Blob.prototype.arrayBuffer = arrayBuffer;
  }
  expect(cache.usedBytes).toBe(0);
});
