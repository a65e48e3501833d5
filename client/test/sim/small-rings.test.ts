// The real core in small rings: every lookup ends at the true root, and every table ends right.

import { describe, expect, it } from 'vitest';
import { closestId } from '../../src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { DEFAULT_TIMING } from '../../src/core/pastry/timing.ts';
import { checkRing } from '../../src/sim/checkers.ts';
import { Cluster } from '../../src/sim/cluster.ts';
import { createTabringNode } from '../../src/sim/machine.ts';

/** Dead routing-table entries are found by their use or, at worst, by an exchange with a random entry a minute. */
const REPAIR_LIMIT_MS = 4 * 3_600_000;

function createCluster(seed: number, leafSetSize: number, links: 'instant' | 'handshake'): Cluster {
  return new Cluster({
    seed,
    params: { ...DEFAULT_RING_PARAMS, digits: 4, leafSetSize },
    timing: DEFAULT_TIMING,
    topology: 'plane',
    links,
    wire: true,
    createMachine: createTabringNode,
  });
}

function settle(cluster: Cluster): void {
  const deadline = cluster.schedule.now + REPAIR_LIMIT_MS;
  while (checkRing(cluster).length > 0 && cluster.schedule.now < deadline) cluster.run(5_000);
  expect(checkRing(cluster)).toEqual([]);
}

/** Every node looks up every node's id and one random key. */
function lookUpAll(cluster: Cluster): void {
  const ids = cluster.truth.ring.ids;
  let answers = 0;
  cluster.lookups.onAnswer = (key, route) => {
    answers += 1;
    expect(route.at(-1)).toBe(closestId(key, ids));
    expect(new Set(route).size).toBe(route.length);
  };
  let asked = 0;
  for (const host of cluster.hosts) {
    for (const key of [...ids, cluster.randomKey()]) {
      cluster.lookups.issue(host, key);
      asked += 1;
    }
    cluster.runUntil(() => cluster.lookups.pending === 0, 60_000);
  }
  expect(answers).toBe(asked);
  const stats = cluster.lookups.takeStats();
  expect(stats.misdelivered).toBe(0);
  expect(stats.lost).toBe(0);
}

describe.each(['instant', 'handshake'] as const)('rings with %s links', (links) => {
  it.each([2, 16].flatMap((leafSetSize) => [1, 2, 3, 5, 10, 50].map((nodes) => [leafSetSize, nodes] as const)))(
    '|L| = %i, %i nodes: all pairs and random keys',
    (leafSetSize, nodes) => {
      const cluster = createCluster(nodes, leafSetSize, links);
      for (let joined = 0; joined < nodes; joined += 1) {
        const host = cluster.join();
        expect(cluster.runUntil(() => host.status === 'active', 120_000)).toBe(true);
      }
      settle(cluster);
      lookUpAll(cluster);
    },
  );

  it.each([1, 2, 3, 4, 5])('twelve tabs opened at once form one ring, seed %i', (seed) => {
    const cluster = createCluster(seed, 4, links);
    for (let joined = 0; joined < 12; joined += 1) cluster.join();
    cluster.runUntil(() => cluster.truth.ring.size === 12, 120_000);
    settle(cluster);
    lookUpAll(cluster);
  });

  it.each([1, 2, 3])(
    'a ring goes from 12 to 1 and back to 6 through crashes, departures and reloads, seed %i',
    (seed) => {
      const cluster = createCluster(seed, 4, links);
      for (let joined = 0; joined < 12; joined += 1) cluster.join();
      settle(cluster);
      const stopped = [];
      while (cluster.hosts.size > 1) {
        const host = cluster.rng.pick([...cluster.hosts]);
        if (host === undefined) break;
        if (cluster.rng.chance(0.5)) cluster.leave(host);
        else cluster.crash(host, cluster.rng.chance(0.5) ? 'silent' : 'closed');
        cluster.runUntil(() => host.state === 'down', 120_000);
        stopped.push(host);
        settle(cluster);
      }
      for (const former of stopped.slice(0, 5)) {
        cluster.restart(former);
        settle(cluster);
      }
      lookUpAll(cluster);
    },
  );
});
