// The file of the ring's key: made once, for its owner's eyes, and never replaced.

import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRingKey, RingKeyError } from '../ring-key.ts';

let folder: string;
let path: string;
let told: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-key-'));
  path = join(folder, '.tabring', 'ring-key.json');
  told = [];
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => openRingKey(path, (line) => told.push(line));

async function permissions(of: string): Promise<string> {
  return ((await stat(of)).mode & 0o777).toString(8);
}

test('is made at the first start, readable by its owner alone, and read at the next', async () => {
  const first = await open();
  expect(first.isNew).toBe(true);
  expect([await permissions(path), await permissions(join(folder, '.tabring'))]).toEqual(['600', '700']);
  expect(await readdir(join(folder, '.tabring'))).toEqual(['ring-key.json']);
  const second = await open();
  expect(second.isNew).toBe(false);
  expect(second.keys.signKey).toBe(first.keys.signKey);
  expect(await second.keys.sign('x')).toBe(await first.keys.sign('x'));
  expect(told).toEqual([]);
});

test('is one, however many start at once', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, open));
  expect(new Set(all.map(({ keys }) => keys.signKey)).size).toBe(1);
  expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(await readdir(join(folder, '.tabring'))).toEqual(['ring-key.json']);
});

test('is closed to others if it was open to them, with a sentence', async () => {
  await open();
  await chmod(path, 0o644);
  await open();
  expect(await permissions(path)).toBe('600');
  expect(told).toEqual([`others could read the ring's key in ${path}: now only this user can`]);
});

describe('is not replaced, but complained about with what to do,', () => {
  test.each([
    ['empty', () => ''],
    ['cut short', (text: string) => text.slice(0, text.length / 2)],
    ['no JSON', () => 'ring key'],
    ['of another version', (text: string) => text.replace('"version": 1', '"version": 2')],
    ['without keys', () => '{"version":1,"ringKey":"x"}'],
    [
      'of a private key that is not the public one’s',
      (text: string) => text.replace(/"sign": "...../, '"sign": "AAAAA'),
    ],
    ['of keys that are none', (text: string) => text.replace(/"sign": "[^"]*"/, '"sign": "x"')],
  ])('if it is %s', async (_, damage) => {
    await open();
    const damaged = damage(await readFile(path, 'utf8'));
    await writeFile(path, damaged);
    const error = await open().catch((each: unknown) => each);
    expect(error).toBeInstanceOf(RingKeyError);
    expect(String(error)).toContain(`the ring's key in ${path} is damaged: put a copy of it there`);
    expect(await readFile(path, 'utf8')).toBe(damaged);
  });

  test('if it cannot be read', async () => {
    await mkdir(path, { recursive: true });
    await expect(open()).rejects.toThrow(`cannot read the ring's key in ${path} (EISDIR)`);
  });

  test('if it cannot be written', async () => {
    await writeFile(join(folder, '.tabring'), 'a file where the folder should be');
    await expect(open()).rejects.toThrow(/cannot (read|write) the ring's key .* --ring-key/);
  });
});
