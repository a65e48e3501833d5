// sim objects: objects in a ring at rest. Is each on exactly its k closest nodes of distinct devices? How many are lost if k - 1 of
// their holders die at once, or a share of all nodes (PAST, SOSP 2001, section 2.1: one lives unless all k fail), and is all that
// is left on k nodes again afterwards?

import type { NodeId } from '../core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { parseFlags, UsageError } from './arguments.ts';
import { isSame } from './checkers.ts';
import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import { ObjectLoad } from './object-load.ts';
import { LONG_LEASE_MS } from './owner-leases.ts';
import { plainCluster } from './plain-cluster.ts';
import type { Progress, Report } from './report.ts';
import { Rng } from './rng.ts';

const JOIN_INTERVAL_MS = 250;
const JOIN_LIMIT_MS = 600_000;
const STORE_INTERVAL_MS = 20;
/** The last stores end, and copies beside their place go (P17). */
const REST_MS = 45 * 60_000;
const STEP_MS = 60_000;
/** Draws of a share of the nodes, to tell what is lost on average. */
const MASS_DRAWS = 100;
const REPAIR_LIMIT_MS = 60 * 60_000;

export function objects(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(
    args,
    ['nodes', 'objects', 'bytes', 'replicas', 'sharing', 'draws', 'die', 'seed'],
    ['json'],
  );
  const nodes = flags.whole('nodes', 1_000, 5, 100_000);
  const count = flags.whole('objects', 10_000, 1, 1_000_000);
  const bytes = flags.whole('bytes', 100_000, 1, 1e9);
  const replicas = flags.whole('replicas', DEFAULT_RING_PARAMS.replicas, 2, 8);
  const sharing = flags.whole('sharing', 1, 1, 100_000);
  const draws = flags.whole('draws', 10_000, 0, 10_000_000);
  const share = flags.number('die', 0.2, 0, 0.9);
  const seed = flags.whole('seed', 1, 0, Number.MAX_SAFE_INTEGER);
  if (sharing > nodes) throw new UsageError('--sharing wants at most as many nodes as there are');

  const cluster = plainCluster(seed, { replicas });
  const deviceById = new Map<NodeId, string>();
  for (let joined = 0; joined < nodes; joined += 1) {
    const device = joined < sharing ? 'shared' : `own-${joined}`;
    deviceById.set(cluster.join({ device }).nodeId, device);
    cluster.run(JOIN_INTERVAL_MS);
  }
  cluster.runUntil(() => cluster.truth.ring.size === nodes, JOIN_LIMIT_MS);
  progress('the ring is grown');
  const rng = new Rng(seed).split('objects');
  const load = new ObjectLoad(cluster, rng, LONG_LEASE_MS);
  for (let stored = 0; stored < count; stored += 1) {
    load.store(bytes);
    cluster.run(STORE_INTERVAL_MS);
  }
  progress('all stores have begun');
  const restMs = untilPlaced(cluster, load, REST_MS);
  const placed = placedShare(cluster, load);
  progress('at rest');
  const holders = load.holders();
  const acknowledged = load.objects.filter(({ state }) => state === 'stored' || state === 'safe');
  const holdersOf = (digest: string): readonly Host[] => holders.get(digest) ?? [];
  let lostInDraws = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const own = holdersOf(rng.pick(acknowledged)?.block.digest ?? '');
    // What dies are k - 1 that hold it; lost is what nobody else has.
    if (own.length <= replicas - 1) lostInDraws += 1;
  }
  const lostShares = Array.from({ length: MASS_DRAWS }, () => {
    const dying = new Set(drawShare(rng, [...cluster.hosts], share));
    return acknowledged.filter(({ block }) => holdersOf(block.digest).every((host) => dying.has(host))).length;
  });
  const lostShare = lostShares.reduce((sum, lost) => sum + lost, 0) / MASS_DRAWS / Math.max(1, acknowledged.length);
  const devices = acknowledged.map(
    ({ block }) => new Set(holdersOf(block.digest).map(({ nodeId }) => deviceById.get(nodeId))).size,
  );
  for (const host of drawShare(rng, [...cluster.hosts], share)) cluster.crash(host);
  const left = new Set(load.holders().keys());
  const repairMs = untilPlaced(cluster, load, REPAIR_LIMIT_MS, left);
  const json = {
    ...{ nodes, objects: count, replicas, sharing, seed },
    acknowledged: acknowledged.length,
    failed: load.objects.filter(({ state }) => state === 'failed').length,
    restMinutes: restMs / 60_000,
    onExactlyTheirNodes: placed,
    fewestDevices: Math.min(...devices),
    draws,
    lostInDraws,
    die: share,
    lostShare,
    lostShareExpected: share ** replicas,
    lostShareRatio: lostShare / share ** replicas,
    lostAtOnce: acknowledged.filter(({ block }) => !left.has(block.digest)).length,
    lostAfterRepair: acknowledged.filter(({ block }) => left.has(block.digest) && !load.holders().has(block.digest))
      .length,
    onExactlyTheirNodesAfterRepair: placedShare(cluster, load, left),
    repairMinutes: repairMs / 60_000,
  };
  return { json, isGood: lostInDraws === 0 && json.lostAfterRepair === 0 };
}

/** Runs until each object, or each of these, is where it should be, at most `limitMs`; how long that took. */
function untilPlaced(cluster: Cluster, load: ObjectLoad, limitMs: number, only?: ReadonlySet<string>): number {
  const startedAt = cluster.schedule.now;
  while (cluster.schedule.now - startedAt < limitMs) {
    cluster.run(STEP_MS);
    if (placedShare(cluster, load, only) === 1) break;
  }
  return cluster.schedule.now - startedAt;
}

/** The share of the objects that are on exactly their k closest nodes of distinct devices. */
function placedShare(cluster: Cluster, load: ObjectLoad, only?: ReadonlySet<string>): number {
  const holders = load.holders();
  const all = load.objects.filter(({ block, state }) => state !== 'failed' && only?.has(block.digest) !== false);
  const placed = all.filter(({ block }) => {
    const own = (holders.get(block.digest) ?? []).map(({ nodeId }) => nodeId).sort();
    return isSame(own, [...cluster.replicaSet(block.key)].sort());
  });
  return placed.length / Math.max(1, all.length);
}

function drawShare(rng: Rng, hosts: Host[], share: number): readonly Host[] {
  const drawn: Host[] = [];
  const wanted = Math.round(share * hosts.length);
  while (drawn.length < wanted) {
    const [host] = hosts.splice(rng.int(hosts.length), 1);
    if (host !== undefined) drawn.push(host);
  }
  return drawn;
}
