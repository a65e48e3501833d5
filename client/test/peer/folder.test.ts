// A folder as one file: what is stored is read again, whole or in parts, without more of it being fetched than that needs; and its
// holders see none of its names and sizes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import type { FileSource } from '../../src/peer/api.ts';
import { entryAt, fileIn, openFolder, readFiles } from '../../src/peer/folder-reader.ts';
import { type FileInFolder, folderSource } from '../../src/peer/folder-source.ts';
import type { BlockSource } from '../../src/peer/local-blocks.ts';
import type { LeasedBlock, StoredBlock } from '../../src/peer/requests.ts';
import { retrieveFile } from '../../src/peer/retrieve-file.ts';
import type { RetrievedFile } from '../../src/peer/retrieved-file.ts';
import { storeFile } from '../../src/peer/store-file.ts';
import { parseFileKey } from '../../src/vault/file-key.ts';
import { type FileSeal, publicSeal } from '../../src/vault/file-seal.ts';
import { privateSeal } from '../../src/vault/private-seal.ts';
import { MAX_MANIFEST_BYTES } from '../../src/wire/limits.ts';
import { CountedRequests, storeBooks } from './counted-requests.ts';
import { idOf } from './ids.ts';
import { sha256, someBytes } from './transfer-node.ts';

const SEGMENT_BYTES = 10_000;
const KEY = parseFileKey('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8');

function fileOf(path: string, bytes: Uint8Array, more: Partial<FileInFolder> = {}): FileInFolder {
  const read = async (start: number, end: number): Promise<Uint8Array> => bytes.subarray(start, end);
  return { path, size: bytes.length, type: '', modified: 1_700_000_000_123, isExecutable: false, read, ...more };
}

/** Takes what is stored, at once. */
class TakingRequests extends CountedRequests {
  override async store({ block }: LeasedBlock, source: BlockSource): Promise<StoredBlock> {
    this.bytesByDigest.set(block.digest, await source());
    const root = idOf('0a', 32);
    return { type: 'stored', request: 1, root, route: [root], holders: [root], complete: true, block };
  }
}

async function sealOf(isPrivate: boolean): Promise<FileSeal> {
  if (KEY === undefined) throw new Error('no key');
  return isPrivate ? privateSeal(KEY, MAX_MANIFEST_BYTES) : publicSeal;
}

interface StoredFolder {
  readonly requests: TakingRequests;
  readonly whole: RetrievedFile;
}

async function stored(source: FileSource, seal: FileSeal = publicSeal, bytes = SEGMENT_BYTES): Promise<StoredFolder> {
  const requests = new TakingRequests([]);
  const deadlines = { after: () => undefined, cancel: () => undefined };
  const params = { ...DEFAULT_RING_PARAMS, segmentBytes: bytes + seal.overheadBytes };
  const parts = { requests, sha256, params, deadlines };
  const { fileId } = await storeFile(parts, source, seal, {}, await storeBooks(requests));
  return { requests, whole: await retrieveFile(parts, fileId, seal, {}) };
}

async function allOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk.slice());
  return Buffer.concat(all);
}

/** As text, by path. */
async function readBack(whole: RetrievedFile): Promise<ReadonlyMap<string, string>> {
  const { entries } = await openFolder(whole);
  const textByPath = new Map<string, string>();
  const files = entries.filter((entry) => entry.kind === 'file');
  for await (const { file, bytes } of readFiles(whole, files)) {
    textByPath.set(file.path, (await allOf(bytes)).toString('latin1'));
  }
  return textByPath;
}

describe('P54: a folder', () => {
  test('is read as it was stored, public and private, whatever its files’ sizes', async () => {
    const sizes = fc.array(fc.oneof(fc.nat(300), fc.nat(4_000)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 200, max: 3_000 }), fc.boolean(), async (sizes, bytes, isPrivate) => {
        const files = sizes.map((size, index) => fileOf(`d${index % 4}/f${index}`, someBytes(size, index)));
        const { whole } = await stored(folderSource('folder', files), await sealOf(isPrivate), bytes);
        const expected = sizes.map((size, index) => Buffer.from(someBytes(size, index)).toString('latin1'));
        expect([...(await readBack(whole)).values()]).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('of 1,000 small files takes as few blocks as their bytes, and one of them no more than its own', async () => {
    const files = Array.from({ length: 1_000 }, (_, index) => fileOf(`d/${index}.txt`, someBytes(500, index)));
    const { requests, whole } = await stored(folderSource('many', files), await sealOf(true));
    const blocks = requests.bytesByDigest.size;
    expect(blocks).toBe(1 + Math.ceil(whole.size / SEGMENT_BYTES));
    const listBlocks = Math.ceil((whole.folder?.listBytes ?? 0) / SEGMENT_BYTES) + 1;
    requests.fetched = 0;
    const folder = await openFolder(whole);
    expect([folder.entries.length, requests.fetched <= listBlocks + 1]).toEqual([1_000, true]);
    for (const index of [0, 417, 999]) {
      requests.fetched = 0;
      const found = entryAt(folder, `d/${index}.txt`);
      if (!('offset' in found)) throw new Error('no file');
      const single = fileIn(whole, found);
      expect([single.name, single.size]).toEqual([`${index}.txt`, 500]);
      expect((await allOf(single.stream())).equals(someBytes(500, index))).toBe(true);
      // It may reach from one segment into the next.
      expect(requests.fetched).toBeLessThanOrEqual(2);
    }
    requests.fetched = 0;
    expect((await readBack(whole)).size).toBe(1_000);
    // All, and those once more that the list shares with files.
    expect(requests.fetched).toBeLessThanOrEqual(blocks + listBlocks + 1);
  });

  test('of 64 KiB in all is one block', async () => {
    const { requests, whole } = await stored(
      folderSource('small', [fileOf('a', someBytes(1_000, 1))]),
      publicSeal,
      100_000,
    );
    expect([requests.bytesByDigest.size, (await readBack(whole)).size]).toEqual([1, 1]);
  });

  test('keeps times, types, what may be run, and empty folders', async () => {
    const files = [
      fileOf('run.sh', someBytes(10, 1), { isExecutable: true, type: 'text/x-sh' }),
      fileOf('.hidden/empty', new Uint8Array(0), { modified: undefined }),
    ];
    const { whole } = await stored(folderSource('odds', files, ['none', 'none/deeper']));
    const { name, entries } = await openFolder(whole);
    expect(name).toBe('odds');
    expect(entries).toEqual([
      ...[{ kind: 'file', path: 'run.sh', size: 10, offset: 0, type: 'text/x-sh', modified: 1_700_000_000_123 }].map(
        (entry) => ({ ...entry, isExecutable: true }),
      ),
      { kind: 'file', path: '.hidden/empty', size: 0, offset: 10, type: '', modified: undefined, isExecutable: false },
      { kind: 'folder', path: 'none' },
      { kind: 'folder', path: 'none/deeper' },
    ]);
  });

  test('is opened at a path: a file, or a folder in it', async () => {
    const files = ['a', 'b/c', 'b/d/e', 'bb'].map((path) => fileOf(path, someBytes(3, 1)));
    const { whole } = await stored(folderSource('top', files, ['b/none']));
    const folder = await openFolder(whole);
    expect(entryAt(folder, './b/c')).toMatchObject({ kind: 'file', path: 'b/c', offset: 3 });
    const file = entryAt(folder, 'a');
    if (!('offset' in file)) throw new Error('no file');
    const below = entryAt(folder, 'b/');
    if (!('entries' in below)) throw new Error('no folder');
    expect([below.name, below.entries.map(({ path }) => path)]).toEqual(['b', ['c', 'd/e', 'none']]);
    expect(() => entryAt(folder, 'B')).toThrow('nothing called "B"');
    await expect(openFolder(fileIn(whole, file))).rejects.toThrow('is a file and no folder');
  });
});

describe('P54: what cannot be read of a folder', () => {
  const broken = (path: string, size: number, fromByte: number): FileInFolder => ({
    ...fileOf(path, someBytes(size, 9)),
    read: async (start, end) => {
      if (end > fromByte) throw new Error('it was written to');
      return someBytes(size, 9).subarray(start, end);
    },
  });

  test.each([0, 15_000])('is left out, and the rest is stored (from byte %i on)', async (fromByte) => {
    const files = [fileOf('a', someBytes(7_000, 1)), broken('b', 30_000, fromByte), fileOf('c', someBytes(9, 2))];
    const source = folderSource('partly', files);
    const { whole } = await stored(source);
    expect(source.leftOut).toEqual([{ path: 'b', why: 'it was written to' }]);
    expect([source.files, whole.folder?.files]).toEqual([3, 2]);
    const textByPath = await readBack(whole);
    expect([...textByPath.keys()]).toEqual(['a', 'c']);
    expect(textByPath.get('c')).toBe(Buffer.from(someBytes(9, 2)).toString('latin1'));
  });

  test('tells programs what is in it, each to be read as if it had been stored alone', async () => {
    const files = [fileOf('run.sh', someBytes(10, 1), { type: 'text/x-sh' }), fileOf('d/b.txt', someBytes(5_000, 2))];
    const { whole } = await stored(folderSource('folder', files, ['empty']), await sealOf(true));
    const items = (await whole.entries?.()) ?? [];
    expect(items.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['file run.sh', 'file d/b.txt', 'folder empty']);
    const [, second] = items;
    if (second?.kind !== 'file') throw new Error('no file');
    expect([second.name, second.size]).toEqual(['b.txt', 5_000]);
    expect((await allOf(second.stream())).equals(someBytes(5_000, 2))).toBe(true);
    expect(Buffer.from(await (await second.blob()).arrayBuffer()).equals(someBytes(5_000, 2))).toBe(true);
    const { whole: single } = await stored(new File(['a'], 'a.txt'));
    expect(single.entries).toBeUndefined();
  });

  test('leaves out what has no path, and renames what clashes', async () => {
    const files = ['../up', 'e\u0301', 'é', 'aux', 'a\\b'].map((path) => fileOf(path, someBytes(1, 1)));
    const source = folderSource('odd', files);
    expect(source.leftOut).toEqual([{ path: '../up', why: 'its path is too long, or leads nowhere' }]);
    expect(source.renamed).toEqual([
      { path: 'é', as: 'é (2)' },
      { path: 'aux', as: '_aux' },
      { path: 'a\\b', as: 'a_b' },
    ]);
    const { whole } = await stored(source);
    expect([...(await readBack(whole)).keys()]).toEqual(['é', 'é (2)', '_aux', 'a_b']);
  });
});

test('P56: holders of a private folder see no name, and folders of nearly one size as one', async () => {
  const secret = await sealOf(true);
  const nameInBlocks = async (seal: FileSeal): Promise<boolean> => {
    const files = [fileOf('tell-tale.txt', someBytes(80_000, 1))];
    const { requests } = await stored(folderSource('folder', files), seal);
    return [...requests.bytesByDigest.values()].some((bytes) => Buffer.from(bytes).includes('tell-tale'));
  };
  expect([await nameInBlocks(publicSeal), await nameInBlocks(secret)]).toEqual([true, false]);
  const sizes = new Set<string>();
  for (const bytes of [99_000, 99_700]) {
    for (const path of ['a', 'a-much-longer-name.txt']) {
      const { requests } = await stored(folderSource('folder', [fileOf(path, someBytes(bytes, 1))]), secret);
      sizes.add([...requests.bytesByDigest.values()].map(({ length }) => length).join());
    }
  }
  expect(sizes.size).toBe(1);
});
