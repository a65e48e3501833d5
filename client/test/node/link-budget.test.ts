// Forty peers that may have twenty links each: real WebRTC, one process.

import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closestId } from '../../src/core/pastry/id.ts';
import { JOIN_LINKS } from '../../src/peer/limits.ts';
import { NodePeers, until } from './node-peers.ts';

const PEERS = 40;
const CAP = 20;
const LEAF_SET_SIZE = 8;
/** That join at the same time: what keeps two cores busy. */
const AT_ONCE = 2;
const LOOKUPS = 100;
const SAMPLE_MS = 50;

let ring: NodePeers;
let peak = 0;
let sampling: ReturnType<typeof setInterval>;
beforeEach(async () => {
  ring = await NodePeers.start({ params: { linkBudget: CAP, leafSetSize: LEAF_SET_SIZE } });
  sampling = setInterval(() => {
    peak = Math.max(peak, ...linkCounts());
  }, SAMPLE_MS);
});
afterEach(async () => {
  clearInterval(sampling);
  await ring.stop();
});

function linkCounts(): number[] {
  return ring.nodes.map(({ peer }) => peer.inspect().links.length);
}

test('leaf sets are exact and lookups right, and no peer keeps more links than its budget', async () => {
  let begun = 0;
  const openOthers = async (): Promise<void> => {
    while (begun < PEERS) {
      begun += 1;
      await ring.open();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, openOthers));
  await ring.settled();
  const ids = ring.nodes.map(({ peer }) => peer.nodeId);
  for (let index = 0; index < LOOKUPS; index += 1) {
    const key = randomBytes(16).toString('hex');
    const found = await ring.nodes[index % PEERS]?.peer.lookup(key);
    expect(found?.root).toBe(found === undefined ? '' : closestId(found.key, ids));
  }
  await until(() => Math.max(...linkCounts()) <= CAP);
  expect(peak).toBeLessThanOrEqual(CAP + JOIN_LINKS);
  await ring.settled();
  const inspections = ring.nodes.map(({ peer }) => peer.inspect());
  for (const { leafSet, links } of inspections) {
    const linked = new Set(links.map(({ nodeId }) => nodeId));
    for (const leaf of [...leafSet.cw, ...leafSet.ccw]) expect(linked).toContain(leaf);
  }
  const total = (name: string): number => inspections.reduce((sum, { counters }) => sum + (counters[name] ?? 0), 0);
  expect(total('links closed to make room')).toBeGreaterThan(0);
  expect(total('linksByRing')).toBeGreaterThan(total('linksByDiscovery'));
});
