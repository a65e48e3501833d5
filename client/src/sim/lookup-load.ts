// Many lookups of random keys from random nodes, and the figures that the papers draw from them.

import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import { type LookupStats, meanHops } from './lookups.ts';

/** Started at once; small against any queue, large enough to use the virtual time well. */
const BATCH = 1_000;
/** All of a batch are answered or given up within this. */
const BATCH_LIMIT_MS = 60_000;

/** Issues `count` lookups at random nodes, `batch` at once, and waits for the answers. */
export function lookUp(cluster: Cluster, count: number, batch = BATCH): LookupStats {
  const hosts = [...cluster.hosts].filter((host) => host.canDeliver);
  for (let issued = 0; issued < count; issued += batch) {
    for (let index = issued; index < Math.min(count, issued + batch); index += 1) {
      const host: Host | undefined = hosts[cluster.rng.int(hosts.length)];
      if (host !== undefined) cluster.lookups.issue(host, cluster.randomKey());
    }
    cluster.runUntil(() => cluster.lookups.pending === 0, BATCH_LIMIT_MS);
  }
  return cluster.lookups.takeStats();
}

/** The figures that every command gives about its lookups. */
export function lookupFigures(stats: LookupStats): {
  readonly meanHops: number;
  readonly maxHops: number;
  readonly hopHistogram: readonly number[];
  readonly stretch: number;
  readonly misdelivered: number;
  readonly lost: number;
  readonly rareCaseShare: number;
} {
  return {
    meanHops: meanHops(stats),
    maxHops: Math.max(0, stats.hopHistogram.length - 1),
    hopHistogram: stats.hopHistogram,
    stretch: ratio(stats.routeMs, stats.directMs),
    misdelivered: stats.misdelivered,
    lost: stats.lost,
    rareCaseShare: ratio(stats.rareCases, stats.decisions),
  };
}

export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
