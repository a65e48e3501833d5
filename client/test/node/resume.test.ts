// Commands that are broken off and given again: they go on from what is there, and at most what was under way travels twice.

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RETRIEVE_PARALLEL } from '../../src/peer/limits.ts';
import { Command } from './command.ts';
import { NodePeers, until } from './node-peers.ts';

const SEGMENTS = 24;
const SEGMENT_BYTES = 1_000_000;
const BYTES = randomBytes(SEGMENTS * (SEGMENT_BYTES - 16));

let ring: NodePeers;
let members: readonly string[] = [];
beforeAll(async () => {
  ring = await NodePeers.start({ params: { segmentBytes: SEGMENT_BYTES } });
  for (let count = 0; count < 3; count += 1) await ring.open();
  await ring.settled();
  members = ring.nodes.map(({ peer }) => peer.nodeId);
});
afterAll(() => ring.stop());

/** Counts the segments that nodes of the ring give to commands, and calls `then` at each, until the returned function is called. */
function countGiven(then: (given: number) => void): () => number {
  let given = 0;
  const stops = ring.nodes.map(({ peer }) =>
    peer.subscribe((event) => {
      if (event.type !== 'sent' || members.includes(event.nodeId) || event.size < SEGMENT_BYTES / 2) return;
      given += 1;
      then(given);
    }),
  );
  return () => {
    for (const stop of stops) stop();
    return given;
  };
}

test('a retrieve that is ended twice goes on each time', async () => {
  const [storer] = ring.nodes;
  const { link } = (await storer?.peer.store(new File([BYTES], 'large.bin'))) ?? { link: '' };
  const cwd = ring.path('here');
  await mkdir(cwd);
  let total = 0;
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    const broken = new Command(ring.discovery.url, ['retrieve', link], { cwd });
    const givenUntil = countGiven((given) => {
      if (given === 8) broken.signal(name);
    });
    const { code, stderr } = await broken.ended;
    total += givenUntil();
    if (name === 'SIGTERM') {
      expect([code, stderr]).toEqual([
        1,
        'what has come is kept: the same command goes on from there\ntabring: stopped\n',
      ]);
    }
    expect((await readdir(cwd)).filter((file) => file.endsWith('.part'))).toHaveLength(1);
    expect(await readdir(cwd)).not.toContain('large.bin');
  }
  const givenUntil = countGiven(() => undefined);
  const again = await new Command(ring.discovery.url, ['retrieve', link], { cwd }).ended;
  total += givenUntil();
  expect([again.code, again.stderr]).toEqual([
    0,
    expect.stringMatching(/^going on from [\d.]+ MB that came before\n$/),
  ]);
  expect(BYTES.equals(await readFile(ring.path('here', 'large.bin')))).toBe(true);
  expect(await readdir(cwd)).toEqual(['large.bin']);
  expect(total).toBeLessThanOrEqual(SEGMENTS + 2 * RETRIEVE_PARALLEL);
});

test('a store that is ended goes on with the same key, and sends no block that the ring has', async () => {
  await writeFile(ring.path('own.bin'), BYTES.subarray().reverse());
  const held = (): ReadonlySet<string> =>
    new Set(ring.nodes.flatMap(({ peer }) => peer.listFiles().held.map(({ digest }) => digest)));
  const before = held();
  const store = ['store', '-q', 'own.bin'];
  const broken = new Command(ring.discovery.url, store, { cwd: ring.directory });
  await until(() => held().size >= before.size + 5);
  broken.signal('SIGKILL');
  await broken.ended;
  const again = await new Command(ring.discovery.url, store, { cwd: ring.directory }).ended;
  expect(again).toMatchObject({ code: 0, stderr: '' });
  // Under another key each of its blocks would be another one.
  expect([...held()].filter((digest) => !before.has(digest))).toHaveLength(SEGMENTS + 1);
});

test('store -q prints the bare link, for a script', async () => {
  const store = ['store', '-q', '-', '--name', 'note.txt'];
  const stored = await new Command(ring.discovery.url, store, { input: 'a note' }).ended;
  expect(stored).toMatchObject({ code: 0, stderr: '' });
  expect(stored.stdout).toMatch(new RegExp(`^${ring.discovery.url}/#/f/[0-9a-f]{64}\\.[\\w-]{43}\n$`));
  const fetched = await new Command(ring.discovery.url, ['retrieve', stored.stdout.trim(), '-o', '-']).ended;
  expect([fetched.code, fetched.stdout]).toEqual([0, 'a note']);
  const { version } = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'));
  const asked = await new Command(ring.discovery.url, ['--version']).ended;
  expect([asked.code, asked.stdout.split(/[+\n]/)[0]]).toEqual([0, version]);
});
