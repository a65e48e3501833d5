// Members that would have others drop their copies, for longer than a copy that others are to hold is kept in any case: one that
// invents nodes and speaks for them, at every place of the ring and beside the keys of a file, and three that are registered
// beside a key and keep nothing. Nobody drops a copy, and no invented node gets into a table. With real keys, under virtual time.

import { beforeAll, describe, expect, it } from 'vitest';
import { KEEP_DISPLACED_MS } from '../../src/core/past/drop-judgement.ts';
import { idAfter, type NodeId } from '../../src/core/pastry/id.ts';
import { nobleSuite } from '../../src/trust/noble-suite.ts';
import { holdNothing } from '../hostile/empty-hands.ts';
import { Authority } from '../trust/authority.ts';
import {
  counted,
  HONEST,
  holdersByDigest,
  MINUTE_MS,
  openRing,
  ROGUE,
  SECOND_MS,
  strangers,
} from './hostile-members.ts';
import { DIGITS, id } from './ids.ts';
import { besides, InventedCrowd } from './invented-crowd.ts';
import { fileOf, type TestRing } from './ring.ts';
import { RingLiar } from './ring-liar.ts';
import { someBytes } from './transfer-node.ts';

/** What is displaced for so long may go, if others prove that they hold it: then rounds of repair follow. */
const ATTACK_MINUTES = KEEP_DISPLACED_MS / MINUTE_MS + 5;
const FILE_BYTES = 150_000;
/** Of a file that is one block. */
const SMALL_BYTES = 2_000;
/** One each. */
const EVASIONS = ['wrong', 'silent', 'denied'] as const;
/** Beside each key, on each side. */
const BESIDE_KEYS = 6;

let authority: Authority;
/** The rogue can make certificates too; the ring's key has not signed them. */
let roguesOwn: Authority;
beforeAll(async () => {
  authority = await Authority.create(nobleSuite);
  roguesOwn = await Authority.create(nobleSuite);
});

/** A ring with a file in it; its link. */
async function ringWithFile(): Promise<{ readonly ring: TestRing; readonly link: string }> {
  const ring = await openRing(authority, 16);
  const stored = ring.node('62').peer.store(fileOf('a', someBytes(FILE_BYTES, 1)));
  const { link } = await ring.time.result(stored, 30 * SECOND_MS);
  await ring.time.pass(10 * SECOND_MS);
  return { ring, link };
}

/** Copies on honest nodes that were there before and are not there now. */
function dropped(ring: TestRing, before: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const now = holdersByDigest(ring);
  return [...before].flatMap(([digest, names]) =>
    names.filter((name) => now.get(digest)?.includes(name) !== true).map((name) => `${digest} at ${name}`),
  );
}

async function expectReadable(ring: TestRing, link: string, bytes: number): Promise<void> {
  for (const reader of ['0a', '9f', 'e4']) {
    const file = await ring.time.result(ring.node(reader).peer.retrieve(link), 30 * SECOND_MS);
    const { size } = await ring.time.result(file.blob(), 30 * SECOND_MS);
    expect(size).toBe(bytes);
  }
}

/** Links of honest nodes to honest nodes. */
function honestLinks(ring: TestRing): number {
  const honest = new Set(HONEST.map(id));
  return HONEST.flatMap((name) => ring.node(name).peer.inspect().links).filter(({ nodeId }) => honest.has(nodeId))
    .length;
}

describe('nodes that a member invents on both sides of each node’s place, and beside the keys of a file', () => {
  it.each([
    [1, 'foreign', 'relay: a certificate that is foreign'],
    [5, 'foreign', 'relay: a certificate that is foreign'],
    [20, 'foreign', 'relay: a certificate that is foreign'],
    [20, 'own', 'relay: in the name of another node'],
  ] as const)(
    'R59, R60: %i of them, by a certificate that is %s: in 35 minutes none enters a table, nobody drops a copy, and it is counted',
    async (count, shown, misdeed) => {
      const { ring, link } = await ringWithFile();
      const [before, links] = [holdersByDigest(ring), honestLinks(ring)];
      const digests = [...before.keys()];
      const besideKeys = digests.flatMap((digest) => besides(id(digest.slice(0, DIGITS)), BESIDE_KEYS));
      const idsByVictim = new Map<NodeId, readonly NodeId[]>(
        HONEST.map((name) => [id(name), [...besideKeys, ...besides(id(name), count)]]),
      );
      const crowd = await InventedCrowd.make(ring, roguesOwn, shown, idsByVictim, digests);
      for (let minute = 0; minute < ATTACK_MINUTES; minute += 1) {
        await crowd.speak();
        const endsAt = ring.time.now + MINUTE_MS;
        while (ring.time.now < endsAt) {
          await ring.time.pass(10 * SECOND_MS);
          expect({ dropped: dropped(ring, before), strangers: strangers(ring) }).toEqual({
            dropped: [],
            strangers: [],
          });
        }
      }
      expect(crowd.heard).toBe(0);
      expect(counted(ring, `misbehaved: ${misdeed}`)).toBeGreaterThan(0);
      expect(honestLinks(ring)).toBeGreaterThanOrEqual(links);
      ring.kill(ROGUE);
      await ring.time.pass(30 * SECOND_MS);
      await expectReadable(ring, link, FILE_BYTES);
    },
  );
});

describe('three that are registered beside a key and keep nothing', () => {
  it('P30, P32: nobody drops for them in 35 minutes, and the file outlives them', async () => {
    const ring = await openRing(authority, 16);
    const stored = ring.node('62').peer.store(fileOf('a', someBytes(SMALL_BYTES, 1)));
    const { link, fileId } = await ring.time.result(stored, 30 * SECOND_MS);
    await ring.time.pass(10 * SECOND_MS);
    const before = holdersByDigest(ring);
    const key = id(fileId.slice(0, DIGITS));
    const names = [1n, 2n, 3n].map((steps) => idAfter(key, steps));
    await ring.start(...names);
    for (const [index, name] of names.entries()) holdNothing(new RingLiar(ring, name), EVASIONS[index]);
    for (let minute = 0; minute < ATTACK_MINUTES; minute += 1) {
      await ring.time.pass(MINUTE_MS);
      expect(dropped(ring, before)).toEqual([]);
    }
    // They are in the ring, and the holders' places are theirs.
    for (const name of HONEST) {
      const { leafSet } = ring.node(name).peer.inspect();
      expect([...leafSet.cw, ...leafSet.ccw]).toEqual(expect.arrayContaining(names));
    }
    for (const name of names) ring.kill(name);
    await ring.time.pass(30 * SECOND_MS);
    await expectReadable(ring, link, SMALL_BYTES);
  });
});
