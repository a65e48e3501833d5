// What a folder can hold, and what of it is stored.

import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookThrough } from '../../src/node/commands/walk.ts';
import { openFileSource } from '../../src/node/file-source.ts';

/** What is stored of a folder, and what is left out of it, by path in it. */
async function walked(top: string) {
  const [given] = await lookThrough([top]);
  if (given?.kind !== 'folder') throw new Error('no folder');
  const { files, emptyFolders, leftOut } = given;
  return { given, paths: files.map(({ path }) => path), emptyFolders, leftOut };
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-walk-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(process.platform === 'win32')('a folder', () => {
  test('is stored but for what cannot be, which is named', async () => {
    const top = join(folder, 'odd');
    await mkdir(join(top, 'deep'), { recursive: true });
    await writeFile(join(top, 'deep', 'b.txt'), 'b');
    await writeFile(join(top, 'a.txt'), 'a');
    await mkdir(join(top, '.hidden'));
    await writeFile(join(top, '.hidden', 'x'), 'x');
    await mkdir(join(top, 'empty', 'in-it'), { recursive: true });
    await writeFile(join(top, 'run.sh'), '', { mode: 0o755 });
    await writeFile(join(folder, 'secret'), 'outside');
    await promisify(execFile)('mkfifo', [join(top, 'pipe')]);
    const server = createServer().listen(join(top, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    await symlink('nowhere', join(top, 'dangling'));
    await symlink('circle', join(top, 'circle'));
    await symlink('a.txt', join(top, 'inside'));
    await symlink('..', join(top, 'up'));
    await symlink('../secret', join(top, 'out'));
    await symlink('deep', join(top, 'to-folder'));
    await writeFile(Buffer.concat([Buffer.from(`${top}/latin-`), Buffer.of(0xe4)]), 'ä');
    const { given, paths, emptyFolders, leftOut } = await walked(top);
    server.close();
    expect(paths).toEqual(['.hidden/x', 'a.txt', 'deep/b.txt', 'inside', 'run.sh']);
    expect(emptyFolders).toEqual(['empty/in-it']);
    expect(given.files.filter(({ isExecutable }) => isExecutable).map(({ path }) => path)).toEqual(['run.sh']);
    // The link's file, as it is stored.
    expect(new TextDecoder().decode(await given.files[3]?.read(0, 1))).toBe('a');
    const why = Object.fromEntries(leftOut.map(({ path, why }) => [path, why]));
    expect(why).toEqual({
      circle: 'the link leads in a circle',
      dangling: 'the link leads nowhere',
      'latin-\uFFFD': 'its name is no UTF-8: rename it',
      out: 'the link leads out of the folder',
      pipe: 'it is a pipe',
      socket: 'it is a socket',
      'to-folder': 'the link leads to a folder, which is stored where it is',
      up: 'the link leads out of the folder',
    });
  });

  test.skipIf(process.getuid?.() === 0)('may have what this user may not read', async () => {
    const top = join(folder, 'closed');
    await mkdir(top);
    await writeFile(join(top, 'open'), '');
    await writeFile(join(top, 'shut'), '');
    await chmod(join(top, 'shut'), 0);
    const { paths, leftOut } = await walked(top);
    expect(paths).toEqual(['open']);
    expect(leftOut).toEqual([{ path: 'shut', why: 'this user may not read it' }]);
  });

  test('has no file twice that changed, or became another, since it was looked through', async () => {
    const top = join(folder, 'moving');
    await mkdir(top);
    for (const name of ['stays', 'written', 'replaced', 'link', 'gone']) await writeFile(join(top, name), 'before');
    const { given } = await walked(top);
    await writeFile(join(top, 'written'), 'behind');
    await writeFile(join(top, 'new'), 'before');
    await rename(join(top, 'new'), join(top, 'replaced'));
    await rm(join(top, 'link'));
    await symlink('stays', join(top, 'link'));
    await rm(join(top, 'gone'));
    const outcome = given.files.map(async ({ path, read }) => [
      path,
      await read(0, 6).then(
        () => true,
        () => false,
      ),
    ]);
    expect(Object.fromEntries(await Promise.all(outcome))).toEqual({
      ...{ gone: false, link: false, replaced: false, written: false, stays: true },
    });
  });

  test('of which nothing can be stored is told, and an empty one is one', async () => {
    const top = join(folder, 'bare');
    await mkdir(top);
    expect(await walked(top)).toMatchObject({ paths: [], emptyFolders: [], leftOut: [] });
    await symlink('nowhere', join(top, 'dangling'));
    await expect(lookThrough([top])).rejects.toThrow('dangling: the link leads nowhere');
    await expect(lookThrough([join(folder, 'missing')])).rejects.toThrow('there is no such file');
  });
});

describe('a file', () => {
  test.skipIf(process.platform !== 'linux')('that the system writes as it is read is stored as it reads', async () => {
    const source = await openFileSource('/proc/version');
    expect(source.size).toBeGreaterThan(10);
    const bytes = await source.slice(0, source.size).arrayBuffer();
    expect(new TextDecoder().decode(bytes)).toContain('Linux version');
    await source.close();
  });

  test.skipIf(process.platform === 'win32')(
    'that is a pipe is refused without waiting for who writes to it',
    async () => {
      const pipe = join(folder, 'waiting');
      await promisify(execFile)('mkfifo', [pipe]);
      await expect(openFileSource(pipe)).rejects.toThrow('pipe it in');
    },
  );

  test('that is written to while it is stored is no file', async () => {
    const path = join(folder, 'torn');
    await writeFile(path, 'one state');
    const source = await openFileSource(path);
    await source.slice(0, 4).arrayBuffer();
    await writeFile(path, 'two state');
    await expect(source.slice(4, 9).arrayBuffer()).rejects.toThrow('it was written to while it was stored');
    await source.close();
  });
});
