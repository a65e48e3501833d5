// Leases in simulated rings with disks: what is deleted stays deleted though a holder was away, what is abandoned goes, and a
// node whose clock is wrong ends nothing. The same checks stand at the end of every chaos run.

import { expect, it } from 'vitest';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { DEFAULT_TIMING } from '../../src/core/pastry/timing.ts';
import { Cluster } from '../../src/sim/cluster.ts';
import type { Host } from '../../src/sim/host.ts';
import { createTabringNode } from '../../src/sim/machine.ts';
import { Rng } from '../../src/sim/rng.ts';
import { checkLeases } from '../../src/sim/store-checkers.ts';
import { StoreLoad } from '../../src/sim/store-load.ts';

const MINUTE_MS = 60_000;
const NODES = 8;

function ringOf(seed: number): { readonly cluster: Cluster; readonly stores: StoreLoad; readonly storer: Host } {
  const cluster = new Cluster({
    ...{ seed, timing: DEFAULT_TIMING, topology: 'plane', links: 'instant', wire: true },
    params: { ...DEFAULT_RING_PARAMS, digits: 8 },
    createMachine: createTabringNode,
  });
  const stores = new StoreLoad(cluster, new Rng(seed));
  for (let count = 0; count < NODES; count += 1) {
    cluster.join();
    cluster.run(5_000);
  }
  const [storer] = cluster.hosts;
  if (storer === undefined) throw new Error('nobody is there');
  return { cluster, stores, storer };
}

function holders(cluster: Cluster): Host[] {
  return [...cluster.hosts].filter(({ disk }) => disk.blockByDigest.size > 0);
}

it.each([1, 2, 3])('P48: seed %i: a holder that was away brings nothing back', (seed) => {
  const { cluster, stores, storer } = ringOf(seed);
  stores.store(storer);
  expect(cluster.runUntil(() => stores.keyByDigest.size === 1, MINUTE_MS)).toBe(true);
  const away = holders(cluster).find((host) => host !== storer);
  if (away === undefined) throw new Error('nobody else holds it');
  cluster.crash(away, 'closed');
  cluster.run(MINUTE_MS);
  stores.remove(storer);
  expect(cluster.runUntil(() => stores.deleted.size === 1, 2 * MINUTE_MS)).toBe(true);
  expect(away.disk.blockByDigest.size).toBe(1);
  cluster.restart(away);
  cluster.run(5 * MINUTE_MS);
  expect(checkLeases(cluster, stores.deleted, stores.endByOrphan)).toEqual([]);
  expect(holders(cluster)).toEqual([]);
});

it('P49: what its storer abandons goes when its minutes are over, wrong clocks or not', () => {
  const { cluster, stores, storer } = ringOf(4);
  stores.abandon(storer);
  stores.store(storer);
  expect(cluster.runUntil(() => stores.keyByDigest.size === 1, MINUTE_MS)).toBe(true);
  const wrong = holders(cluster)[0];
  cluster.ringClock.errorMsById.set(wrong?.nodeId ?? storer.nodeId, 30 * 24 * 60 * MINUTE_MS);
  cluster.run(20 * MINUTE_MS);
  cluster.ringClock.errorMsById.clear();
  cluster.run(5 * MINUTE_MS);
  expect(checkLeases(cluster, stores.deleted, stores.endByOrphan)).toEqual([]);
  expect(stores.violations).toEqual([]);
  expect(holders(cluster)).toHaveLength(DEFAULT_RING_PARAMS.replicas);
});
