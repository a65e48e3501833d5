// A file as it is stored: what cannot be read is told in words, and no copy of what is piped in stays behind.

import { appendFile, mkdtemp, open, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openFileSource } from '../../src/node/file-source.ts';
import { promptFiles } from '../../src/node/prompt-files.ts';
import { StillPeer } from '../prompt/still-peer.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-source-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

// What the system writes as it is read goes the way of standard input.
describe.skipIf(process.platform !== 'linux')('a copy of what has no length', () => {
  test('can be read, and is in no folder from the beginning', async () => {
    vi.stubEnv('TMPDIR', folder);
    const source = await openFileSource('/proc/version');
    expect(await readdir(folder)).toEqual([]);
    const bytes = await source.slice(0, source.size).arrayBuffer();
    expect(new TextDecoder().decode(bytes)).toContain('Linux version');
    await source.close();
  });

  test.each([
    ['missing', 'no file can be made there'],
    ['a file', 'a part of this path is a file'],
  ])('that cannot be kept is told, with where it was to be: %s', async (place, why) => {
    await writeFile(join(folder, 'a file'), '');
    vi.stubEnv('TMPDIR', join(folder, place));
    const told = `no copy of it can be kept in ${join(folder, place)} (TMPDIR names another place): ${why}`;
    await expect(openFileSource('/proc/version')).rejects.toThrow(told);
  });

  test('of what has no end is not waited for', async (context) => {
    const opened = await open('/proc/kmsg', 'r').catch(() => undefined);
    if (opened === undefined) context.skip();
    await opened?.close();
    await expect(openFileSource('/proc/kmsg')).rejects.toThrow('it has no end');
  });
});

describe.skipIf(process.platform === 'win32')('a file', () => {
  test.each([
    ['circle', 'the link leads in a circle'],
    ['missing', 'there is no such file'],
    ['a file/below', 'there is no such file'],
    ['n'.repeat(300), 'the name is too long'],
  ])('that cannot be read is told in words: %s', async (name, why) => {
    await writeFile(join(folder, 'a file'), '');
    await symlink('circle', join(folder, 'circle'));
    await expect(openFileSource(join(folder, name))).rejects.toThrow(new RegExp(`^${why}`));
  });

  test('at a prompt is not said to be piped in', async () => {
    const { open } = promptFiles(new StillPeer(['1', '5']), new AbortController().signal);
    await expect(open('/dev/null')).rejects.toThrow('copy what it gives into a file');
  });

  test('that grows is told to have been written to, at a prompt too', async () => {
    const path = join(folder, 'growing');
    await writeFile(path, 'one state');
    const source = await openFileSource(path);
    const { open } = promptFiles(new StillPeer(['1', '5']), new AbortController().signal);
    const [file] = await open(path);
    await file?.slice(0, 4).arrayBuffer();
    await appendFile(path, ', and more');
    const told = { name: 'PeerError', message: expect.stringContaining('it was written to while it was stored') };
    await expect(source.slice(4, 9).arrayBuffer()).rejects.toMatchObject(told);
    await expect(file?.slice(4, 9).arrayBuffer()).rejects.toMatchObject(told);
    await source.close();
  });
});
