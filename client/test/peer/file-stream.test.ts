// A file as a stream: never more than a few segments ahead of its reader, never a wrong byte, and no segment twice.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KeptParts } from '../../src/peer/kept-parts.ts';
import { RETRIEVE_PARALLEL } from '../../src/peer/limits.ts';
import { retrieveFile, retrieveInto } from '../../src/peer/retrieve-file.ts';
import type { RetrieveOptions } from '../../src/peer/retrieved-file.ts';
import { newFileKey } from '../../src/vault/file-key.ts';
import { type FileSeal, publicSeal } from '../../src/vault/file-seal.ts';
import { privateSeal } from '../../src/vault/private-seal.ts';
import { type CountedFile, countedFile } from './counted-requests.ts';
import { sha256Of, someBytes } from './transfer-node.ts';

const SEGMENT_BYTES = 1_000;
const SEGMENTS = 20;
const BYTES = someBytes(SEGMENTS * SEGMENT_BYTES - 1, 3);
/** Of segments beside the manifest. */
const fetchedOf = ({ requests }: CountedFile): number => requests.fetched - 1;

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

async function readerOf(file: CountedFile, seal: FileSeal, options: RetrieveOptions = {}): Promise<Reader> {
  return (await retrieveFile(file.parts, file.fileId, seal, options)).stream().getReader();
}

/** All that comes, and how it ended. */
async function readAll(reader: Reader): Promise<{ readonly bytes: Uint8Array; readonly error: unknown }> {
  const chunks: Uint8Array[] = [];
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
    return { bytes: Buffer.concat(chunks), error: undefined };
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error };
  }
}

/** Whatever can happen without a reader has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** What an earlier try has left, in memory. */
class Kept implements KeptParts {
  readonly bytesByPosition = new Map<number, Uint8Array>();

  async get(position: number): Promise<Uint8Array | undefined> {
    return this.bytesByPosition.get(position);
  }

  async put(position: number, bytes: Uint8Array): Promise<void> {
    this.bytesByPosition.set(position, bytes.slice());
  }
}

describe('P51: a reader', () => {
  test('however it pauses: at most a few segments are fetched and not read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: SEGMENTS, maxLength: SEGMENTS }), async (pauses) => {
        const file = await countedFile(BYTES, SEGMENT_BYTES);
        const reader = await readerOf(file, publicSeal);
        for (const [read, isPaused] of pauses.entries()) {
          if (isPaused) await settled();
          expect(fetchedOf(file) - read).toBeLessThanOrEqual(RETRIEVE_PARALLEL);
          await reader.read();
        }
        expect([(await reader.read()).done, fetchedOf(file)]).toEqual([true, SEGMENTS]);
      }),
      { numRuns: 10 },
    );
  });

  test('that has not begun has nothing fetched for it, and one that stops no more', async () => {
    const file = await countedFile(BYTES, SEGMENT_BYTES);
    const reader = await readerOf(file, publicSeal);
    await settled();
    expect(fetchedOf(file)).toBe(0);
    await reader.read();
    await reader.cancel();
    const fetched = fetchedOf(file);
    await settled();
    expect(fetchedOf(file)).toBe(fetched);
    expect(fetched).toBeLessThanOrEqual(1 + RETRIEVE_PARALLEL);
  });

  test('gets the file, and may take the memory of each chunk away, also of one that comes twice', async () => {
    const twice = Buffer.concat([BYTES.subarray(0, 5_000), BYTES.subarray(0, 5_000)]);
    const file = await countedFile(twice, SEGMENT_BYTES);
    const reader = await readerOf(file, publicSeal);
    const chunks: Buffer[] = [];
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(Buffer.from(next.value));
      structuredClone(next.value.buffer, { transfer: [next.value.buffer] });
    }
    expect(sha256Of(Buffer.concat(chunks))).toBe(sha256Of(twice));
  });

  test('that rests has what is under way, and nothing more is asked for until it goes on', async () => {
    const file = await countedFile(BYTES, SEGMENT_BYTES);
    let goOn: (() => void) | undefined;
    let going = Promise.resolve();
    const reader = await readerOf(file, publicSeal, { going: () => going });
    await reader.read();
    await settled();
    going = new Promise((resolve) => {
      goOn = resolve;
    });
    const before = fetchedOf(file);
    const rest = readAll(reader);
    await settled();
    expect(fetchedOf(file)).toBe(before);
    goOn?.();
    expect((await rest).bytes).toHaveLength(BYTES.length - SEGMENT_BYTES);
  });

  test('is told at once when it is cancelled from outside, also while nothing is read', async () => {
    const file = await countedFile(BYTES, SEGMENT_BYTES);
    const controller = new AbortController();
    const reader = await readerOf(file, publicSeal, { signal: controller.signal });
    await reader.read();
    controller.abort();
    await expect(reader.read()).rejects.toMatchObject({ code: 'aborted' });
    await expect(readerOf(file, publicSeal, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

describe('P51: never a wrong byte', () => {
  test('of a segment that is nowhere: all before it comes, and then the error', async () => {
    const file = await countedFile(BYTES, SEGMENT_BYTES);
    file.requests.bytesByDigest.delete(sha256Of(file.blocks[7] ?? new Uint8Array()));
    const { bytes, error } = await readAll(await readerOf(file, publicSeal));
    expect(error).toMatchObject({ code: 'not-found' });
    expect(sha256Of(bytes)).toBe(sha256Of(BYTES.subarray(0, 7 * SEGMENT_BYTES)));
  });

  test('of private segments that were tampered with, by one who can make their digests right', async () => {
    const seal = await privateSeal(newFileKey(), 1_000_000);
    const file = await countedFile(BYTES, SEGMENT_BYTES, seal);
    const digest = sha256Of(file.blocks[7] ?? new Uint8Array());
    file.requests.bytesByDigest.set(digest, file.blocks[8] ?? new Uint8Array());
    const { bytes, error } = await readAll(await readerOf(file, seal));
    expect(error).toMatchObject({ code: 'corrupt' });
    expect(sha256Of(bytes)).toBe(sha256Of(BYTES.subarray(0, 7 * SEGMENT_BYTES)));
  });
});

describe.each([false, true])('P52: a file that was broken off; private: %s', (isPrivate) => {
  const sealOf = async (): Promise<FileSeal> =>
    isPrivate
      ? privateSeal('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8' as ReturnType<typeof newFileKey>, 1_000_000)
      : publicSeal;

  test('goes on from what is here: what was under way is fetched twice at most', async () => {
    const seal = await sealOf();
    const file = await countedFile(BYTES, SEGMENT_BYTES, seal);
    const kept = new Kept();
    const controller = new AbortController();
    const first = await readerOf(file, seal, { kept, signal: controller.signal });
    for (let read = 0; read < 9; read += 1) await first.read();
    controller.abort();
    await settled();
    expect(kept.bytesByPosition.size).toBeGreaterThanOrEqual(9);
    const { bytes, error } = await readAll(await readerOf(file, seal, { kept }));
    expect([error, sha256Of(bytes)]).toEqual([undefined, sha256Of(BYTES)]);
    // Two manifests, and each segment once but for those under way.
    expect(file.requests.fetched - 2).toBeLessThanOrEqual(SEGMENTS + RETRIEVE_PARALLEL);
  });

  test('does not believe what it finds: only what the manifest names is taken', async () => {
    const seal = await sealOf();
    const file = await countedFile(BYTES, SEGMENT_BYTES, seal);
    const kept = new Kept();
    await readAll(await readerOf(file, seal, { kept }));
    kept.bytesByPosition.set(0, someBytes(SEGMENT_BYTES, 9));
    kept.bytesByPosition.set(3_000, new Uint8Array(5));
    const swapped = kept.bytesByPosition.get(5_000);
    kept.bytesByPosition.set(4_000, swapped ?? new Uint8Array());
    const before = file.requests.fetched;
    const { bytes } = await readAll(await readerOf(file, seal, { kept }));
    expect([sha256Of(bytes), file.requests.fetched - before]).toEqual([sha256Of(BYTES), 1 + 3]);
  });

  test('goes on in a sink that has some of it, wherever in the file', async () => {
    const seal = await sealOf();
    const file = await countedFile(BYTES, SEGMENT_BYTES, seal);
    const whole = new Uint8Array(BYTES.length);
    whole.set(BYTES.subarray(4_000, 9_000), 4_000);
    whole[4_500] = 1 + (whole[4_500] ?? 0);
    const written: number[] = [];
    const sink = {
      isSequential: false,
      kept: { get: async (position: number, size: number) => whole.slice(position, position + size) },
      write: async (bytes: Uint8Array, positions: readonly number[]) => {
        for (const position of positions) {
          written.push(position);
          whole.set(bytes, position);
        }
      },
    };
    await retrieveInto(file.parts, file.fileId, seal, async () => sink, {});
    expect(sha256Of(whole)).toBe(sha256Of(BYTES));
    const untouched = [5_000, 6_000, 7_000, 8_000];
    const all = Array.from({ length: SEGMENTS }, (_, index) => index * SEGMENT_BYTES);
    expect(written.toSorted((a, b) => a - b)).toEqual(all.filter((position) => !untouched.includes(position)));
  });
});

test('progress is told by bytes as they travel, and never goes back', async () => {
  const file = await countedFile(BYTES, SEGMENT_BYTES);
  // Half comes of one holder, and then it is begun anew with another.
  file.requests.steps = [0.25, 0.5, 0.1, 0.75];
  const told: number[] = [];
  const onProgress = ({ doneBytes }: { readonly doneBytes: number }): number => told.push(doneBytes);
  await readAll(await readerOf(file, publicSeal, { onProgress }));
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told).toContain(250);
  expect(told.at(-1)).toBe(BYTES.length);
  expect(told.length).toBeGreaterThan(2 * SEGMENTS);
});
