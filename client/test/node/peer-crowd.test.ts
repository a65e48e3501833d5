// Many peers of one process that come and go: what runs at scale measure with.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { closestId } from '../../src/core/pastry/id.ts';
import type { CommandContext } from '../../src/node/commands/context.ts';
import { PeerCrowd } from '../../src/node/peer-crowd.ts';
import { NodePeers, until } from './node-peers.ts';

const PEERS = 4;
const LIMIT_MS = 30_000;

let ring: NodePeers;
let crowd: PeerCrowd;
beforeEach(async () => {
  ring = await NodePeers.start();
  const context: CommandContext = {
    ...{
      server: ring.discovery.url,
      json: false,
      isWatched: false,
      isServerSaid: true,
      askSecret: async () => undefined,
      signal: new AbortController().signal,
    },
    ...{ print: () => undefined, tell: () => undefined },
  };
  crowd = new PeerCrowd(context, LIMIT_MS);
  await crowd.grow(PEERS, 2);
});
afterEach(async () => {
  await crowd.goodbye();
  await ring.stop();
});

test('peers that have come, gone and come again are one ring, and are measured', async () => {
  await until(() => crowd.wrongLeafSets() === 0);
  const ids = crowd.inspections().map(({ nodeId }) => nodeId);
  expect(ids).toHaveLength(PEERS);
  const [first, second] = ids;
  if (first === undefined || second === undefined) throw new Error('no peers');
  expect((await crowd.lookup(first, 'c')).root).toBe(closestId((await crowd.lookup(second, 'c')).key, ids));

  await crowd.part(first, 'leave');
  await crowd.part(second, 'goodbye');
  const third = await crowd.join();
  await until(() => crowd.wrongLeafSets() === 0);
  const left = crowd.inspections().map(({ nodeId }) => nodeId);
  expect(left).toEqual([...ids.slice(2), third]);
  expect(() => crowd.lookup(first, 'c')).toThrow('none of the peers here');

  await until(() => crowd.measure().openLinks === left.length * (left.length - 1));
  const { peers, peakLinks, heapBytes, cpuSeconds, counters, everCounters } = crowd.measure();
  expect(peers).toBe(PEERS - 1);
  expect(peakLinks).toBe(PEERS - 2);
  expect(Math.min(heapBytes, cpuSeconds)).toBeGreaterThan(0);
  expect(counters.connectionsCreated).toBeGreaterThanOrEqual(left.length * (left.length - 1));
  // The two that have gone had a link to each of the others.
  const ofGone = (everCounters.connectionsCreated ?? 0) - (counters.connectionsCreated ?? 0);
  expect(ofGone).toBeGreaterThanOrEqual(2 * (PEERS - 1));
});
