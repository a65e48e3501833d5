// Where fetched files go on this machine: whole or not at all, and never where a stranger's name would have them.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchAndWrite } from '../../src/node/fetch-and-write.ts';
import { checkOutput, chooseOutput, openOutput } from '../../src/node/output-file.ts';
import type { FileHead, FileSink } from '../../src/peer/retrieved-file.ts';
import { safeFileName } from '../../src/peer/safe-file-name.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-output-'));
});
afterAll(() => rm(folder, { recursive: true }));

const LINK = 'ab'.repeat(32);
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** A peer that has one file, and may break off in the midst of it. */
function peerWith(head: FileHead, parts: readonly string[], breaks = false) {
  return {
    retrieveInto: async (_: string, begin: (head: FileHead) => Promise<FileSink>): Promise<FileHead> => {
      const sink = await begin(head);
      let position = 0;
      for (const part of parts) {
        await sink.write(text(part), [position]);
        position += part.length;
      }
      if (breaks) throw new Error('the ring is gone');
      return head;
    },
  };
}

describe('the place', () => {
  test('standard output is what the user calls so, and no file’s own name', async () => {
    expect(await chooseOutput('-', 'x', false)).toEqual({ kind: 'standard output' });
    for (const name of ['-', '-rf', '.bashrc', '/etc/passwd', '../x']) {
      const target = await chooseOutput(folder, safeFileName(name), false);
      expect(target).toEqual({ kind: 'file', path: expect.stringMatching(/^.*\/[^-./][^/]*$/), isNew: true });
      if (target.kind === 'file') expect(join(target.path, '..')).toBe(folder);
    }
    // Even if a name came here that is not safe.
    expect(await chooseOutput(undefined, '-', false)).toEqual({ kind: 'file', path: '-', isNew: true });
  });

  test.each([
    ['new/', 'there is no folder .*new/: make it'],
    ['a file/', 'there is no folder'],
    ['new/file', 'there is no folder'],
    ['circle', 'the link leads in a circle'],
  ])('%s is refused before anything is fetched', async (name, why) => {
    await writeFile(join(folder, 'a file'), '');
    await symlink('circle', join(folder, 'circle')).catch(() => undefined);
    await expect(checkOutput(`${folder}/${name}`)).rejects.toThrow(new RegExp(`^.*${why}`));
    await expect(checkOutput(`${folder}/${name}`)).rejects.not.toThrow('ELOOP');
  });

  test('an empty name is none', async () => {
    await expect(checkOutput('')).rejects.toThrow('the name to write to is empty');
  });

  test('what is there stays, unless it is to be replaced', async () => {
    const path = join(folder, 'mine');
    await writeFile(path, 'mine');
    await expect(chooseOutput(folder, 'mine', false)).rejects.toThrow('exists already');
    expect(await chooseOutput(folder, 'mine', true)).toEqual({ kind: 'file', path });
    expect(await chooseOutput(path, 'other', false)).toEqual({ kind: 'file', path });
  });
});

describe('a file', () => {
  test('appears when all of it is written, in whatever order', async () => {
    const path = join(folder, 'order');
    const output = await openOutput({ kind: 'file', path }, { fileId: LINK, size: 9 });
    await Promise.all([output.write(text('def'), [3, 6]), output.write(text('abc'), [0])]);
    expect(await readdir(folder)).not.toContain('order');
    await output.finish();
    expect(await readFile(path, 'utf8')).toBe('abcdefdef');
  });

  test('of which only a part came does not, and leaves nothing behind', async () => {
    const before = await readdir(folder);
    const broken = peerWith({ name: 'half', type: '', size: 6 }, ['abc'], true);
    const wishes = { wanted: join(folder, 'half'), force: false, onHead: () => undefined };
    await expect(fetchAndWrite(broken, LINK, wishes)).rejects.toThrow('the ring is gone');
    expect(await readdir(folder)).toEqual(before);
  });

  test('of a size for which the disk has no room is not begun', async () => {
    const before = await readdir(folder);
    const heads: FileHead[] = [];
    const huge = peerWith({ name: 'huge', type: '', size: 2 ** 52 }, ['abc']);
    const wishes = { wanted: folder, force: false, onHead: (head: FileHead) => void heads.push(head) };
    await expect(fetchAndWrite(huge, LINK, wishes)).rejects.toThrow(/it has 4504 TB, and the disk has room for/);
    expect([heads, await readdir(folder)]).toEqual([[], before]);
  });

  test('is announced, with its size, before its bytes come', async () => {
    const order: string[] = [];
    const peer = peerWith({ name: 'told', type: '', size: 6 }, ['abc', 'def']);
    const wishes = { wanted: folder, force: false, onHead: ({ size }: FileHead) => void order.push(`head ${size}`) };
    const { target } = await fetchAndWrite(
      {
        retrieveInto: (link, begin) =>
          peer.retrieveInto(link, async (head) => {
            const sink = await begin(head);
            return {
              ...sink,
              write: async (bytes, positions) => {
                order.push(`bytes ${bytes.length}`);
                await sink.write(bytes, positions);
              },
            };
          }),
      },
      LINK,
      wishes,
    );
    expect(order).toEqual(['head 6', 'bytes 3', 'bytes 3']);
    expect(target).toEqual({ kind: 'file', path: join(folder, 'told'), isNew: true });
    expect(await readFile(join(folder, 'told'), 'utf8')).toBe('abcdef');
  });
});

describe.skipIf(process.platform === 'win32')('what is there already', () => {
  const whole = (name: string) => peerWith({ name, type: '', size: 6 }, ['abc', 'def']);
  const onHead = (): void => undefined;

  test('keeps its mode when it is replaced, and its link', async () => {
    const path = join(folder, 'script.sh');
    await writeFile(path, 'old', { mode: 0o600 });
    await symlink('script.sh', join(folder, 'by-link'));
    await fetchAndWrite(whole('x'), LINK, { wanted: join(folder, 'by-link'), force: false, onHead });
    expect(await readFile(path, 'utf8')).toBe('abcdef');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readlink(join(folder, 'by-link'))).toBe('script.sh');
    // A link to what is not there yet says where it is to be.
    await symlink('not-yet', join(folder, 'dangling'));
    await fetchAndWrite(whole('x'), LINK, { wanted: join(folder, 'dangling'), force: false, onHead });
    expect(await readFile(join(folder, 'not-yet'), 'utf8')).toBe('abcdef');
    expect(await readlink(join(folder, 'dangling'))).toBe('not-yet');
  });

  test('is written to if it is a device or a pipe, and stays what it is', async () => {
    await fetchAndWrite(whole('x'), LINK, { wanted: '/dev/null', force: false, onHead });
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const [read] = await Promise.all([
      readFile(pipe, 'utf8'),
      fetchAndWrite(whole('x'), LINK, { wanted: pipe, force: false, onHead }),
    ]);
    expect(read).toBe('abcdef');
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });

  test('a pipe that nobody reads keeps no command from being stopped', async () => {
    const pipe = join(folder, 'unread');
    await promisify(execFile)('mkfifo', [pipe]);
    const stop = new AbortController();
    const opened = openOutput({ kind: 'file', path: pipe }, { fileId: LINK, size: 6 }, stop.signal);
    setImmediate(() => stop.abort());
    await expect(opened).rejects.toThrow('stopped');
  });

  test('by chance, since just now, stays: of two with one name one is refused', async () => {
    const both = ['abc', 'xyz'].map((words) =>
      fetchAndWrite(peerWith({ name: 'twice', type: '', size: 3 }, [words]), LINK, {
        ...{ wanted: folder, force: false, onHead },
      }),
    );
    const results = await Promise.allSettled(both);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find((result) => result.status === 'rejected');
    expect(String(refused?.reason)).toContain('exists already');
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('a name may be as long as the file system takes, and a longer one is told', async () => {
    const path = join(folder, 'n'.repeat(250));
    await fetchAndWrite(whole('x'), LINK, { wanted: path, force: false, onHead });
    expect(await readFile(path, 'utf8')).toBe('abcdef');
    const longer = { wanted: join(folder, 'n'.repeat(300)), force: false, onHead };
    await expect(fetchAndWrite(whole('x'), LINK, longer)).rejects.toThrow('the name is too long');
  });
});
