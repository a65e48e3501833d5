// Holders of private files hold what says nothing: real peers with real directories, and a reader that is none of this project.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Peer } from '../../src/peer/peer.ts';
import { NodePeers, SETTLE_MS, until } from '../node/node-peers.ts';
import { readFile as readByFormat } from './reader.mjs';

const HOLDERS = ['1', '2'];
const SEGMENT_BYTES = 64 * 1024;
const CANARY = 'CANARY-IN-A-COAL-MINE';
/** Small ones ride in their manifests; this has several segments, the canary in each. */
const LARGE = Array.from({ length: 20_000 }, (_, line) => `${CANARY} ${line}\n`).join('');

let ring: NodePeers;
let holders: readonly Peer[];
let storer: Peer;
const logged: string[] = [];
beforeEach(async () => {
  ring = await NodePeers.start({
    params: { segmentBytes: SEGMENT_BYTES },
    log: (line) => logged.push(JSON.stringify(line)),
  });
  storer = (await ring.open()).peer;
  const opened = [];
  for (const name of HOLDERS) opened.push((await ring.open({ dir: ring.path(name) })).peer);
  holders = opened;
  await ring.settled();
}, SETTLE_MS);
afterEach(() => ring.stop(), SETTLE_MS);

async function storedBy(isPublic: boolean, content: string): Promise<{ readonly link: string; readonly key: string }> {
  const file = new File([content], `${CANARY}.txt`, { type: `text/${CANARY.toLowerCase()}` });
  const { link } = await storer.store(file, { isPublic });
  await until(() => storer.listFiles().own.every(({ copies, wanted }) => copies >= wanted));
  return { link, key: link.split('.').at(-1) ?? '' };
}

/** Every path below, and every byte. */
async function everythingIn(directory: string): Promise<string> {
  let all = directory;
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    all += (await stat(path)).isDirectory() ? await everythingIn(path) : `${path} ${await readFile(path, 'latin1')}`;
  }
  return all;
}

async function whatHoldersSee(): Promise<string> {
  const disks = await Promise.all(HOLDERS.map((name) => everythingIn(ring.path(name))));
  const said = holders.map((peer) => JSON.stringify([peer.inspect(), peer.listFiles()]));
  return [...disks, ...said, ...logged].join('\n');
}

test.each(['small', LARGE])('of a private file no holder sees content, name, type or key (%#)', async (content) => {
  const { link, key } = await storedBy(false, `${CANARY} ${content}`);
  expect(key).toHaveLength(43);
  const seen = await whatHoldersSee();
  expect(seen.length).toBeGreaterThan(HOLDERS.length * content.length);
  expect(seen.toLowerCase()).not.toContain(CANARY.toLowerCase());
  expect(seen).not.toContain(key);
  // What its own tab tells developers has no key in it either.
  expect(JSON.stringify(storer.inspect())).not.toContain(key);
  const directories = HOLDERS.map((name) => ring.path(name));
  const read = readByFormat(link, directories);
  expect([read.name, read.bytes.toString()]).toEqual([`${CANARY}.txt`, `${CANARY} ${content}`]);
});

test('of a public file they see it all, so that the above can fail', async () => {
  const { link } = await storedBy(true, LARGE);
  expect(await whatHoldersSee()).toContain(CANARY);
  expect(readByFormat(link, [ring.path('1')]).bytes.toString()).toBe(LARGE);
});

test('who has the id alone, or a wrong key, is told so, and gets nothing', async () => {
  const { link } = await storedBy(false, LARGE);
  const id = /[0-9a-f]{64}/.exec(link)?.[0] ?? '';
  const [reader] = holders;
  await expect(reader?.retrieve(id)).rejects.toMatchObject({
    code: 'wrong-key',
    message: expect.stringContaining('whole link'),
  });
  const wrong = `${link.slice(0, -43)}${'A'.repeat(43)}`;
  await expect(reader?.retrieve(wrong)).rejects.toMatchObject({ code: 'wrong-key' });
});
