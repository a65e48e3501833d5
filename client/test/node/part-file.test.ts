// A download that was broken off: what stays of it, for whom, and when nothing does.

import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPartFile } from '../../src/node/part-file.ts';
import { someBytes } from '../peer/transfer-node.ts';

const ID = 'ab'.repeat(32);
const SIZE = 20_000_000;
const SEGMENT = someBytes(1_000, 1);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-part-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A try that wrote two segments and was broken off. */
async function brokenOff(): Promise<void> {
  const part = await openPartFile(folder, ID, SIZE);
  for (const position of [5_000_000, 1_000]) {
    await part.file.write(SEGMENT, 0, SEGMENT.length, position);
    await part.wrote(position, SEGMENT.length);
  }
  expect(await part.keep()).toBe(true);
}

describe('a download', () => {
  test('goes on from what was written, by its journal', async () => {
    await brokenOff();
    const part = await openPartFile(folder, ID, SIZE);
    expect(part.bytesBefore).toBe(2_000);
    expect(await part.kept.get(1_000, 1_000)).toEqual(new Uint8Array(SEGMENT));
    expect(await part.kept.get(5_000_000, 1_000)).toEqual(new Uint8Array(SEGMENT));
    for (const [position, size] of [
      [0, 1_000],
      [1_000, 999],
      [6_000_000, 1_000],
    ] as const)
      expect(await part.kept.get(position, size)).toBeUndefined();
    await part.end();
    expect(await readdir(folder)).toEqual([]);
  });

  test('takes nothing of another file whose id begins alike, nor of a journal that is none', async () => {
    await brokenOff();
    const other = await openPartFile(folder, `${ID.slice(0, 63)}0`, SIZE);
    expect([other.bytesBefore, (await other.file.stat()).size]).toEqual([0, 0]);
    await other.end();
    await brokenOff();
    const [journal = ''] = (await readdir(folder)).filter((name) => name.endsWith('.journal'));
    await writeFile(join(folder, journal), 'nonsense\n1000 1000\n');
    const part = await openPartFile(folder, ID, SIZE);
    expect(part.bytesBefore).toBe(0);
    await part.end();
  });

  test('of which the last words of the journal were cut off loses these alone', async () => {
    await brokenOff();
    const [journal = ''] = (await readdir(folder)).filter((name) => name.endsWith('.journal'));
    const words = await readFile(join(folder, journal), 'utf8');
    await writeFile(join(folder, journal), words.slice(0, -3));
    const part = await openPartFile(folder, ID, SIZE);
    expect(part.bytesBefore).toBe(1_000);
    await part.wrote(9_000, 7);
    await part.keep();
    expect(await readFile(join(folder, journal), 'utf8')).toMatch(/\n5000000 1000\n9000 7\n$/);
  });

  test('that another one is fetching too has a file of its own, which does not stay', async () => {
    const first = await openPartFile(folder, ID, SIZE);
    const second = await openPartFile(folder, ID, SIZE);
    expect(second.path).not.toBe(first.path);
    await second.wrote(0, 1_000);
    expect(await second.keep()).toBe(false);
    await first.end();
    expect(await readdir(folder)).toEqual([]);
  });

  test('of a small file, or of which nothing came, leaves nothing', async () => {
    const small = await openPartFile(folder, ID, 1_000_000);
    await small.wrote(0, 1_000);
    expect(await small.keep()).toBe(false);
    const empty = await openPartFile(folder, ID, SIZE);
    expect(await empty.keep()).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('is led nowhere else by a link of another user’s', async () => {
    const victim = join(folder, 'victim');
    await writeFile(victim, 'mine');
    await symlink(victim, join(folder, `.tabring-${ID.slice(0, 16)}.part`));
    await expect(openPartFile(folder, ID, SIZE)).rejects.toMatchObject({ code: 'ELOOP' });
    expect([await readFile(victim, 'utf8'), (await stat(victim)).size]).toEqual(['mine', 4]);
  });
});
