// Members that would have others drop their copies: one that speaks for nodes which it invents, beside every place of a small
// ring, and three that sit beside a key. Nobody takes an invented one for a leaf, and nobody drops a copy, longer than any
// must have been out of place before it is dropped.

import { describe, expect, it } from 'vitest';
import { DROP_GRACE_MS } from '../../src/core/past/drop-judgement.ts';
import { idAfter, idFromPrefix } from '../../src/core/pastry/id.ts';
import { holdNothing } from './empty-hands.ts';
import { HostilePeer } from './hostile-peer.ts';
import { HostileRing, inRing } from './hostile-ring.ts';
import { InventedNodes } from './invented-nodes.ts';
import { keepOn } from './keep-on.ts';

const FILES = 6;
const FILE_BYTES = 2_000;
/** Longer than a copy that is out of place was kept once, and until its absence is noticed. */
const ATTACK_MS = DROP_GRACE_MS + 5_000;
/** A node's misdeeds end its link for a while; it comes back and goes on. */
const ATTACK_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 500;
const COUNTS = [1, 5, 20];
const LIMIT_MS = 180_000;

describe.concurrent('no copy is dropped', () => {
  it(
    'R59, R60: for 1, 5 and 20 invented nodes beside each node: none enters, and it is counted',
    async () => {
      await inRing(() => HostileRing.start(6), expectNoneEnters);
    },
    LIMIT_MS,
  );

  it(
    'for three that sit beside a key, keep nothing of its block, and go',
    async () => {
      await inRing(() => HostileRing.start(5), expectCopiesOutlive);
    },
    LIMIT_MS,
  );
});

async function expectNoneEnters(ring: HostileRing): Promise<void> {
  const { hostile } = ring;
  const fileIds = await ring.store(FILES, FILE_BYTES);
  const before = fileIds.map((fileId) => ring.copies(fileId));
  const crowds = await Promise.all(COUNTS.map((count) => InventedNodes.make(hostile, ring.ids, count, fileIds)));
  const endsAt = performance.now() + ATTACK_MS;
  let round = 0;
  let seen: readonly string[] = [];
  const attack = (): void => {
    crowds[round % crowds.length]?.speak();
    round += 1;
    for (const nodeId of ring.ids) hostile.links.connect(nodeId);
    seen = [...seen, ...ring.strangers()];
  };
  await keepOn(attack, () => performance.now() < endsAt, ATTACK_EVERY_MS);
  expect(seen).toEqual([]);
  expect(ring.strangers()).toEqual([]);
  for (const [index, fileId] of fileIds.entries()) {
    expect(ring.copies(fileId)).toBeGreaterThanOrEqual(before[index] ?? 0);
  }
  const named = ['relay: a certificate that is foreign', 'relay: in the name of another node'];
  for (const what of named) expect(ring.counted(`misbehaved: ${what}`)).toBeGreaterThan(0);
  expect(ring.misdeeds()).toEqual(expect.arrayContaining(named));
  expect(ring.counted('links closed as misbehaved')).toBeGreaterThan(0);
  await ring.expectReadable(fileIds, FILE_BYTES);
  hostile.goodbye();
  await ring.expectReadable(fileIds, FILE_BYTES);
}

async function expectCopiesOutlive(ring: HostileRing): Promise<void> {
  const [fileId = ''] = await ring.store(1, FILE_BYTES);
  const { digits } = ring.at(0).inspect().params;
  const key = idFromPrefix(fileId.slice(0, digits), digits);
  if (key === undefined) throw new Error('a file id starts with no key');
  const before = ring.copies(fileId);
  const wanted = [1n, 2n, 3n].map((steps) => idAfter(key, steps));
  const server = ring.peers.discovery.url;
  const besides = await Promise.all(wanted.map((wantedId) => HostilePeer.join({ server, wantedId })));
  // From this machine anybody may choose.
  expect(besides.map(({ nodeId }) => nodeId)).toEqual(wanted);
  for (const beside of besides) holdNothing(beside);
  const endsAt = performance.now() + ATTACK_MS;
  const seen: number[] = [];
  await keepOn(
    () => void seen.push(ring.copies(fileId)),
    () => performance.now() < endsAt,
    LOOK_EVERY_MS,
  );
  for (const beside of besides) beside.goodbye();
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(before);
  await ring.expectReadable(Array<string>(ring.honest.length).fill(fileId), FILE_BYTES);
}
