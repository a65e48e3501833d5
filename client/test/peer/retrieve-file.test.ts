// Retrieving in bounded memory, whatever a manifest states: counted in buffers, not in time.

import { expect, test } from 'vitest';
import { RETRIEVE_PARALLEL } from '../../src/peer/limits.ts';
import { retrieveInto } from '../../src/peer/retrieve-file.ts';
import type { FileSink } from '../../src/peer/retrieved-file.ts';
import { publicSeal } from '../../src/vault/file-seal.ts';
import { countedFile } from './counted-requests.ts';
import { digestOfBlob, fileOf, TestRing } from './ring.ts';
import { sha256Of, someBytes } from './transfer-node.ts';

const SEGMENT_BYTES = 100_000;
const segment = someBytes(SEGMENT_BYTES, 7);

/** A file that says much and holds little: one segment many times. */
function repeated(times: number, extra: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(times * SEGMENT_BYTES + extra.length);
  for (let index = 0; index < times; index += 1) bytes.set(segment, index * SEGMENT_BYTES);
  bytes.set(extra, times * SEGMENT_BYTES);
  return bytes;
}

async function stored(bytes: Uint8Array): Promise<{ ring: TestRing; fileId: string }> {
  const ring = new TestRing({ segmentBytes: SEGMENT_BYTES });
  await ring.open('0a', '5d');
  const { fileId } = await ring.time.result(ring.node('0a').peer.store(fileOf('x', bytes), { isPublic: true }), 60_000);
  await ring.open('9f');
  return { ring, fileId };
}

/** Collects what it is given, and how. */
class Collector implements FileSink {
  readonly isSequential;
  readonly writes: { readonly bytes: Uint8Array; readonly positions: readonly number[] }[] = [];
  /** Writes that have not resolved. */
  open = 0;
  mostOpen = 0;
  readonly #wait: (() => Promise<void>) | undefined;

  constructor(isSequential: boolean, wait?: () => Promise<void>) {
    this.isSequential = isSequential;
    this.#wait = wait;
  }

  async write(bytes: Uint8Array, positions: readonly number[]): Promise<void> {
    this.writes.push({ bytes, positions });
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    await this.#wait?.();
    this.open -= 1;
  }

  get file(): Uint8Array {
    const size = Math.max(...this.writes.flatMap(({ bytes, positions }) => positions.map((at) => at + bytes.length)));
    const whole = new Uint8Array(size);
    for (const { bytes, positions } of this.writes) for (const at of positions) whole.set(bytes, at);
    return whole;
  }
}

test('a manifest that names one segment 512 times: it is fetched once, and is one buffer', async () => {
  const bytes = repeated(512, someBytes(1234, 9));
  const { ring, fileId } = await stored(bytes);
  const reader = ring.node('9f').peer;
  const sink = new Collector(false);
  const begun: number[] = [];
  const begin = async ({ size }: { size: number }): Promise<FileSink> => {
    begun.push(size, sink.writes.length);
    return sink;
  };
  const progress: number[] = [];
  const onProgress = ({ doneBytes }: { doneBytes: number }): number => progress.push(doneBytes);
  const head = await ring.time.result(reader.retrieveInto(fileId, begin, { onProgress }), 60_000);
  expect(head).toEqual({ name: 'x', type: 'application/octet-stream', size: bytes.length });
  // The size is known before anything is fetched.
  expect(begun).toEqual([bytes.length, 0]);
  expect(sink.writes.map(({ positions }) => positions.length)).toEqual(expect.arrayContaining([512, 1]));
  expect(sink.writes).toHaveLength(2);
  expect(progress.at(-1)).toBe(bytes.length);
  expect(sha256Of(sink.file)).toBe(sha256Of(bytes));
});

test('the same in order, as for a pipe', async () => {
  const bytes = repeated(512, someBytes(1234, 9));
  const { ring, fileId } = await stored(bytes);
  const sink = new Collector(true);
  await ring.time.result(
    ring.node('9f').peer.retrieveInto(fileId, async () => sink),
    60_000,
  );
  expect(sink.writes.map(({ positions }) => positions)).toEqual(
    Array.from({ length: 513 }, (_, index) => [index * SEGMENT_BYTES]),
  );
  expect(new Set(sink.writes.map((write) => write.bytes)).size).toBe(2);
  expect(sha256Of(sink.file)).toBe(sha256Of(bytes));
});

test('as a Blob it is the same file, too', async () => {
  const bytes = repeated(3, someBytes(5, 9));
  const { ring, fileId } = await stored(bytes);
  const reader = ring.node('9f').peer;
  const file = await ring.time.result(reader.retrieve(fileId), 60_000);
  expect(file).toMatchObject({ name: 'x', size: bytes.length });
  expect(await digestOfBlob(await ring.time.result(file.blob(), 60_000))).toBe(sha256Of(bytes));
});

test.each([true, false])('a slow sink holds the fetching up; in order: %s', async (isSequential) => {
  const bytes = someBytes(20 * SEGMENT_BYTES, 3);
  const { requests, parts, fileId } = await countedFile(bytes, SEGMENT_BYTES);
  let mostInMemory = 0;
  let written = 0;
  const sink: Collector = new Collector(isSequential, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    mostInMemory = Math.max(mostInMemory, requests.fetched - 1 - written);
    written += 1;
  });
  await retrieveInto(parts, fileId, publicSeal, async () => sink, {});
  expect(sink.mostOpen).toBe(isSequential ? 1 : RETRIEVE_PARALLEL);
  expect(mostInMemory).toBe(RETRIEVE_PARALLEL);
  expect(sha256Of(sink.file)).toBe(sha256Of(bytes));
});

test('what the sink or who begins it rejects with ends it', async () => {
  const { ring, fileId } = await stored(repeated(5));
  const reader = ring.node('9f').peer;
  const refused = reader.retrieveInto(fileId, () => Promise.reject(new Error('no room')));
  await expect(ring.time.result(refused, 60_000)).rejects.toThrow('no room');
  const sink: FileSink = { isSequential: true, write: () => Promise.reject(new Error('disk full')) };
  const broken = reader.retrieveInto(fileId, async () => sink);
  await expect(ring.time.result(broken, 60_000)).rejects.toThrow('disk full');
});
