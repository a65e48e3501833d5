// sim failures: many nodes die silently at once; hops before, broken and repaired, and what the repair costs (Pastry,
// section 3.3 and figures 9 and 10).

import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { DEFAULT_TIMING } from '../core/pastry/timing.ts';
import { parseFlags, UsageError } from './arguments.ts';
import { isLeafSetExact } from './checkers.ts';
import { Cluster } from './cluster.ts';
import { growTogether } from './grow.ts';
import { lookUp } from './lookup-load.ts';
import { type LookupStats, meanHops } from './lookups.ts';
import { countRecovered, findLostEntries } from './lost-entries.ts';
import { createTabringNode } from './machine.ts';
import { RepairCost } from './repair-cost.ts';
import type { Progress, Report } from './report.ts';
import { topologyFlag } from './topology-flag.ts';

const JOIN_INTERVAL_MS = 50;
const SETTLE_MS = 120_000;
/** How long the traffic of an undisturbed ring is measured: whole rounds of maintenance, whose longest is four exchanges of rows. */
const BASELINE_MS = 480_000;
const STEP_MS = 30_000;
const STEPS_BETWEEN_PROGRESS = 20;
const LEAF_SETS_LIMIT_MS = 600_000;
const LEAF_SETS_STEP_MS = 2_000;
/** Lookups go on while tables are repaired, as in the paper: their use is how dead entries are found. MSPastry's rate. */
const LOOKUPS_PER_NODE_SECOND = 0.01;

export function failures(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(
    args,
    ['nodes', 'fail', 'lookups', 'leaf-set', 'seed', 'topology', 'repair-minutes'],
    ['json'],
  );
  const nodes = flags.whole('nodes', 5_000, 2, 100_000);
  const fail = flags.whole('fail', Math.floor(nodes / 10), 0, nodes - 1);
  const lookups = flags.whole('lookups', 20_000, 1, 10_000_000);
  const leafSetSize = flags.whole('leaf-set', 16, 2, 128);
  if (leafSetSize % 2 !== 0) throw new UsageError('--leaf-set wants an even number');
  const seed = flags.whole('seed', 1, 0, Number.MAX_SAFE_INTEGER);
  const repairMs = flags.number('repair-minutes', 120, 0, 10_000) * 60_000;

  const grown = (): Cluster => {
    const cluster = new Cluster({
      seed,
      params: { ...DEFAULT_RING_PARAMS, leafSetSize },
      timing: DEFAULT_TIMING,
      topology: topologyFlag(flags),
      links: 'instant',
      wire: false,
      createMachine: createTabringNode,
    });
    growTogether(cluster, nodes, JOIN_INTERVAL_MS);
    cluster.run(SETTLE_MS);
    return cluster;
  };
  const broken = lookUpBroken(grown(), fail, lookups);
  progress('a ring has been broken');
  const cluster = grown();
  const before = lookUp(cluster, lookups);
  const cost = new RepairCost(cluster);
  cluster.run(BASELINE_MS);

  cost.failuresBegin();
  crashSome(cluster, fail);
  const lost = findLostEntries(cluster);
  progress(`${fail} nodes have failed: ${lost.missing} table entries are missing`);
  const leafSetsExact = awaitLeafSets(cluster);
  cost.leafSetsAreRight();
  let misdelivered = before.misdelivered + broken.misdelivered;
  const deadline = cluster.schedule.now + repairMs;
  const lookupsPerStep = Math.ceil((LOOKUPS_PER_NODE_SECOND * cluster.hosts.size * STEP_MS) / 1000);
  let steps = 0;
  while (countRecovered(cluster, lost) < lost.recoverable.length && cluster.schedule.now < deadline) {
    misdelivered += lookUp(cluster, lookupsPerStep).misdelivered;
    cluster.run(STEP_MS);
    steps += 1;
    if (steps % STEPS_BETWEEN_PROGRESS === 0) {
      progress(`${countRecovered(cluster, lost)} of ${lost.recoverable.length} entries are back`);
    }
  }
  const byKind = Object.entries(cost.byKind()).map(([kind, messages]) => [kind, messages / Math.max(1, fail)] as const);
  const repaired = lookUp(cluster, lookups);
  misdelivered += repaired.misdelivered;
  const recovered = countRecovered(cluster, lost);
  const json = {
    nodes,
    failed: fail,
    lookups,
    seed,
    hopsBefore: meanHops(before),
    hopsBroken: meanHops(broken),
    hopsRepaired: meanHops(repaired),
    missingEntries: lost.missing,
    recoverableEntries: lost.recoverable.length,
    missingEntriesRecovered: recovered,
    missingEntriesRecoveredShare: lost.recoverable.length === 0 ? 1 : recovered / lost.recoverable.length,
    messagesPerFailure: byKind.reduce((sum, [, messages]) => sum + messages, 0),
    messagesPerFailureByKind: Object.fromEntries(byKind),
    misdelivered,
    lostBefore: before.lost,
    lostBroken: broken.lost,
    lostRepaired: repaired.lost,
    leafSetsExact,
    codec: 'bypassed',
  };
  return { json, isGood: misdelivered === 0 && leafSetsExact };
}

/**
 * All lookups at once, before any repair, in a ring of its own: each that meets a dead node makes somebody ask after it,
 * which is not a cost of the repair.
 */
function lookUpBroken(cluster: Cluster, fail: number, lookups: number): LookupStats {
  lookUp(cluster, lookups);
  cluster.run(BASELINE_MS);
  crashSome(cluster, fail);
  return lookUp(cluster, lookups, lookups);
}

function crashSome(cluster: Cluster, fail: number): void {
  for (const host of cluster.rng.shuffled([...cluster.hosts]).slice(0, fail)) cluster.crash(host);
}

/** Runs until all leaf sets are right; tells whether they are. */
function awaitLeafSets(cluster: Cluster): boolean {
  const deadline = cluster.schedule.now + LEAF_SETS_LIMIT_MS;
  while (!areLeafSetsExact(cluster)) {
    if (cluster.schedule.now >= deadline) return false;
    cluster.run(LEAF_SETS_STEP_MS);
  }
  return true;
}

function areLeafSetsExact(cluster: Cluster): boolean {
  const { ring } = cluster.truth;
  for (const host of cluster.hosts) {
    if (!isLeafSetExact(host.machine.inspect(), ring, cluster.options.params)) return false;
  }
  return true;
}
