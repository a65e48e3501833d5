// A ring whose certificates have all ended, with real keys: while the Discovery node is away nobody could renew his, so the ring goes
// on; who could have, and did not, is believed no more.

import { beforeAll, expect, test } from 'vitest';
import { closestId, type NodeId } from '../../src/core/pastry/id.ts';
import { nobleSuite } from '../../src/trust/noble-suite.ts';
import { Authority } from '../trust/authority.ts';
import { fileOf, TestRing } from './ring.ts';
import { someBytes } from './transfer-node.ts';

/** Four and four of one first digit, so that most lookups of others' keys take two hops, and their answers must be signed. */
const NAMES = ['0', '4', '8', 'c'].flatMap((first) => ['0', '4', '8', 'c'].map((second) => first + second));
const KEYS = ['0010', '0810', '4410', '4c10', '8010', '8810', 'c410', 'cc10'];
const WEEK = 7 * 86_400;

let ring: TestRing;
let authority: Authority;
let ids: readonly NodeId[];

beforeAll(async () => {
  authority = await Authority.create(nobleSuite);
  ring = new TestRing({ leafSetSize: 2, neighborhoodSize: 0, digits: 4 });
  ring.authority = authority;
  for (const name of NAMES) await ring.open(name);
  ids = NAMES.map((name) => ring.node(name).peer.nodeId);
  await ring.time.pass(120_000);
});

/** How many of all nodes' lookups ended at the true root. */
async function rightLookups(): Promise<number> {
  let right = 0;
  for (const name of NAMES) {
    for (const key of KEYS) {
      const found = ring
        .node(name)
        .peer.lookup(key)
        .then(
          ({ root }) => root,
          () => undefined,
        );
      if ((await ring.time.result(found, 120_000)) === closestId(key as NodeId, ids)) right += 1;
    }
  }
  return right;
}

test('the Discovery node is away for longer than certificates run: lookups, stores and fetches go on', async () => {
  const all = NAMES.length * KEYS.length;
  expect(await rightLookups()).toBe(all);
  authority.awaySince = authority.now;
  authority.now += WEEK + 86_400;
  expect(await rightLookups()).toBe(all);
  const bytes = someBytes(3_000, 7);
  const { link } = await ring.time.result(ring.node('00').peer.store(fileOf('late.bin', bytes)), 120_000);
  const blob = ring
    .node('8c')
    .peer.retrieve(link)
    .then((file) => file.blob());
  expect(new Uint8Array(await (await ring.time.result(blob, 120_000)).arrayBuffer())).toEqual(bytes);
});

test('once it can be reached again, who has not renewed his certificate is not believed', async () => {
  authority.awaySince = undefined;
  expect(await rightLookups()).toBeLessThan(NAMES.length * KEYS.length);
  const counted = NAMES.flatMap((name) => Object.keys(ring.node(name).peer.counters));
  expect(counted.join()).toContain('certificate that is expired');
});
