// One chaos run: a ring is built, faults happen for some time (safety is watched), then calm, in which everything must
// become right within stated bounds (liveness).

import { KEEP_DISPLACED_MS } from '../core/past/drop-judgement.ts';
import { KEPT_MS } from '../core/past/stand-ins.ts';
import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { DEFAULT_TIMING } from '../core/pastry/timing.ts';
import { checkRing, type Violation } from './checkers.ts';
import { Cluster } from './cluster.ts';
import { FaultInjector } from './fault-injector.ts';
import { type ChaosOptions, drawChaos, withoutFaults } from './faults.ts';
import type { CreateMachine } from './machine.ts';
import { Rng } from './rng.ts';
import { SafetyWatch } from './safety-watch.ts';
import { checkLeases, checkReplicas } from './store-checkers.ts';
import { StoreLoad } from './store-load.ts';

const START_INTERVAL_MS = 3_000;
const START_LIMIT_MS = 600_000;
/** After the last fault the longest freeze may still run. */
const LAST_FREEZE_MS = 120_000;
/** By then one ring, exact leaf sets, no holes. Merging rings wait for one of them to ask the Discovery node. */
const RING_BOUND_MS = 900_000;
/** By then each block is on exactly its k closest nodes: who stands in for a member that is gone notices that (P62), and is a displaced holder, which keeps its copy for a while (P17). */
const STORE_BOUND_MS = KEPT_MS + KEEP_DISPLACED_MS + 900_000;
const STEP_MS = 10_000;
/** A hole must be filled this soon: exchanges may take cellRepairMs, then somebody is asked, perhaps somebody else again. */
const HOLE_BOUND_MS = 780_000;
const FINAL_LOOKUPS = 200;
const FINAL_LOOKUPS_MS = 60_000;
/** A healed partition's halves must be one ring again within this. */
const MERGE_BOUND_MS = 600_000;

export interface ChaosResult {
  readonly seed: number;
  readonly options: ChaosOptions;
  readonly violations: readonly Violation[];
  readonly faults: Readonly<Record<string, number>>;
  readonly lookups: number;
  readonly lost: number;
  readonly misdeliveredWhileMerging: number;
  readonly storedBlocks: number;
  /** Blocks that lost k copies within the time that one repair takes. */
  readonly excusedBlocks: number;
  /** Virtual milliseconds from the last fault to the right ring. */
  readonly recoveryMs: number;
}

export interface ChaosPlan {
  readonly seed: number;
  readonly nodes: number;
  readonly minutes: number;
  /** False bypasses the codec. */
  readonly wire: boolean;
  /** Faults to leave out. */
  readonly without?: ReadonlySet<string>;
  readonly createMachine: CreateMachine;
  /** As in the ring's parameters; false if left out. */
  readonly checksRoots?: boolean;
  /** Called with the cluster before anything happens, for traces. */
  readonly prepare?: (cluster: Cluster) => void;
}

export function runChaos(plan: ChaosPlan): ChaosResult {
  const rng = new Rng(plan.seed);
  const options = withoutFaults(drawChaos(rng.split('options')), plan.without ?? new Set());
  const { digits, leafSetSize, topology, links } = options;
  const { checksRoots = false } = plan;
  const cluster = new Cluster({
    seed: plan.seed,
    params: { ...DEFAULT_RING_PARAMS, digits, leafSetSize, checksRoots },
    timing: DEFAULT_TIMING,
    topology,
    links,
    wire: plan.wire,
    createMachine: plan.createMachine,
  });
  plan.prepare?.(cluster);
  const { conditions } = cluster;
  conditions.jitter = options.jitter;
  conditions.lossEffect = 'delay';
  conditions.unlinkableShare = options.unlinkableShare;
  cluster.disks.smallShare = options.smallDiskShare;
  const stores = new StoreLoad(cluster, rng.split('stores'));
  const safety = new SafetyWatch(cluster);
  const injector = new FaultInjector(cluster, rng.split('faults'), stores);

  build(cluster, plan.nodes, options.startTogether);
  cluster.lookups.takeStats();
  conditions.lossRate = options.lossRate;
  watchMerges(cluster, safety);
  injector.start(options.rates);
  cluster.run(plan.minutes * 60_000);
  injector.stop();

  const calmAt = cluster.schedule.now;
  cluster.run(LAST_FREEZE_MS);
  const violations = until(cluster, RING_BOUND_MS, () => checkRing(cluster).filter(isUrgent));
  const recoveryMs = cluster.schedule.now - calmAt;
  violations.push(
    ...until(cluster, STORE_BOUND_MS, () => [
      ...checkReplicas(cluster, stores.keyByDigest),
      ...checkLeases(cluster, stores.deleted, stores.endByOrphan),
    ]),
    ...stores.violations,
  );
  const faulty = cluster.lookups.takeStats();
  safety.isMerging = false;
  violations.push(...lookUpInCalm(cluster));
  return {
    seed: plan.seed,
    options,
    violations: [...safety.violations, ...violations],
    faults: Object.fromEntries(injector.countByFault),
    lookups: faulty.issued,
    lost: faulty.lost,
    misdeliveredWhileMerging: safety.misdeliveredWhileMerging,
    storedBlocks: stores.keyByDigest.size,
    excusedBlocks: stores.excused,
    recoveryMs,
  };
}

function build(cluster: Cluster, nodes: number, together: boolean): void {
  for (let count = 0; count < nodes; count += 1) {
    cluster.join();
    if (!together) cluster.run(START_INTERVAL_MS);
  }
  cluster.runUntil(() => cluster.truth.ring.size === nodes, START_LIMIT_MS);
}

/** A partition's two rings, and the time until they are one, are exempt from the rule of one root. */
function watchMerges(cluster: Cluster, safety: SafetyWatch): void {
  let healedAt = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    if (cluster.conditions.isPartitioned) healedAt = cluster.schedule.now;
    const isExempt = cluster.schedule.now - healedAt < MERGE_BOUND_MS;
    if (!isExempt) safety.isMerging = false;
    else if (!safety.isMerging) safety.isMerging = true;
    cluster.schedule.after(1_000, look);
  };
  look();
}

/** A dead table entry that nobody uses harms nobody: finding it may take hours. */
function isUrgent({ rule }: Violation): boolean {
  return rule !== 'dead-entry';
}

/** What is wrong when nothing is any more, or when the time is over: of holes then those that are old enough. */
function until(cluster: Cluster, boundMs: number, check: () => Violation[]): Violation[] {
  const deadline = cluster.schedule.now + boundMs;
  let sinceByHole = new Map<string, number>();
  for (;;) {
    const { now } = cluster.schedule;
    const violations = check();
    const holes = violations.filter(({ rule }) => rule === 'hole');
    sinceByHole = new Map(holes.map(({ detail }) => [detail, sinceByHole.get(detail) ?? now]));
    if (violations.length === 0) return [];
    if (now >= deadline) {
      // A dead entry that nobody uses is found late, and leaves a hole then.
      const isYoung = (detail: string): boolean => now - (sinceByHole.get(detail) ?? now) < HOLE_BOUND_MS;
      return violations.filter(({ rule, detail }) => rule !== 'hole' || !isYoung(detail));
    }
    cluster.run(STEP_MS);
  }
}

function lookUpInCalm(cluster: Cluster): Violation[] {
  const ids = cluster.truth.ring.ids;
  for (let count = 0; count < FINAL_LOOKUPS; count += 1) {
    const id = cluster.rng.pick(ids);
    const host = id === undefined ? undefined : cluster.network.hostOf(id);
    if (host !== undefined) cluster.lookups.issue(host, cluster.randomKey());
  }
  cluster.runUntil(() => cluster.lookups.pending === 0, FINAL_LOOKUPS_MS);
  const { lost } = cluster.lookups.takeStats();
  return lost === 0 ? [] : [{ rule: 'lookup-lost-in-calm', detail: `${lost} of ${FINAL_LOOKUPS}` }];
}
