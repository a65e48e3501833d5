// The stores on a file system: their contracts, then quota, full disks, leftovers of killed processes, and the lock.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PeerError } from '../../src/peer/errors.ts';
import { FsBlockStore } from '../../src/stores/fs-block-store.ts';
import { openFsDirectory } from '../../src/stores/fs-directory.ts';
import { writeWhole } from '../../src/stores/fs-files.ts';
import { FsKeyStore } from '../../src/stores/fs-key-store.ts';
import { FsOwnedFiles, readOwnedFiles } from '../../src/stores/fs-owned-files.ts';
import { FsSettings } from '../../src/stores/fs-settings.ts';
import { keySuite } from '../../src/trust/key-suite.ts';
import { blockRef, describeBlockStore } from '../contracts/block-store.ts';
import { describeKeyStore } from '../contracts/key-store.ts';
import { describeSettings } from '../contracts/settings.ts';

let top: string;
let directories = 0;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'tabring-fs-'));
});
afterAll(() => rm(top, { recursive: true }));

function newDirectory(): string {
  directories += 1;
  return join(top, String(directories));
}

function lastDirectory(): string {
  return join(top, String(directories));
}

describeBlockStore('FsBlockStore', {
  open: () => FsBlockStore.open(newDirectory()),
  reopen: async (store) => {
    await store.close();
    return FsBlockStore.open(lastDirectory());
  },
});
describeSettings('FsSettings', {
  open: () => FsSettings.open(newDirectory()),
  reopen: () => FsSettings.open(lastDirectory()),
});
describeKeyStore('FsKeyStore', {
  open: () => FsKeyStore.open(newDirectory()),
  reopen: () => FsKeyStore.open(lastDirectory()),
  kinds: ['raw'],
});

/** Names of whole blocks. */
async function blockFilesIn(directory: string): Promise<string[]> {
  return (await readdir(join(directory, 'blocks'))).filter((name) => /^[0-9a-f]{64}-/.test(name));
}

describe('P41: a directory that is cleared or removed', () => {
  test.each([['blocks'], ['.']])('%s: it says so once, and goes on', async (removed) => {
    const directory = newDirectory();
    const store = await FsBlockStore.open(directory);
    await store.put(blockRef(1, 10), new Uint8Array(10));
    expect(await store.check()).toBe('intact');
    await rm(join(directory, removed), { recursive: true });
    expect(await store.check()).toBe('replaced');
    expect([await store.list(), store.usedBytes]).toEqual([[], 0]);
    expect(await store.check()).toBe('intact');
    await store.put(blockRef(2, 10), new Uint8Array(10));
    expect(await blockFilesIn(directory)).toHaveLength(1);
  });

  test('what is still there counts', async () => {
    const directory = newDirectory();
    const store = await FsBlockStore.open(directory);
    await store.put(blockRef(1, 10), new Uint8Array(10));
    await store.put(blockRef(2, 20), new Uint8Array(20));
    await rm(join(directory, 'blocks', 'canary'));
    const [first = ''] = (await blockFilesIn(directory)).sort();
    await rm(join(directory, 'blocks', first));
    expect(await store.check()).toBe('replaced');
    expect([await store.list(), store.usedBytes]).toEqual([[blockRef(2, 20)], 20]);
  });

  test.skipIf(process.platform === 'win32')('one that nobody can make anew is told', async () => {
    const directory = newDirectory();
    const store = await FsBlockStore.open(directory);
    await rm(directory, { recursive: true });
    await writeFile(directory, 'in the way');
    await expect(store.check()).rejects.toMatchObject({ code: 'storage' });
  });
});

describe('keys', () => {
  test.skipIf(process.platform === 'win32')('are nobody’s but their user’s to read', async () => {
    const directory = newDirectory();
    const store = await FsKeyStore.open(directory);
    const { stored } = await (await keySuite()).create('raw');
    // Another process was killed while it wrote.
    await writeFile(join(directory, 'keys', 'identity-1.json.new'), 'half', { mode: 0o644 });
    await store.set('identity-1', stored);
    expect((await stat(join(directory, 'keys'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'keys', 'identity-1.json'))).mode & 0o777).toBe(0o600);
  });

  test('that a killed process was writing are removed, and damaged ones are none', async () => {
    const directory = newDirectory();
    await FsKeyStore.open(directory);
    await writeFile(join(directory, 'keys', 'identity-1.json.new'), 'secret');
    await writeFile(join(directory, 'keys', 'identity-2.json'), '{"kind":"raw","sign":"x');
    const store = await FsKeyStore.open(directory);
    expect(await readdir(join(directory, 'keys'))).toEqual(['identity-2.json']);
    expect(await store.get('identity-2')).toBe(undefined);
  });

  test.each(['../other', 'A', '', '.'])('have no names that are paths: %j', async (name) => {
    const store = await FsKeyStore.open(newDirectory());
    await expect(store.get(name)).rejects.toThrow('names no identity');
  });
});

describe('without room', () => {
  test('a put beyond the quota is refused with code full, also of many at once, and leaves nothing behind', async () => {
    const directory = newDirectory();
    const store = await FsBlockStore.open(directory, { quotaBytes: 100 });
    const puts = [1, 2, 3, 4].map((number) => store.put(blockRef(number, 40), new Uint8Array(40)));
    const refused = (await Promise.allSettled(puts)).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ reason: { name: 'PeerError', code: 'full' } });
    expect(await blockFilesIn(directory)).toHaveLength(2);
    expect(await readdir(join(directory, 'incoming'))).toEqual([]);
  });

  test('a block that is there may be put again, and a deleted one makes room', async () => {
    const store = await FsBlockStore.open(newDirectory(), { quotaBytes: 100 });
    await store.put(blockRef(1, 100), new Uint8Array(100));
    await store.put(blockRef(1, 100), new Uint8Array(100));
    await store.delete(blockRef(1, 100).digest);
    await store.put(blockRef(2, 100), new Uint8Array(100));
    expect(await store.list()).toEqual([blockRef(2, 100)]);
  });

  test('what was there before counts', async () => {
    const directory = newDirectory();
    const before = await FsBlockStore.open(directory);
    await before.put(blockRef(1, 60), new Uint8Array(60));
    await before.close();
    const store = await FsBlockStore.open(directory, { quotaBytes: 100 });
    await expect(store.put(blockRef(2, 60), new Uint8Array(60))).rejects.toMatchObject({ code: 'full' });
  });

  test.each(['ENOSPC', 'EDQUOT'])(
    'a full disk is told with code full, and there is room again after it: %s',
    async (code) => {
      let isFull = true;
      const store = await FsBlockStore.open(newDirectory(), {
        quotaBytes: 10,
        write: (...whole) => (isFull ? Promise.reject(Object.assign(new Error(code), { code })) : writeWhole(...whole)),
      });
      await expect(store.put(blockRef(1, 10), new Uint8Array(10))).rejects.toMatchObject({ code: 'full' });
      expect(await store.list()).toEqual([]);
      isFull = false;
      await store.put(blockRef(1, 10), new Uint8Array(10));
      expect(await store.list()).toEqual([blockRef(1, 10)]);
    },
  );
});

describe('after a process was killed', () => {
  test('half-written blocks are swept, damaged ones removed, and foreign files left alone', async () => {
    const directory = newDirectory();
    const before = await FsBlockStore.open(directory);
    await before.put(blockRef(1, 10), new Uint8Array(10));
    await before.put(blockRef(2, 20), new Uint8Array(20));
    await before.close();
    const blocks = join(directory, 'blocks');
    const damaged = (await readdir(blocks)).find((name) => name.startsWith(blockRef(2, 20).digest)) ?? '';
    await truncate(join(blocks, damaged), 7);
    await writeFile(join(blocks, 'notes.txt'), 'mine');
    await writeFile(join(directory, 'incoming', '17'), 'half a blo');
    const store = await FsBlockStore.open(directory);
    expect(await store.list()).toEqual([blockRef(1, 10)]);
    expect(store.usedBytes).toBe(10);
    expect(await readdir(join(directory, 'incoming'))).toEqual([]);
    expect((await readdir(blocks)).includes('notes.txt')).toBe(true);
    expect(await blockFilesIn(directory)).toHaveLength(1);
  });

  test('a block removed by hand is not there', async () => {
    const directory = newDirectory();
    const store = await FsBlockStore.open(directory);
    await store.put(blockRef(1, 10), new Uint8Array(10));
    await rm(join(directory, 'blocks'), { recursive: true });
    expect(await store.get(blockRef(1, 10).digest)).toBe(undefined);
  });

  test('a half-written setting is not seen, and does not hinder the next', async () => {
    const directory = newDirectory();
    const before = await FsSettings.open(directory);
    await before.set('name', 1);
    await writeFile(join(directory, 'settings', 'name.json.new'), '{"hal');
    const settings = await FsSettings.open(directory);
    expect(await settings.get('name')).toBe(1);
    await settings.set('name', 2);
    expect(await settings.get('name')).toBe(2);
  });
});

describe('a directory that has been closed', () => {
  test('has what was set before it was closed, and what was set as soon as that was done', async () => {
    const path = newDirectory();
    const directory = await openFsDirectory(path);
    const twice = directory.settings.set('name', 1).then(() => directory.settings.set('name', 2));
    await directory.close();
    const again = await openFsDirectory(path);
    onTestFinished(() => again.close());
    expect(await again.settings.get('name')).toBe(2);
    await twice;
  });

  test('is written to no more: another process may have it', async () => {
    const directory = await openFsDirectory(newDirectory());
    await directory.close();
    const { stored } = await (await keySuite()).create('raw');
    const writes = [
      () => directory.settings.set('name', 1),
      () => directory.keys.set('identity-1', stored),
      () => directory.keys.delete('identity-1'),
      () => directory.store.put(blockRef(1, 10), new Uint8Array(10)),
      () => directory.store.check(),
    ];
    for (const write of writes) await expect(write()).rejects.toMatchObject({ code: 'storage' });
    await expect(readdir(join(directory.path, 'settings'))).resolves.toEqual([]);
  });
});

test('names of settings are no paths', async () => {
  const directory = newDirectory();
  const settings = await FsSettings.open(directory);
  await settings.set('../../escaped', 1);
  expect(await settings.get('../../escaped')).toBe(1);
  expect(await readdir(join(directory, 'settings'))).toHaveLength(1);
});

describe('a directory', () => {
  test('is made if need be, and keeps blocks and settings', async () => {
    const directory = join(newDirectory(), 'deep', 'er');
    const first = await openFsDirectory(directory);
    await first.store.put(blockRef(1, 10), new Uint8Array(10));
    await first.settings.set('name', 'value');
    await first.close();
    const second = await openFsDirectory(directory);
    onTestFinished(() => second.close());
    expect(await second.store.list()).toEqual([blockRef(1, 10)]);
    expect(await second.settings.get('name')).toBe('value');
  });

  test('is refused while another has it open, and free again after it was closed', async () => {
    const directory = newDirectory();
    const first = await openFsDirectory(directory);
    await expect(openFsDirectory(directory)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining(`the process ${process.pid} uses this directory`),
    });
    await first.close();
    await (await openFsDirectory(directory)).close();
  });

  test('of a killed process is taken over, by one of two that try at once', async () => {
    const directory = newDirectory();
    await (await openFsDirectory(directory)).close();
    const killed = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(killed, 'spawn');
    const lock = join(directory, 'lock');
    await writeFile(lock, JSON.stringify({ pid: killed.pid }));
    await expect(openFsDirectory(directory)).rejects.toMatchObject({ code: 'storage' });
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const both = await Promise.allSettled([openFsDirectory(directory), openFsDirectory(directory)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ pid: process.pid });
    for (const opened of both) if (opened.status === 'fulfilled') await opened.value.close();
    expect(await readdir(directory)).not.toContain('lock');
  });

  test.runIf(process.platform === 'linux')('is free if its process is gone and another has its number', async () => {
    const directory = newDirectory();
    const first = await openFsDirectory(directory);
    const lock = join(directory, 'lock');
    const { pid, start } = JSON.parse(await readFile(lock, 'utf8'));
    await writeFile(lock, JSON.stringify({ pid, start: `${start}0` }));
    await (await openFsDirectory(directory)).close();
    await first.close();
  });

  test('with a lock that a crash of the machine has cut off is free, but not while the lock is new', async () => {
    const directory = newDirectory();
    await (await openFsDirectory(directory)).close();
    const lock = join(directory, 'lock');
    await writeFile(lock, '{"pi');
    await expect(openFsDirectory(directory)).rejects.toMatchObject({ code: 'storage' });
    await utimes(lock, new Date(0), new Date(0));
    await (await openFsDirectory(directory)).close();
  });

  test('that cannot be written is told with code storage and its path', async () => {
    const file = newDirectory();
    await writeFile(file, '');
    for (const path of [file, join(file, 'below')]) {
      await expect(openFsDirectory(path)).rejects.toMatchObject({
        name: 'PeerError',
        code: 'storage',
        message: expect.stringContaining(`nothing can be kept in ${path}: a part of this path is a file`),
      });
    }
    expect((await stat(file)).size).toBe(0);
  });
});

describe('leases', () => {
  test('that are damaged are removed, and the others read', async () => {
    const directory = newDirectory();
    const store = await FsBlockStore.open(directory);
    const block = blockRef(1, 10);
    const terms = { owner: 'o'.repeat(43), expires: 9, serial: 1, ends: false, signature: 's'.repeat(86) };
    const leased = { block, leases: [{ digest: block.digest, ...terms }] };
    await store.setLeases(leased);
    await store.close();
    for (const [number, text] of [
      [2, '{'],
      [3, '{"block":7}'],
      [4, JSON.stringify(leased)],
    ] as const)
      await writeFile(join(directory, 'leases', `${blockRef(number, 1).digest}.json`), text);
    expect(await (await FsBlockStore.open(directory)).leases()).toEqual([leased]);
    expect(await readdir(join(directory, 'leases'))).toEqual([`${block.digest}.json`]);
  });
});

describe('what commands of a user have stored', () => {
  const SERVER = 'http://a';
  const entry = (digit: string, owner: string) => ({ fileId: digit.repeat(64), name: digit, owners: [owner] });
  /** As it is kept. */
  const known = (digit: string, owner: string) => ({ ...entry(digit, owner), server: SERVER });
  const damaged = (error: Error): void => {
    throw error;
  };

  test('is kept for each file alone, for its user’s eyes only, and found again', async () => {
    const directory = newDirectory();
    expect(await readOwnedFiles(directory, damaged)).toEqual([]);
    await Promise.all(
      ['a', 'b'].map((digit) => new FsOwnedFiles(directory, [], SERVER).set('own-files', [entry(digit, 'first')])),
    );
    expect(await readOwnedFiles(directory, damaged)).toEqual(
      expect.arrayContaining([known('a', 'first'), known('b', 'first')]),
    );
    const path = join(directory, 'stored', `${'a'.repeat(64)}.json`);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    const again = new FsOwnedFiles(directory, [known('a', 'first')], 'http://b');
    expect(await again.get('own-files')).toEqual([known('a', 'first')]);
    // Its ring stays the one that it was stored in.
    await again.set('own-files', [entry('a', 'second')]);
    expect(await readOwnedFiles(directory, damaged)).toContainEqual(known('a', 'second'));
    await again.set('own-files', []);
    expect(await readOwnedFiles(directory, damaged)).toEqual([known('b', 'first')]);
  });

  test('a file that is stored again keeps the owner that it had', async () => {
    const directory = newDirectory();
    for (const owner of ['first', 'second'])
      await new FsOwnedFiles(directory, [], SERVER).set('own-files', [entry('a', owner)]);
    expect(await readOwnedFiles(directory, damaged)).toEqual([
      { ...known('a', 'second'), owners: ['first', 'second'] },
    ]);
  });

  test('a damaged entry is told, with what to do', async () => {
    const directory = newDirectory();
    await new FsOwnedFiles(directory, [], SERVER).set('own-files', [entry('a', 'first')]);
    await writeFile(join(directory, 'stored', `${'a'.repeat(64)}.json`), '{');
    await new FsOwnedFiles(directory, [], SERVER).set('own-files', [entry('b', 'first')]);
    const told: PeerError[] = [];
    const rest = await readOwnedFiles(directory, (error) => told.push(error));
    expect(rest).toEqual([known('b', 'first')]);
    expect(told).toMatchObject([{ code: 'storage', message: expect.stringMatching(/remove it/) }]);
  });
});

test.skipIf(process.platform === 'win32')(
  'settings are for their user’s eyes only: owners’ keys stand among them',
  async () => {
    const directory = newDirectory();
    await (await FsSettings.open(directory)).set('own-files', []);
    expect((await stat(join(directory, 'settings', 'own-files.json'))).mode & 0o777).toBe(0o600);
  },
);
