// sim churn: nodes come and go while lookups run; correctness, delay and the cost of maintenance.

import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { DEFAULT_TIMING, type Timing } from '../core/pastry/timing.ts';
import { type Flags, parseFlags, UsageError } from './arguments.ts';
import { ChurnLoad } from './churn-load.ts';
import { CHURN_TIMING } from './churn-timing.ts';
import { Cluster } from './cluster.ts';
import { growTogether } from './grow.ts';
import { ratio } from './lookup-load.ts';
import { meanHops } from './lookups.ts';
import { createTabringNode } from './machine.ts';
import { difference, isLookup, total } from './metrics.ts';
import type { Progress, Report } from './report.ts';
import { topologyFlag } from './topology-flag.ts';

const JOIN_INTERVAL_MS = 100;
/** Churn before anything is counted: tables are then as churn leaves them. */
const WARM_UP_MS = 600_000;
/** MSPastry's rate. */
const LOOKUPS_PER_NODE_SECOND = 0.01;
/** Lookups under way at the end are answered or given up within this. */
const DRAIN_MS = 60_000;
const PROGRESS_MS = 600_000;

export function churn(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(
    args,
    ['nodes', 'median-session-min', 'minutes', 'loss', 'topology', 'leaf-set', 'lookup-rate', 'seed', 'timing'],
    ['json', 'wire', 'no-wire'],
  );
  const nodes = flags.whole('nodes', 1_000, 2, 100_000);
  const medianSessionMinutes = flags.number('median-session-min', undefined, 0.1, 1e6);
  const minutes = flags.number('minutes', undefined, 0.1, 1e6);
  const loss = flags.number('loss', 0, 0, 0.9);
  const lookupRate = flags.number('lookup-rate', LOOKUPS_PER_NODE_SECOND, 1e-6, 100);
  const leafSetSize = flags.whole('leaf-set', 16, 2, 128);
  if (leafSetSize % 2 !== 0) throw new UsageError('--leaf-set wants an even number');
  const seed = flags.whole('seed', 1, 0, Number.MAX_SAFE_INTEGER);
  const wire = !flags.has('no-wire');

  const cluster = new Cluster({
    seed,
    params: { ...DEFAULT_RING_PARAMS, leafSetSize },
    timing: timingFlag(flags),
    topology: topologyFlag(flags),
    links: 'instant',
    wire,
    createMachine: createTabringNode,
  });
  growTogether(cluster, nodes, JOIN_INTERVAL_MS);
  progress(`${nodes} nodes are active`);
  cluster.conditions.lossRate = loss;
  const load = new ChurnLoad(cluster, { medianSessionMs: medianSessionMinutes * 60_000, lookupRate });
  load.start();
  cluster.run(WARM_UP_MS);
  cluster.lookups.forget();
  load.resetCounts();
  const before = cluster.metrics.snapshot();
  const endsAt = cluster.schedule.now + minutes * 60_000;
  while (cluster.schedule.now < endsAt) {
    cluster.run(Math.min(PROGRESS_MS, endsAt - cluster.schedule.now));
    progress(`${Math.round((endsAt - cluster.schedule.now) / 60_000)} minutes left, ${load.deaths} deaths`);
  }
  const { nodeSeconds, leafSetExactShare } = load;
  const traffic = difference(cluster.metrics.snapshot(), before);
  load.stopLookups();
  cluster.run(DRAIN_MS);
  const stats = cluster.lookups.takeStats();
  const control = total(traffic, (kind) => !isLookup(kind));
  const judged = stats.answered + stats.lost;
  const json = {
    nodes,
    medianSessionMinutes,
    minutes,
    loss,
    seed,
    topology: topologyFlag(flags),
    timing: flags.text('timing') ?? 'mspastry',
    deaths: load.deaths,
    lookups: judged,
    incorrect: stats.misdelivered,
    lost: stats.lost,
    incorrectShare: ratio(stats.misdelivered, judged),
    lostShare: ratio(stats.lost, judged),
    originDied: stats.abandoned,
    meanHops: meanHops(stats),
    stretch: ratio(stats.delayMs, stats.directMs),
    routeStretch: ratio(stats.routeMs, stats.directMs),
    controlMessagesPerNodeSecond: control.messages / nodeSeconds,
    controlBytesPerNodeSecond: wire ? control.bytes / nodeSeconds : null,
    messagesPerNodeSecondByKind: Object.fromEntries(
      [...traffic].map(([kind, { messages }]) => [kind, messages / nodeSeconds]),
    ),
    leafSetExactShare,
    lookupsPerNodeSecond: lookupRate,
    codec: wire ? 'every message passes the wire codec' : 'bypassed',
  };
  return { json, isGood: true };
}

/** mspastry: that paper's long periods. tabs: what a real ring runs under, for sessions of minutes. */
function timingFlag(flags: Flags): Timing {
  const name = flags.text('timing') ?? 'mspastry';
  if (name === 'mspastry') return CHURN_TIMING;
  if (name === 'tabs') return DEFAULT_TIMING;
  throw new UsageError(`--timing is mspastry or tabs, not "${name}"`);
}
