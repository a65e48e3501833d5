// The built command line is run only while it is what the sources say.

import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isFresh } from '../../src/node/built.mjs';
import { Command } from './command.ts';

let top: string;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'built-'));
  for (const name of ['a.ts', 'b.ts']) await written(name, '', 1_000);
  await written('main.js', '', 2_000);
  await written('inputs.json', '["a.ts","b.ts"]', 2_000);
});
afterEach(() => rm(top, { recursive: true }));

async function written(name: string, text: string, seconds: number): Promise<void> {
  await writeFile(join(top, name), text);
  await utimes(join(top, name), seconds, seconds);
}

function fresh(): boolean {
  const url = (path: string): URL => pathToFileURL(join(top, path));
  return isFresh(url('main.js'), url('inputs.json'), url('/'));
}

test('as long as no source is newer', async () => {
  expect(fresh()).toBe(true);
  await written('b.ts', 'changed', 2_001);
  expect(fresh()).toBe(false);
});

test('not if a source is gone, as after a change of branch', async () => {
  await rm(join(top, 'a.ts'));
  expect(fresh()).toBe(false);
});

test.each(['main.js', 'inputs.json'])('not without %s', async (name) => {
  await rm(join(top, name));
  expect(fresh()).toBe(false);
});

test.skipIf(process.platform === 'win32')('sources run where nothing can be kept for the next time', async () => {
  const { code, stderr } = await new Command('', ['--version'], { within: ['env', 'TMPDIR=/dev/null'] }).ended;
  expect([code, stderr]).toEqual([0, '']);
});
