// Deleting and keeping on what commands have stored, in more than one ring, and where something stands in the way.

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Command } from './command.ts';
import { NodePeers } from './node-peers.ts';

let here: NodePeers;
let elsewhere: NodePeers;
beforeAll(async () => {
  [here, elsewhere] = await Promise.all([ringOfOne(), ringOfOne()]);
});
afterAll(() => Promise.all([here.stop(), elsewhere.stop()]));

async function ringOfOne(): Promise<NodePeers> {
  const peers = await NodePeers.start();
  await peers.open({});
  await peers.settled();
  return peers;
}

/** A user, whose commands ask the Discovery node of `ring` unless they are told otherwise. */
function user(name: string) {
  const home = here.path(name);
  const tabring = (ring: NodePeers, ...args: readonly string[]) =>
    new Command(ring.discovery.url, args, { home, cwd: here.directory, input: '' }).ended;
  const kept = (): Promise<string[]> => readdir(join(home, 'stored'));
  return { tabring, kept, home };
}

test('a file is deleted in the ring that it was stored in, and nowhere else as if it had been', async () => {
  const { tabring, kept } = user('of two rings');
  await writeFile(here.path('secret.txt'), 'secret');
  const stored = await tabring(elsewhere, 'store', '-q', 'secret.txt');
  const link = stored.stdout.trim();
  for (const what of ['secret.txt', link]) {
    const refused = await tabring(here, 'remove', what, '--server', here.discovery.url);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`"secret.txt": it was stored at ${elsewhere.discovery.url}`);
  }
  expect((await tabring(elsewhere, 'retrieve', link, '-o', '-')).stdout).toBe('secret');
  const removed = await tabring(elsewhere, 'remove', 'secret.txt');
  expect(removed).toMatchObject({ code: 0, stdout: 'secret.txt: deleted at 1 of 1 holder\n', stderr: '' });
  expect(await kept()).toEqual([]);
});

test('pin goes on after a file that cannot be kept on, and tells of all', async () => {
  const { tabring, home } = user('of many files');
  for (const name of ['one', 'two', 'three']) await writeFile(here.path(name), name);
  await tabring(elsewhere, 'store', 'one');
  await tabring(here, 'store', 'two', 'three');
  await writeFile(join(home, 'stored', `${'0'.repeat(64)}.json`), '{');
  const { code, stdout, stderr } = await tabring(here, 'pin', '--json');
  const { files } = JSON.parse(stdout) as { files: { name: string; error?: { code: string } }[] };
  const kept = files.filter(({ error }) => error === undefined).map(({ name }) => name);
  expect(kept.sort()).toEqual(['three', 'two']);
  expect(files.find(({ name }) => name === 'one')).toMatchObject({ error: { code: 'not-found' } });
  expect(stderr).toMatch(/is damaged: remove it/);
  expect(code).toBe(1);
});

test('a store says if nobody can delete what it has stored, since its key cannot be kept', async () => {
  const { tabring, home } = user('without a place for keys');
  await writeFile(home, 'a file where the folder should be');
  await writeFile(here.path('lost.txt'), 'x');
  const { code, stdout, stderr } = await tabring(here, 'store', '-q', 'lost.txt');
  expect(stdout).toMatch(/^http/);
  expect(stderr).toMatch(/^tabring: lost\.txt is stored, but nobody can delete it or keep it on: .+\n$/);
  expect(code).toBe(1);
});
