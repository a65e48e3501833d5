import { expect, test } from 'vitest';
import { ByteProgress } from '../../src/peer/byte-progress.ts';

const CHUNK_BYTES = 64 * 1024;

/** Tells of a file of such segments that travel chunk by chunk, one after the other. */
function toldOf(segments: number, segmentBytes: number): readonly number[] {
  const told: number[] = [];
  const progress = new ByteProgress(segments * segmentBytes, ({ doneBytes }) => told.push(doneBytes));
  for (let index = 0; index < segments; index += 1) {
    for (let bytes = CHUNK_BYTES; bytes <= segmentBytes; bytes += CHUNK_BYTES)
      progress.travelling(`${index}`, bytes, segmentBytes);
    progress.whole(`${index}`, segmentBytes);
  }
  return told;
}

test('what travels is told of about a hundred times, not with each chunk, and its end exactly', () => {
  const told = toldOf(10, 64 * CHUNK_BYTES);
  expect(told.length).toBeGreaterThanOrEqual(80);
  expect(told.length).toBeLessThanOrEqual(120);
  expect(told[0]).toBe(0);
  expect(told.at(-1)).toBe(640 * CHUNK_BYTES);
});

test('of a large file a megabyte is told of', () => {
  const told = toldOf(100, 64 * CHUNK_BYTES);
  const steps = told.slice(1).map((bytes, index) => bytes - (told[index] ?? 0));
  expect(Math.max(...steps)).toBeLessThanOrEqual(1024 * 1024 + CHUNK_BYTES);
});

test('of a small one each chunk is', () => {
  expect(toldOf(1, 8 * CHUNK_BYTES).length).toBe(9);
});
