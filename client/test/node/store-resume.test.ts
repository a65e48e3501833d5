// Stores that were broken off go on where they stopped; and no key ever seals two contents.

import { mkdtemp, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FsJournals } from '../../src/node/store-journals.ts';
import type { FileSource } from '../../src/peer/api.ts';
import { STORE_PARALLEL } from '../../src/peer/limits.ts';
import { STOPPED } from '../../src/peer/parallel.ts';
import type { Settings } from '../../src/peer/ports.ts';
import { SettingsJournals } from '../../src/peer/settings-journals.ts';
import { JournalPages, type StoreJournals } from '../../src/peer/store-journal.ts';
import { MemorySettings } from '../../src/stores/memory-settings.ts';
import { fileOf, TestRing } from '../peer/ring.ts';
import { sha256Of, someBytes } from '../peer/transfer-node.ts';
import { type Client, openClientWith } from './light-client.ts';

const SEGMENTS = 24;
const SEGMENT_BYTES = 70_000;
const BYTES = someBytes(SEGMENTS * SEGMENT_BYTES - 1, 1);
const digestOf = (number: number): string => sha256Of(Uint8Array.of(number));

function file(bytes: Uint8Array, lastModified: number): FileSource {
  return { ...fileOf('large.bin', bytes), lastModified };
}

async function startRing(): Promise<TestRing> {
  // Segments of the ring are longer by what sealing adds.
  const ring = new TestRing({ segmentBytes: SEGMENT_BYTES + 16 });
  await ring.open('0a', '5d', 'd1');
  return ring;
}

/** The digests of segments that a client gives away; `then` is told how many. */
function givenBy({ peer }: Client, then: (given: number) => void = () => undefined): string[] {
  const given: string[] = [];
  peer.subscribe((event) => {
    if (event.type !== 'sent' || event.size < SEGMENT_BYTES / 2) return;
    given.push(event.digest);
    then(given.length);
  });
  return given;
}

/** Gives ten segments away and is gone without a word, as a page that is reloaded. Returns their digests. */
async function brokenOff(ring: TestRing, settings: Settings, source: FileSource): Promise<readonly string[]> {
  const client = await openClientWith(ring, settings, '77', '0a');
  const given = givenBy(client, (count) => {
    if (count === 10) client.peer.goodbye();
  });
  const stored = client.peer.store(source);
  await expect(ring.time.result(stored, 60_000)).rejects.toMatchObject({ code: 'left' });
  return given;
}

async function storedAgain(ring: TestRing, settings: Settings, source: FileSource): Promise<readonly string[]> {
  const client = await openClientWith(ring, settings, '78', '0a');
  const given = givenBy(client);
  const { link } = await ring.time.result(client.peer.store(source), 60_000);
  const reader = await openClientWith(ring, new MemorySettings(), '79', 'd1');
  const fetched = await ring.time.result(reader.peer.retrieve(link), 60_000);
  const blob = await ring.time.result(fetched.blob(), 60_000);
  expect(sha256Of(new Uint8Array(await blob.arrayBuffer()))).toBe(sha256Of(await wholeOf(source)));
  client.peer.goodbye();
  reader.peer.goodbye();
  return given;
}

async function wholeOf(source: FileSource): Promise<Uint8Array> {
  return new Uint8Array(await source.slice(0, source.size).arrayBuffer());
}

describe('P53: a store that was broken off', () => {
  test('sends the rest: what was under way at most goes twice', async () => {
    const ring = await startRing();
    const settings = new MemorySettings();
    const first = await brokenOff(ring, settings, file(BYTES, 5));
    const second = await storedAgain(ring, settings, file(BYTES, 5));
    expect(new Set([...first, ...second]).size).toBe(SEGMENTS);
    expect(first.length + second.length).toBeLessThanOrEqual(SEGMENTS + STORE_PARALLEL);
    // Done, its key is not kept for another one.
    expect([await settings.get('unfinished-stores'), await settings.get('unfinished-store-0')]).toEqual([[], null]);
  });

  test('of which other bytes are given the next time, as old and as long: begins anew, under another key', async () => {
    const ring = await startRing();
    const settings = new MemorySettings();
    const first = await brokenOff(ring, settings, file(BYTES, 5));
    const other = Uint8Array.from(BYTES);
    // In a segment that was sealed, behind one that stays the same.
    other[SEGMENT_BYTES + 5] = 1 + (other[SEGMENT_BYTES + 5] ?? 0);
    const second = await storedAgain(ring, settings, file(other, 5));
    // No block is sealed with the first key at the place of another one: of the two tries only those blocks are alike that hold the same.
    const alike = second.filter((digest) => first.includes(digest));
    expect(alike.length).toBeLessThanOrEqual(STORE_PARALLEL);
    expect(second.length).toBeGreaterThanOrEqual(SEGMENTS);
  });

  test('by its user is given up: the next try knows nothing of it', async () => {
    const ring = await startRing();
    for (const [reason, isKept] of [
      [undefined, false],
      [STOPPED, true],
    ] as const) {
      const settings = new MemorySettings();
      const client = await openClientWith(ring, settings, '77', '0a');
      const controller = new AbortController();
      const first = givenBy(client, (count) => {
        if (count === 10) controller.abort(reason);
      });
      const stored = client.peer.store(file(BYTES, 5), { signal: controller.signal });
      await expect(ring.time.result(stored, 60_000)).rejects.toMatchObject({ code: 'aborted' });
      client.peer.goodbye();
      const second = await storedAgain(ring, settings, file(BYTES, 5));
      expect(second.length < SEGMENTS).toBe(isKept);
      expect(new Set([...first, ...second]).size > SEGMENTS).toBe(!isKept);
    }
  });

  test('is not gone on with if what its key seals cannot be noted: another key is taken at once', async () => {
    const ring = await startRing();
    const settings = new MemorySettings();
    const set = settings.set.bind(settings);
    settings.set = (name, value) =>
      name.startsWith('unfinished-store-0-') ? Promise.reject(new Error('disk full')) : set(name, value);
    await storedAgain(ring, settings, file(BYTES, 5));
    expect(await settings.get('unfinished-store-0')).toBeNull();
  });
});

test('P53: a journal says of each place what was sealed there first, also to the next life', async () => {
  const places = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(places, fc.integer({ min: 0, max: 60 }), async (indices, cut) => {
      const settings = new MemorySettings();
      const before = await JournalPages.open(settings, 'j');
      // As a store does: in order, some at once.
      const noted = indices.slice(0, cut).toSorted((a, b) => a - b);
      expect(await Promise.all(noted.map((index) => before.agrees(index, digestOf(index))))).not.toContain(false);
      const after = await JournalPages.open(settings, 'j');
      expect(after.fileKey).toBe(before.fileKey);
      for (const index of noted) expect(await after.agrees(index, digestOf(index + 1))).toBe(false);
      for (const index of indices) expect(await after.agrees(index, digestOf(index))).toBe(true);
      await after.forget();
      const fresh = await JournalPages.open(settings, 'j');
      expect(fresh.fileKey).not.toBe(before.fileKey);
      for (const index of indices) expect(await fresh.agrees(index, digestOf(index + 1))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

describe('journals', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tabring-journals-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const kinds: readonly (readonly [string, () => StoreJournals])[] = [
    ['in the settings of a node', () => new SettingsJournals(new MemorySettings())],
    ['of the command line', () => new FsJournals(() => folder)],
  ];

  test.each(kinds)('%s: two stores of one file at once have not the same key', async (_, make) => {
    const journals = make();
    const first = await journals.open(digestOf(1));
    expect(await journals.open(digestOf(1))).toBeUndefined();
    const other = await journals.open(digestOf(2));
    expect(other?.fileKey).not.toBe(first?.fileKey);
    await first?.agrees(0, digestOf(7));
    await first?.close();
    const again = await journals.open(digestOf(1));
    expect([again?.fileKey, await again?.agrees(0, digestOf(8))]).toEqual([first?.fileKey, false]);
    await again?.end();
    expect((await journals.open(digestOf(1)))?.fileKey).not.toBe(first?.fileKey);
  });

  test('in the settings are a few: the oldest that nobody uses gives way', async () => {
    const journals = new SettingsJournals(new MemorySettings());
    const used = await journals.open(digestOf(0));
    const oldest = await journals.open(digestOf(1));
    await oldest?.close();
    for (let number = 2; number < 9; number += 1) await (await journals.open(digestOf(number)))?.close();
    expect((await journals.open(digestOf(1)))?.fileKey).not.toBe(oldest?.fileKey);
    await used?.close();
    expect((await journals.open(digestOf(0)))?.fileKey).toBe(used?.fileKey);
  });

  test.skipIf(process.platform === 'win32')(
    'of the command line are their user’s alone, and go after a week',
    async () => {
      const journals = new FsJournals(() => join(folder, 'stores'));
      const first = await journals.open(digestOf(1));
      await first?.close();
      const [name = ''] = await readdir(join(folder, 'stores'));
      const path = join(folder, 'stores', name);
      expect((await stat(path)).mode & 0o077).toBe(0);
      expect(await readFile(join(path, 'settings', 'store.json'), 'utf8')).toContain(first?.fileKey);
      const longAgo = Date.now() / 1000 - 8 * 24 * 3600;
      await utimes(path, longAgo, longAgo);
      await (await journals.open(digestOf(2)))?.end();
      expect(await readdir(join(folder, 'stores'))).toEqual([]);
    },
  );
});
