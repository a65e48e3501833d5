// Storing in bounded memory, counted in segments; and how far a transfer is, counted in bytes.

import { describe, expect, test } from 'vitest';
import { ByteProgress } from '../../src/peer/byte-progress.ts';
import { PeerError } from '../../src/peer/errors.ts';
import { STORE_PARALLEL } from '../../src/peer/limits.ts';
import type { BlockSource, Travelled } from '../../src/peer/local-blocks.ts';
import type { LeasedBlock, StoredBlock } from '../../src/peer/requests.ts';
import { storeFile } from '../../src/peer/store-file.ts';
import { publicSeal } from '../../src/vault/file-seal.ts';
import { CountedRequests, countedFile, storeBooks } from './counted-requests.ts';
import { idOf } from './ids.ts';
import { fileOf } from './ring.ts';
import { someBytes } from './transfer-node.ts';

const SEGMENT_BYTES = 100_000;
const SEGMENTS = 12;
const BYTES = someBytes(SEGMENTS * SEGMENT_BYTES - 1, 4);

/** A ring that takes blocks when it is told to. */
class SlowRequests extends CountedRequests {
  readonly waiting: (() => void)[] = [];

  override store(
    { block }: LeasedBlock,
    source: BlockSource,
    _signal: AbortSignal,
    copied: (copies: number) => void,
    travelled?: Travelled,
  ): Promise<StoredBlock> {
    const self = idOf('0a', 32);
    return new Promise((resolve) => {
      this.waiting.push(() => {
        void source().then((bytes) => {
          travelled?.(bytes.length / 2);
          travelled?.(bytes.length);
          copied(3);
          resolve({ type: 'stored', request: 1, root: self, route: [self], holders: [self], complete: true, block });
        });
      });
    });
  }
}

test.each([
  [new PeerError('storage', 'it was written to while it was stored'), /^it was written to while it was stored$/],
  [new Error('NotReadableError'), /^"x" cannot be read; was it changed or removed\?/],
])('what cannot be read is told in the words of who gave it, if there are any', async (error, words) => {
  const { parts } = await countedFile(BYTES, SEGMENT_BYTES);
  const requests = new SlowRequests([]);
  const file = { ...fileOf('x', BYTES), slice: () => ({ arrayBuffer: () => Promise.reject(error) }) };
  const stored = storeFile({ ...parts, requests }, file, publicSeal, {}, await storeBooks(requests));
  await expect(stored).rejects.toThrow(words);
});

test('a store has a few segments in memory, however many the file has', async () => {
  const { parts } = await countedFile(BYTES, SEGMENT_BYTES);
  const requests = new SlowRequests([]);
  let read = 0;
  const source = fileOf('x', BYTES);
  const file = {
    ...source,
    slice: (start: number, end: number) => {
      read += 1;
      return source.slice(start, end);
    },
  };
  const told: number[] = [];
  const onProgress = ({ doneBytes }: { readonly doneBytes: number }): number => told.push(doneBytes);
  let isDone = false;
  const stored = storeFile(
    { ...parts, requests },
    file,
    publicSeal,
    { onProgress },
    await storeBooks(requests),
  ).finally(() => {
    isDone = true;
  });
  for (let taken = 0; !isDone; ) {
    await new Promise((resolve) => setImmediate(resolve));
    expect(read - taken).toBeLessThanOrEqual(STORE_PARALLEL);
    const take = requests.waiting.shift();
    if (take === undefined) continue;
    taken += 1;
    take();
  }
  await stored;
  expect(read).toBe(SEGMENTS);
  // By bytes as they travel: halves of segments too.
  expect(told.slice(0, 3)).toEqual([0, SEGMENT_BYTES / 2, SEGMENT_BYTES]);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(BYTES.length);
});

describe('progress by bytes', () => {
  const counted = (): { readonly progress: ByteProgress; readonly told: number[] } => {
    const told: number[] = [];
    return { progress: new ByteProgress(1_000, ({ doneBytes }) => told.push(doneBytes)), told };
  };

  test('does not go back when a segment is begun anew, nor say the same twice', () => {
    const { progress, told } = counted();
    for (const bytes of [100, 300, 20, 300, 400]) progress.travelling('a', bytes, 500);
    progress.whole('a', 500);
    expect(told).toEqual([0, 100, 300, 400, 500]);
  });

  test('does not count copies that are made of what is there already', () => {
    const { progress, told } = counted();
    progress.whole('a', 500);
    progress.travelling('a', 250, 500);
    progress.travelling('b', 250, 500);
    expect(told).toEqual([0, 500, 750]);
  });

  test('counts a segment for each of its places, and never more than there is', () => {
    const { progress, told } = counted();
    progress.travelling('a', 100, 400, 2);
    progress.travelling('a', 416, 400, 2);
    progress.whole('a', 800);
    progress.travelling('b', 999, 999);
    expect(told).toEqual([0, 200, 800, 1_000]);
  });
});
