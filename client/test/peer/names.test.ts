// Public files: found by name, all of one name side by side, hostile records kept out. Real peers under virtual time.

import { describe, expect, it } from 'vitest';
import { MAX_RECORD_BYTES, MAX_RECORDS_OF_STORER } from '../../src/core/past/block.ts';
import { closestId } from '../../src/core/pastry/id.ts';
import { Counters } from '../../src/peer/counters.ts';
import { folderSource } from '../../src/peer/folder-source.ts';
import { FIND_RECORDS_MS, MAX_NAME_CHARACTERS } from '../../src/peer/limits.ts';
import { LocalBlocks } from '../../src/peer/local-blocks.ts';
import { isClassroomRing, nameKey, plainName } from '../../src/peer/name-key.ts';
import { decodeRecord, encodeRecord, type NameRecord } from '../../src/peer/name-record.ts';
import { MemoryBlockStore } from '../../src/stores/memory-block-store.ts';
import { id } from './ids.ts';
import { digestOfBlob, fileOf, TestRing } from './ring.ts';
import { sha256, sha256Of, someBytes } from './transfer-node.ts';

const NAMES = ['0a', '1b', '3c', '5d', '7e', '9f', 'b0', 'd1'];
const HOUR_MS = 3_600_000;
const RECORD: NameRecord = { name: 'a.txt', type: 'text/plain', size: 3, fileId: 'ab'.repeat(32), storedAt: 1_000 };

describe('the key of a name', () => {
  it.each([
    ['test.png', '46cd'],
    ['file.txt', '82fe'],
    ['naïve.txt', 'cf4d'],
    ['😀.png', '3f1e'],
    ['', '0000'],
    ['some/folder/test.png', '46cd'],
    ['C:\\pictures\\test.png', '46cd'],
  ])('of %j is the course’s %s in a classroom ring', async (name, key) => {
    expect(await nameKey(name, 4, sha256)).toBe(key);
  });

  it('is the same however its letters are put together, and another in another ring', async () => {
    expect(await nameKey('nai\u0308ve.txt', 4, sha256)).toBe('cf4d');
    const long = await nameKey('naïve.txt', 32, sha256);
    expect(long).toMatch(/^[0-9a-f]{32}$/);
    expect(await nameKey('x/nai\u0308ve.txt', 32, sha256)).toBe(long);
    expect(await nameKey('naïve.txt', 8, sha256)).toBe(long.slice(0, 8));
    expect(await nameKey('naive.txt', 32, sha256)).not.toBe(long);
    expect([isClassroomRing({ digits: 4 }), isClassroomRing({ digits: 32 })]).toEqual([true, false]);
  });
});

describe('a name record', () => {
  const decode = (bytes: Uint8Array, key = 'a.txt') =>
    nameKey(key, 32, sha256).then((place) => decodeRecord(place, bytes, sha256));
  const decodeJson = (json: unknown) => decode(new TextEncoder().encode(JSON.stringify(json)));
  const good = { version: 1, ...RECORD, salt: 0 };

  it('comes back as it was, at the key of its name', async () => {
    const { block, bytes } = await encodeRecord(RECORD, 32, sha256);
    expect(block).toEqual({ key: await nameKey('a.txt', 32, sha256), digest: sha256Of(bytes), size: bytes.length });
    expect(await decode(bytes)).toEqual(RECORD);
    expect(await decodeJson(good)).toEqual(RECORD);
  });

  it('never has a digest that begins with its key, so that it is known as a record', async () => {
    for (let size = 0; size < 40; size += 1) {
      const { block, bytes } = await encodeRecord({ ...RECORD, size }, 1, sha256);
      expect(block.digest.startsWith(block.key)).toBe(false);
      expect(await decodeRecord(block.key, bytes, sha256)).toMatchObject({ size });
    }
  });

  it.each([
    ['of another name', { ...good, name: 'b.txt' }],
    ['of a name with a folder', { ...good, name: 'x/a.txt' }],
    ['without a name', { ...good, name: '' }],
    ['of too long a name', { ...good, name: 'x'.repeat(MAX_NAME_CHARACTERS + 1) }],
    ['of another version', { ...good, version: 2 }],
    ['of no file', { ...good, fileId: 'x' }],
    ['of a date that is none', { ...good, storedAt: 1e300 }],
    ['of a negative size', { ...good, size: -1 }],
    ['with a field too many', { ...good, extra: 1 }],
    ['that is a list', [good]],
  ])('%s is none', async (_, json) => {
    expect(await decodeJson(json)).toBe(undefined);
  });

  it('that is no JSON, no UTF-8 or too long is none', async () => {
    expect(await decode(new TextEncoder().encode('{'))).toBe(undefined);
    expect(await decode(Uint8Array.of(0xff, 0xfe))).toBe(undefined);
    expect(await decode(new Uint8Array(MAX_RECORD_BYTES + 1))).toBe(undefined);
  });

  it('with the longest name of the worst characters keeps its bound', async () => {
    const { bytes } = await encodeRecord({ ...RECORD, name: '\u0001'.repeat(MAX_NAME_CHARACTERS) }, 32, sha256);
    expect(bytes.length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
    await expect(encodeRecord({ ...RECORD, name: 'x'.repeat(MAX_NAME_CHARACTERS + 1) }, 32, sha256)).rejects.toThrow(
      'rename',
    );
    await expect(encodeRecord({ ...RECORD, name: 'folder/' }, 32, sha256)).rejects.toMatchObject({ code: 'bad-name' });
    expect(plainName('a/b\\c')).toBe('c');
  });

  it('is kept on a disk only if it is one', async () => {
    const store = new MemoryBlockStore();
    const counters = new Counters();
    const blocks = new LocalBlocks({ suspect: () => undefined, store, sha256, counters, dispatch: () => undefined });
    const { block, bytes } = await encodeRecord(RECORD, 32, sha256);
    const other = await encodeRecord({ ...RECORD, name: 'b' }, 32, sha256);
    expect(await blocks.keep({ ...other.block, key: block.key }, other.bytes)).toBe('malformed');
    expect(await blocks.keep({ ...block, digest: 'ff'.repeat(32) }, someBytes(100, 1))).toBe('malformed');
    expect(await store.list()).toEqual([]);
    expect(await blocks.keep(block, bytes)).toBe('kept');
    expect(counters.snapshot([])).toEqual({ 'malformed name records': 2 });
  });
});

describe('public files', () => {
  async function ringOf(params = {}): Promise<TestRing> {
    const ring = new TestRing(params);
    await ring.open(...NAMES);
    return ring;
  }

  it('of one name are listed newest first, and neither replaces the other', async () => {
    const ring = await ringOf();
    const { peer } = ring.node('3c');
    const [older, newer] = [someBytes(10, 1), someBytes(100_000, 2)];
    const first = await ring.time.result(peer.store(fileOf('report.pdf', older), { isPublic: true }), 60_000);
    await ring.time.pass(5_000);
    const second = await ring.time.result(peer.store(fileOf('report.pdf', newer), { isPublic: true }), 60_000);
    await ring.time.pass(5_000);
    const again = ring.node('9f').peer.store(fileOf('report.pdf', older), { isPublic: true });
    expect((await ring.time.result(again, 60_000)).fileId).toBe(first.fileId);
    const key = await peer.keyOfName('report.pdf');
    expect(first.listedAt).toMatchObject({ key, root: closestId(key, NAMES.map(id)) });

    const reader = ring.node('d1').peer;
    const found = await ring.time.result(reader.find('docs/report.pdf'), 30_000);
    expect(found).toMatchObject({ name: 'report.pdf', key, root: first.listedAt?.root });
    // Stored again, the first one is the newest.
    expect(found.files.map(({ fileId, size }) => [fileId, size])).toEqual([
      [first.fileId, 10],
      [second.fileId, 100_000],
    ]);
    expect(found.files[0]?.storedAt).toBeGreaterThan(found.files[1]?.storedAt ?? Number.POSITIVE_INFINITY);
    for (const [bytes, file] of [
      [older, found.files[0]],
      [newer, found.files[1]],
    ] as const) {
      const fetched = await ring.time.result(reader.retrieve(file?.link ?? ''), 60_000);
      expect(await digestOfBlob(await ring.time.result(fetched.blob(), 120_000))).toBe(sha256Of(bytes));
    }
  });

  it('are an explicit choice, but for a classroom ring', async () => {
    const ring = await ringOf();
    const { peer } = ring.node('3c');
    const secret = await ring.time.result(peer.store(fileOf('secret', someBytes(10, 1))), 60_000);
    expect(secret.listedAt).toBe(undefined);
    expect((await ring.time.result(peer.find('secret'), 30_000)).files).toEqual([]);

    const classroom = new TestRing({ digits: 4, leafSetSize: 2 });
    await classroom.open('1804');
    const node = classroom.node('1804');
    const stored = await classroom.time.result(node.peer.store(fileOf('test.png', someBytes(10, 1))), 60_000);
    expect(stored.listedAt?.key).toBe('46cd');
    const hidden = node.peer.store(fileOf('file.txt', someBytes(10, 2)), { isPublic: false });
    expect((await classroom.time.result(hidden, 60_000)).listedAt).toBe(undefined);
  });

  it('are told apart where names share a key', async () => {
    const classroom = new TestRing({ digits: 4, leafSetSize: 2 });
    await classroom.open('1804');
    const { peer } = classroom.node('1804');
    // As every student of hashing learns.
    expect(await peer.keyOfName('Aa')).toBe(await peer.keyOfName('BB'));
    for (const name of ['Aa', 'BB']) {
      await classroom.time.result(peer.store(fileOf(name, new TextEncoder().encode(name))), 60_000);
    }
    const found = await classroom.time.result(peer.find('BB'), 30_000);
    expect(found.files.map(({ name }) => name)).toEqual(['BB']);
  });

  it('and own files tell of a folder the bytes of its files, as does who opens it', async () => {
    const ring = await ringOf();
    const { peer } = ring.node('3c');
    const bytes = someBytes(3_900, 1);
    const read = async (start: number, end: number): Promise<Uint8Array> => bytes.subarray(start, end);
    const folder = folderSource(
      'photos',
      Array.from({ length: 400 }, (_, index) => ({
        ...{ path: `${index}.jpg`, size: bytes.length, type: '', modified: undefined, isExecutable: false, read },
      })),
    );
    const stored = await ring.time.result(peer.store(folder, { isPublic: true }), 60_000);
    const opened = await ring.time.result(ring.node('9f').peer.retrieve(stored.link), 30_000);
    const found = await ring.time.result(ring.node('9f').peer.find('photos'), 30_000);
    const told = [peer.listFiles().own[0]?.size, found.files[0]?.size, opened.folder?.listAt];
    expect(told).toEqual([400 * 3_900, 400 * 3_900, 400 * 3_900]);
    expect(opened.size).toBeGreaterThan(400 * 3_900);
  });

  it('outlive their storer and the root of their name', async () => {
    const ring = await ringOf();
    const { peer } = ring.node('3c');
    const stored = await ring.time.result(peer.store(fileOf('kept', someBytes(10, 1)), { isPublic: true }), 60_000);
    const root = NAMES.find((name) => id(name) === stored.listedAt?.root) ?? '';
    await ring.time.until(() => peer.listFiles().own[0]?.copies === 3, 60_000);
    for (const name of new Set(['3c', root])) ring.kill(name);
    await ring.time.pass(60_000);
    const reader = NAMES.find((name) => name !== '3c' && name !== root) ?? '';
    const found = await ring.time.result(ring.node(reader).peer.find('kept'), 30_000);
    expect(found.files.map(({ fileId }) => fileId)).toEqual([stored.fileId]);
  });

  /** A ring of one that holds these records. */
  async function holderOf(records: readonly NameRecord[]): Promise<TestRing> {
    const before = new TestRing();
    await before.open('0a');
    const node = before.node('0a');
    for (const record of records) {
      const { block, bytes } = await encodeRecord(record, 32, sha256);
      await node.store.put(block, bytes);
    }
    const ring = new TestRing();
    ring.nodes.set('0a', node);
    // By then it is two hours after 1970.
    await ring.time.pass(2 * HOUR_MS);
    await ring.open('0a');
    return ring;
  }

  it('of a time to come have none, and stand last; a clock some minutes ahead is now', async () => {
    const fileIdOf = (digits: string): string => digits.repeat(32);
    const ring = await holderOf([
      { ...RECORD, fileId: fileIdOf('aa'), storedAt: 8e15 },
      { ...RECORD, fileId: fileIdOf('bb'), storedAt: HOUR_MS },
      { ...RECORD, fileId: fileIdOf('cc'), storedAt: 2 * HOUR_MS + 9 * 60_000 },
      { ...RECORD, fileId: fileIdOf('dd'), storedAt: 2 * HOUR_MS + 12 * 60_000 },
      // Stored twice: the time that is known counts.
      { ...RECORD, fileId: fileIdOf('bb'), storedAt: 8e15 },
    ]);
    const found = await ring.time.result(ring.node('0a').peer.find('a.txt'), 30_000);
    const times = found.files.map(({ fileId, storedAt }) => [fileId.slice(0, 2), storedAt]);
    expect(times.slice(1)).toEqual([
      ['bb', HOUR_MS],
      ['aa', undefined],
      ['dd', undefined],
    ]);
    expect(times[0]?.[0]).toBe('cc');
    expect(found.files[0]?.storedAt).toBeLessThanOrEqual(ring.time.now);
    expect(found.missing).toBe(0);
  });

  it('that are nowhere do not keep a find from what there is', async () => {
    const real = { ...RECORD, fileId: 'cd'.repeat(32) };
    const invented = Array.from({ length: 60 }, (_, size) => ({ ...RECORD, size }));
    const ring = await holderOf([...invented, real]);
    for (const record of invented) {
      const { block } = await encodeRecord(record, 32, sha256);
      await ring.node('0a').store.delete(block.digest);
    }
    await ring.open('5d');
    const startedAt = ring.time.now;
    const found = await ring.time.result(ring.node('5d').peer.find('a.txt'), 60_000);
    expect(ring.time.now - startedAt).toBeLessThanOrEqual(FIND_RECORDS_MS + 1_000);
    expect(found.files.map(({ fileId }) => fileId)).toEqual([real.fileId]);
    expect(found.missing).toBe(60);
  });

  it('too many of one name are refused, and the storer hears why and where the file is', async () => {
    const ring = new TestRing();
    await ring.open('0a');
    const { peer } = ring.node('0a');
    const store = (number: number) => peer.store(fileOf('x', someBytes(number + 1, 3)), { isPublic: true });
    for (let number = 0; number < MAX_RECORDS_OF_STORER; number += 1) await ring.time.result(store(number), 60_000);
    const refused = store(MAX_RECORDS_OF_STORER).catch((error: unknown) => error);
    const error = await ring.time.result(refused, 60_000);
    expect(error).toMatchObject({
      code: 'bad-name',
      message: expect.stringMatching(/stored as [0-9a-f]{64}.*8 files/),
    });
    expect((await ring.time.result(peer.find('x'), 30_000)).files).toHaveLength(MAX_RECORDS_OF_STORER);
  });

  it('with names that cannot be, and finds that cannot end, are told', async () => {
    const ring = await ringOf();
    const { peer } = ring.node('3c');
    for (const name of ['', 'folder/', 'x'.repeat(MAX_NAME_CHARACTERS + 1)]) {
      await expect(peer.find(name)).rejects.toMatchObject({ code: 'bad-name' });
      await expect(peer.store(fileOf(name, someBytes(1, 1)), { isPublic: true })).rejects.toMatchObject({
        code: 'bad-name',
      });
    }
    await expect(peer.find('a', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    peer.goodbye();
    await expect(peer.find('a')).rejects.toMatchObject({ code: 'left' });
  });
});
