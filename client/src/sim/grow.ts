// Grows a ring node by node through the protocol, as the papers' experiments do, and counts what each join costs.

import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import { difference, isLeafSetProbe, total } from './metrics.ts';
import type { Progress } from './report.ts';

/** A join that takes longer has gone wrong. */
const JOIN_LIMIT_MS = 300_000;
/** After a node is active, its announcement and second stage may still run; they end within this. */
const SETTLE_LIMIT_MS = 120_000;
/** Share of the joins, the last ones, by which the cost at this size of ring is told. */
const COSTED_SHARE = 0.1;
const MIN_COSTED_JOINS = 20;

export interface JoinCost {
  /** Mean messages of the last joins, without the probes of the leaf set. */
  readonly messagesMean: number;
  readonly probesMean: number;
  /** Mean number by kind of message. */
  readonly byKind: Readonly<Record<string, number>>;
  readonly joins: number;
}

/** Joins `count` nodes one after the other, each when the one before is done. Throws if one does not become active. */
export function growOneByOne(cluster: Cluster, count: number, progress: Progress): JoinCost {
  const costed = Math.min(count, Math.max(MIN_COSTED_JOINS, Math.ceil(count * COSTED_SHARE)));
  let before = cluster.metrics.snapshot();
  for (let joined = 0; joined < count; joined += 1) {
    if (joined === count - costed) before = cluster.metrics.snapshot();
    const host = cluster.join();
    settleJoin(cluster, host);
    if ((joined + 1) % 1000 === 0) progress(`${joined + 1} of ${count} nodes have joined`);
  }
  const traffic = difference(cluster.metrics.snapshot(), before);
  return {
    messagesMean: total(traffic, (kind) => !isLeafSetProbe(kind)).messages / costed,
    probesMean: total(traffic, isLeafSetProbe).messages / costed,
    byKind: Object.fromEntries([...traffic].map(([kind, { messages }]) => [kind, messages / costed])),
    joins: costed,
  };
}

/** Joins `count` nodes, one every `intervalMs` whether or not those before are done, and waits until all are active. */
export function growTogether(cluster: Cluster, count: number, intervalMs: number): void {
  const hosts: Host[] = [];
  for (let started = 0; started < count; started += 1) {
    hosts.push(cluster.join());
    cluster.run(intervalMs);
  }
  if (!cluster.runUntil(() => cluster.truth.ring.size === count, JOIN_LIMIT_MS)) {
    const late = hosts.find((host) => host.status !== 'active');
    throw new Error(`seed ${cluster.options.seed}: ${late?.nodeId} is still joining after ${JOIN_LIMIT_MS} ms`);
  }
}

function settleJoin(cluster: Cluster, host: Host): void {
  if (!cluster.runUntil(() => host.status === 'active', JOIN_LIMIT_MS)) {
    throw new Error(`seed ${cluster.options.seed}: ${host.nodeId} is not active ${JOIN_LIMIT_MS} ms after its start`);
  }
  cluster.runUntil(() => cluster.network.inFlight === 0, SETTLE_LIMIT_MS);
}
