// sim hops: nodes join one by one, then lookups; Pastry's figures 4, 5, 6 and table sizes (section 3.1).

import { BITS_PER_DIGIT } from '../core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { parseFlags, UsageError } from './arguments.ts';
import { Cluster } from './cluster.ts';
import { growOneByOne } from './grow.ts';
import { lookUp, lookupFigures } from './lookup-load.ts';
import { createTabringNode } from './machine.ts';
import type { Progress, Report } from './report.ts';
import { settlingTiming } from './settling-timing.ts';
import { topologyFlag } from './topology-flag.ts';

/** Above this size messages bypass the codec unless --wire asks for it: it would take most of the time. */
const MAX_NODES_ON_WIRE = 5_000;
/**
 * Lookups before those that count: a newcomer tells only the nodes that it knows, and cells that stayed empty for it
 * are filled when a message finds them empty (Pastry, section 2.5). Those of large rings are found too rarely to matter.
 */
const WARM_UP_PER_NODE = 10;
const MAX_WARM_UP = 10_000;
/**
 * Periodic exchanges of a row that each node makes once all are in the ring (Pastry, section 2.6): ten minutes of a tab's
 * life. The interval is many times what the joins take, so that there are next to none while joins are counted.
 */
const ROW_EXCHANGES = 10;
const ROW_EXCHANGE_MS_PER_NODE = 10_000;
/** Long enough for the repair of a cell and the probe of what comes. */
const WARM_UP_PAUSE_MS = 10_000;

export function hops(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(
    args,
    ['nodes', 'lookups', 'digits', 'b', 'leaf-set', 'neighborhood', 'row-exchanges', 'seed', 'topology'],
    ['json', 'wire', 'no-wire'],
  );
  const nodes = flags.whole('nodes', undefined, 1, 1_000_000);
  const lookups = flags.whole('lookups', 20_000, 0, 10_000_000);
  const digits = flags.whole('digits', 32, 1, 64);
  const leafSetSize = flags.whole('leaf-set', 16, 2, 128);
  // The paper used 32.
  const neighborhoodSize = flags.whole('neighborhood', DEFAULT_RING_PARAMS.neighborhoodSize, 0, 1_024);
  const rowExchanges = flags.whole('row-exchanges', ROW_EXCHANGES, 0, 1_000);
  const seed = flags.whole('seed', 1, 0, Number.MAX_SAFE_INTEGER);
  if (flags.whole('b', BITS_PER_DIGIT, 1, 8) !== BITS_PER_DIGIT) throw new UsageError('--b can only be 4: ids are hex');
  if (leafSetSize % 2 !== 0) throw new UsageError('--leaf-set wants an even number');
  if (nodes > 16 ** digits / 2) throw new UsageError(`${nodes} nodes need more than ${digits} digits`);
  const wire = flags.has('wire') || (nodes <= MAX_NODES_ON_WIRE && !flags.has('no-wire'));

  const rowExchangeMs = nodes * ROW_EXCHANGE_MS_PER_NODE;
  const startedAt = performance.now();
  const cluster = new Cluster({
    seed,
    params: { ...DEFAULT_RING_PARAMS, digits, leafSetSize, neighborhoodSize },
    timing: settlingTiming(rowExchangeMs),
    topology: topologyFlag(flags),
    links: 'instant',
    wire,
    createMachine: createTabringNode,
  });
  const cost = growOneByOne(cluster, nodes, progress);
  progress('rows are exchanged');
  cluster.run(rowExchanges * rowExchangeMs);
  progress('looking keys up');
  cluster.lookups.takeStats();
  const warmUp = lookUp(cluster, Math.min(MAX_WARM_UP, nodes * WARM_UP_PER_NODE));
  cluster.run(WARM_UP_PAUSE_MS);
  const stats = lookUp(cluster, lookups);
  let tableEntries = 0;
  for (const host of cluster.hosts) tableEntries += host.machine.inspect().routingTable.length;
  const json = {
    nodes,
    lookups: stats.issued,
    seed,
    digits,
    b: BITS_PER_DIGIT,
    leafSet: leafSetSize,
    neighborhood: neighborhoodSize,
    rowExchangesPerNode: rowExchanges,
    warmUpLookups: warmUp.issued,
    ...lookupFigures(stats),
    misdelivered: stats.misdelivered + warmUp.misdelivered,
    lost: stats.lost + warmUp.lost,
    joinMessagesMean: cost.messagesMean,
    joinProbesMean: cost.probesMean,
    joinMessagesByKind: cost.byKind,
    joinsCounted: cost.joins,
    tableEntriesMean: tableEntries / nodes,
    topology: topologyFlag(flags),
    codec: wire ? 'every message passes the wire codec' : 'bypassed',
    seconds: (performance.now() - startedAt) / 1000,
    memoryMiB: process.memoryUsage.rss() / 2 ** 20,
  };
  return { json, isGood: json.misdelivered === 0 && json.lost === 0 };
}
