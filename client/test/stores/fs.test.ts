// The stores on a file system: their contracts, then quota, full disks, leftovers of killed processes, and the lock.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { FsBlockStore } from '../../src/stores/fs-block-store.ts';
import { openFsDirectory } from '../../src/stores/fs-directory.ts';
import { writeWhole } from '../../src/stores/fs-files.ts';
import { FsSettings } from '../../src/stores/fs-settings.ts';
import { blockRef, describeBlockStore } from '../contracts/block-store.ts';
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

describe('without room', () => {
  test('a put beyond the quota is refused with code full, also of many at once, and leaves nothing behind', async () => {
    const directory = newDirectory();
    const store = await FsBlockStore.open(directory, { quotaBytes: 100 });
    const puts = [1, 2, 3, 4].map((number) => store.put(blockRef(number, 40), new Uint8Array(40)));
    const refused = (await Promise.allSettled(puts)).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ reason: { name: 'PeerError', code: 'full' } });
    expect(await readdir(join(directory, 'blocks'))).toHaveLength(2);
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
    expect(await readdir(blocks)).toHaveLength(2);
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
