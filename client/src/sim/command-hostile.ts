// sim hostile: a ring of which a share is hostile and colludes, grown with them and used by the others. How many lookups
// reach the true root, how many stored files are lost, and what that costs (Castro et al., "Secure routing for structured peer-to-peer overlay networks",
// OSDI 2002).

import type { NodeId } from '../core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { DEFAULT_TIMING } from '../core/pastry/timing.ts';
import { parseFlags, UsageError } from './arguments.ts';
import { Cluster } from './cluster.ts';
import { growTogether } from './grow.ts';
import type { Host } from './host.ts';
import { Colluders } from './hostile/colluders.ts';
import { HostileNode } from './hostile/hostile-node.ts';
import { LookupTrial } from './hostile/lookup-trial.ts';
import { StoreTrial } from './hostile/store-trial.ts';
import { type CreateMachine, createTabringNode } from './machine.ts';
import { difference, isLookup, total } from './metrics.ts';
import type { Progress, Report } from './report.ts';
import { Rng } from './rng.ts';
import { topologyFlag } from './topology-flag.ts';

const JOIN_INTERVAL_MS = 250;
/** So long all exchanges of leaf sets and some of rows take. */
const SETTLE_MS = 480_000;

export function hostile(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(
    args,
    ['nodes', 'share', 'lookups', 'stores', 'leaf-set', 'seed', 'topology', 'settle-minutes'],
    ['json', 'plain'],
  );
  const nodes = flags.whole('nodes', 1_000, 2, 100_000);
  const share = flags.number('share', 0.25, 0, 0.9);
  const lookups = flags.whole('lookups', 10_000, 0, 10_000_000);
  const stores = flags.whole('stores', 1_000, 0, 10_000_000);
  const leafSetSize = flags.whole('leaf-set', 16, 2, 128);
  if (leafSetSize % 2 !== 0) throw new UsageError('--leaf-set wants an even number');
  const seed = flags.whole('seed', 1, 0, Number.MAX_SAFE_INTEGER);
  const settleMs = flags.number('settle-minutes', SETTLE_MS / 60_000, 0, 10_000) * 60_000;

  const startedAt = performance.now();
  const { cluster, colluders } = ringWith(share, {
    seed,
    params: { ...DEFAULT_RING_PARAMS, leafSetSize, checksRoots: !flags.has('plain') },
    timing: DEFAULT_TIMING,
    topology: topologyFlag(flags),
    links: 'instant',
    wire: false,
  });
  growTogether(cluster, nodes, JOIN_INTERVAL_MS);
  progress('the ring is grown');
  cluster.run(settleMs);
  const honest = [...cluster.hosts].filter(({ nodeId }) => !colluders.has(nodeId));
  const tables = tableShares(honest, colluders, cluster, leafSetSize / 2);
  progress('looking keys up');
  const before = cluster.metrics.snapshot();
  const trial = new LookupTrial(cluster).run(lookups, honest);
  const traffic = difference(cluster.metrics.snapshot(), before);
  const spent = total(traffic, (kind) => isLookup(kind) || kind === 'ack-of-lookup');
  progress('storing');
  const byLiars = new StoreTrial(cluster).run(stores, honest, (nodeId) => colluders.has(nodeId));
  const json = {
    nodes,
    share,
    lookups: trial.issued,
    seed,
    reachedTrueRoot: trial.reachedTrueRoot,
    deceived: trial.deceived,
    failed: trial.failed,
    meanHops: trial.meanHops,
    messagesPerLookup: spent.messages / Math.max(1, trial.issued),
    timeMs: {
      median: at(trial.timesMs, 0.5),
      p90: at(trial.timesMs, 0.9),
      p99: at(trial.timesMs, 0.99),
      max: at(trial.timesMs, 1),
    },
    ...tables,
    stored: sum(byLiars.map(({ stored }) => stored)),
    lostThroughLiars: sum(byLiars.map(({ lost }) => lost)),
    storedByLiars: Object.fromEntries(byLiars.map(({ liars, stored, lost }) => [liars, { stored, lost }])),
    seconds: (performance.now() - startedAt) / 1000,
  };
  return { json, isGood: true };
}

/** A cluster of which this share of all that join is hostile. */
function ringWith(
  share: number,
  options: Omit<ConstructorParameters<typeof Cluster>[0], 'createMachine'>,
): { readonly cluster: Cluster; readonly colluders: Colluders } {
  let made = 0;
  let colluders: Colluders | undefined;
  const createMachine: CreateMachine = (machine) => {
    const honest = createTabringNode(machine);
    const isHostile = Math.floor((made + 1) * share) > Math.floor(made * share);
    made += 1;
    return isHostile && colluders !== undefined ? new HostileNode(honest, machine, colluders) : honest;
  };
  const cluster = new Cluster({ ...options, createMachine });
  colluders = new Colluders(new Rng(options.seed).split('colluders'), cluster.truth.ring);
  return { cluster, colluders };
}

/** How far the tables of honest nodes are in hostile hands, and how many of their leaf sets are wrong. */
function tableShares(honest: readonly Host[], colluders: Colluders, cluster: Cluster, half: number) {
  let entries = 0;
  let hostileEntries = 0;
  let wrongLeafSets = 0;
  for (const host of honest) {
    const { routingTable, leafSet } = host.machine.inspect();
    entries += routingTable.length;
    hostileEntries += routingTable.filter(({ nodeId }) => colluders.has(nodeId)).length;
    const { cw, ccw } = cluster.truth.ring.leafSet(host.nodeId, half);
    if (!isSame(cw, leafSet.cw) || !isSame(ccw, leafSet.ccw)) wrongLeafSets += 1;
  }
  return { hostileEntryShare: hostileEntries / Math.max(1, entries), wrongLeafSets };
}

function isSame(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((nodeId, index) => nodeId === b[index]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function at(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? 0;
}
