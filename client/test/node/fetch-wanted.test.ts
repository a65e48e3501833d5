// A folder that is fetched to a disk: whole or not at all, going on from what a try before has left, and never beyond its place.

import { writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type FetchWishes, fetchWanted } from '../../src/node/fetch-wanted.ts';
import { PeerError } from '../../src/peer/errors.ts';
import type { FileInFolder } from '../../src/peer/folder-source.ts';
import { STOPPED } from '../../src/peer/parallel.ts';
import type { FileHead } from '../../src/peer/retrieved-file.ts';
import { fileToStore, readFolder } from '../peer/read-folder.ts';

const LINK = '7'.repeat(64);
/** As segments come. */
const CHUNK_BYTES = 1_000;
const SIZE = 20 * 1024 * 1024;

let folder = '';
const made: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-folder-'));
  made.push(folder);
});
afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true }))));

/** A ring that has one folder. */
async function ringOf(files: readonly FileInFolder[], emptyFolders: readonly string[] = [], chunkBytes = CHUNK_BYTES) {
  const ring = await readFolder(files, emptyFolders, chunkBytes);
  const { whole } = ring;
  const peer = {
    retrieve: async () => whole,
    retrieveInto: async (_: string, begin: (head: FileHead) => Promise<unknown>): Promise<FileHead> => {
      await begin(whole);
      return whole;
    },
  };
  return { peer, ring };
}

function wishes(more: Partial<FetchWishes> = {}): FetchWishes {
  return {
    ...{ wanted: join(folder, 'out'), force: false, onHead: () => undefined, onFolder: () => undefined },
    ...more,
  };
}

const text = (...names: readonly string[]): Promise<string> => readFile(join(folder, 'out', ...names), 'utf8');

describe('P57: a fetch of a folder', () => {
  const files = Array.from({ length: 50 }, (_, index) => fileToStore(`d${index % 3}/${index}`, `${index}`.repeat(200)));

  test('that breaks off leaves nothing in its place; the next goes on from its files, and no file is fetched twice', async () => {
    const { peer, ring } = await ringOf(files, ['none']);
    ring.breakAt = 9_500;
    const kept: string[] = [];
    const broken = fetchWanted(peer, LINK, wishes({ onKept: () => kept.push('kept') }));
    await expect(broken).rejects.toThrow('gone');
    expect([kept, (await readdir(folder)).filter((name) => !name.startsWith('.'))]).toEqual([['kept'], []]);
    ring.breakAt = Number.POSITIVE_INFINITY;
    ring.readBytes = 0;
    const before: number[] = [];
    const heads: object[] = [];
    const onFolder: FetchWishes['onFolder'] = (head) => heads.push(head);
    const fetched = await fetchWanted(peer, LINK, wishes({ onGoingOn: (bytes) => before.push(bytes), onFolder }));
    expect(fetched).toMatchObject({ kind: 'folder', place: join(folder, 'out') });
    const fileBytes = files.reduce((sum, { size }) => sum + size, 0);
    expect(heads).toEqual([{ name: 'photos', files: 50, bytes: fileBytes }]);
    const [came = 0] = before;
    expect(came).toBeGreaterThan(8_000);
    expect(ring.readBytes).toBeLessThanOrEqual(fileBytes - came + (ring.bytes.length - fileBytes) + 2 * CHUNK_BYTES);
    for (const { path, size } of files) expect((await stat(join(folder, 'out', path))).size).toBe(size);
    expect(await readdir(join(folder, 'out', 'none'))).toEqual([]);
    expect(await readdir(folder)).toEqual(['out']);
  });

  test('goes on within a large file', async () => {
    const bytes = new Uint8Array(SIZE).map((_, index) => index % 251);
    const { peer, ring } = await ringOf(
      [fileToStore('small', 'small'), fileToStore('large', bytes)],
      [],
      CHUNK_BYTES * 1_000,
    );
    ring.breakAt = SIZE - 1_000;
    await expect(fetchWanted(peer, LINK, wishes())).rejects.toThrow('gone');
    ring.breakAt = Number.POSITIVE_INFINITY;
    ring.readBytes = 0;
    await fetchWanted(peer, LINK, wishes());
    expect(ring.readBytes).toBeLessThan(SIZE / 4);
    expect((await readFile(join(folder, 'out', 'large'))).equals(bytes)).toBe(true);
  });

  test('of which one file cannot be written fails, and says which', async () => {
    const { peer } = await ringOf(files);
    // It is in the way of another one: no list has both.
    const onFolder = (): void => void writeFileSync(join(folder, `.tabring-${LINK}.folder`, 'files'), 'in the way');
    await expect(fetchWanted(peer, LINK, wishes({ onFolder }))).rejects.toThrow(/^cannot write .*out\/d0\/0: /);
    expect(await readdir(folder)).not.toContain('out');
  });

  test('that its user gives up leaves nothing; one that is stopped does', async () => {
    for (const [reason, left] of [
      [undefined, 0],
      [STOPPED, 1],
    ] as const) {
      const { peer } = await ringOf(files);
      const abort = new AbortController();
      const onFile = (done: number): void => {
        if (done === 10) abort.abort(reason);
        if (abort.signal.aborted) throw new PeerError('aborted', 'stopped');
      };
      await expect(fetchWanted(peer, LINK, wishes({ signal: abort.signal, onFile }))).rejects.toThrow('stopped');
      expect((await readdir(folder)).length).toBe(left);
    }
  });
});

describe.skipIf(process.platform === 'win32')('P55: a fetched folder', () => {
  test('writes nothing behind a link in the folder that it is put into', async () => {
    const { peer } = await ringOf([fileToStore('dir/x', 'new'), fileToStore('file', 'new')]);
    await mkdir(join(folder, 'elsewhere'));
    await mkdir(join(folder, 'out'));
    await writeFile(join(folder, 'secret'), 'secret');
    const wish = wishes({ wanted: folder, force: true });
    await mkdir(join(folder, 'photos'));
    await symlink('../elsewhere', join(folder, 'photos', 'dir'));
    await expect(fetchWanted(peer, LINK, wish)).rejects.toThrow('is no folder, and one is needed there');
    expect(await readdir(join(folder, 'elsewhere'))).toEqual([]);
    await rm(join(folder, 'photos', 'dir'));
    await symlink('../secret', join(folder, 'photos', 'file'));
    await fetchWanted(peer, LINK, wish);
    expect(await readFile(join(folder, 'secret'), 'utf8')).toBe('secret');
    await expect(readlink(join(folder, 'photos', 'file'))).rejects.toThrow('EINVAL');
    expect(await readFile(join(folder, 'photos', 'file'), 'utf8')).toBe('new');
    expect((await readdir(join(folder, 'photos'))).toSorted()).toEqual(['dir', 'file']);
  });

  test('is gathered where nobody else can enter, or not at all', async () => {
    const { peer } = await ringOf([fileToStore('a', 'a')]);
    const place = join(folder, `.tabring-${LINK}.folder`);
    await mkdir(place);
    await chmod(place, 0o777);
    await expect(fetchWanted(peer, LINK, wishes())).rejects.toThrow("is not this user's alone");
    await rm(place, { recursive: true });
    await symlink(tmpdir(), place);
    await expect(fetchWanted(peer, LINK, wishes())).rejects.toThrow("is not this user's alone");
    await rm(place);
    await fetchWanted(peer, LINK, wishes());
    expect([await text('a'), (await stat(join(folder, 'out'))).mode & 0o777]).toEqual(['a', 0o777 & ~process.umask()]);
  });

  test('with paths that lead out of it is refused before anything is written', async () => {
    const { peer, ring } = await ringOf([fileToStore('aaaaaaaaa', 'x')]);
    const at = Buffer.from(ring.bytes).indexOf('aaaaaaaaa');
    ring.bytes.set(new TextEncoder().encode('../../etc'), at);
    await expect(fetchWanted(peer, LINK, wishes())).rejects.toThrow('a path of it leads out of the folder');
    expect(await readdir(folder)).toEqual([]);
  });

  test('replaces no file that is no folder, and no folder unasked', async () => {
    const { peer } = await ringOf([fileToStore('a', 'a')]);
    await writeFile(join(folder, 'out'), 'mine');
    await expect(fetchWanted(peer, LINK, wishes({ force: true }))).rejects.toThrow('is no folder');
    await rm(join(folder, 'out'));
    await mkdir(join(folder, 'photos'));
    await expect(fetchWanted(peer, LINK, wishes({ wanted: folder }))).rejects.toThrow('exists already');
    expect((await readdir(folder)).toSorted()).toEqual(['photos']);
  });
});
