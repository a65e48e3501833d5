// sim sessions: objects in a ring whose nodes come and go, each with a bounded up-link. How many objects are lost, and what it
// costs to keep them (Rodrigues, Blake, "When multi-hop peer-to-peer lookup matters", IPTPS 2004: sessions bound what can be kept).

import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { parseFlags } from './arguments.ts';
import { growTogether } from './grow.ts';
import type { Host } from './host.ts';
import { ObjectLoad } from './object-load.ts';
import { LONG_LEASE_MS } from './owner-leases.ts';
import { plainCluster } from './plain-cluster.ts';
import type { Progress, Report } from './report.ts';
import { Rng } from './rng.ts';

const JOIN_INTERVAL_MS = 250;
const STORE_INTERVAL_MS = 50;
/** Stores end within this. */
const SETTLE_MS = 300_000;
const HOUR_MS = 3_600_000;
const MEGABYTE = 1_000_000;

export function sessions(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(
    args,
    ['nodes', 'objects', 'bytes', 'replicas', 'median-session-min', 'hours', 'uplink', 'seed'],
    ['json', 'graceful'],
  );
  const nodes = flags.whole('nodes', 1_000, 5, 100_000);
  const count = flags.whole('objects', 10_000, 1, 1_000_000);
  const bytes = flags.whole('bytes', MEGABYTE, 1, 1e9);
  const replicas = flags.whole('replicas', DEFAULT_RING_PARAMS.replicas, 2, 8);
  const medianSessionMinutes = flags.number('median-session-min', 30, 0.1, 1e6);
  const hours = flags.number('hours', 4, 0.01, 1_000);
  const uplink = flags.number('uplink', 1, 0.001, 1e6);
  const seed = flags.whole('seed', 1, 0, Number.MAX_SAFE_INTEGER);
  const isGraceful = flags.has('graceful');

  const cluster = plainCluster(seed, { replicas });
  growTogether(cluster, nodes, JOIN_INTERVAL_MS);
  progress('the ring is grown');
  const rng = new Rng(seed).split('sessions');
  const load = new ObjectLoad(cluster, rng, LONG_LEASE_MS);
  cluster.conditions.uplinkBytesPerMs = (uplink * MEGABYTE) / 1000;
  for (let stored = 0; stored < count; stored += 1) {
    load.store(bytes);
    cluster.run(STORE_INTERVAL_MS);
  }
  cluster.run(SETTLE_MS);
  const safe = load.objects.filter(({ state }) => state === 'safe');
  progress(`${safe.length} of ${count} objects are safe`);
  const pulledBefore = cluster.disks.pulledBytes;
  const meanSessionMs = (medianSessionMinutes * 60_000) / Math.LN2;
  let departures = 0;
  const liveOut = (host: Host): void => {
    cluster.schedule.after(rng.exponential(meanSessionMs), () => {
      departures += 1;
      if (isGraceful) cluster.leave(host);
      else cluster.crash(host);
      liveOut(cluster.join());
    });
  };
  for (const host of [...cluster.hosts]) liveOut(host);
  for (let hour = 0; hour < hours; hour += 1) {
    cluster.run(Math.min(1, hours - hour) * HOUR_MS);
    const here = load.holders();
    const lost = safe.filter(({ block }) => !here.has(block.digest)).length;
    progress(`hour ${hour + 1}: ${departures} departures, ${lost} objects lost`);
  }
  const here = load.holders();
  const json = {
    ...{ nodes, objects: count, bytes, replicas, medianSessionMinutes, hours, uplinkMegabytesPerSecond: uplink, seed },
    graceful: isGraceful,
    safe: safe.length,
    departures,
    lost: safe.filter(({ block }) => !here.has(block.digest)).length,
    copiesMean: safe.reduce((sum, { block }) => sum + (here.get(block.digest)?.length ?? 0), 0) / safe.length,
    repairMegabytesPerNodeHour: (cluster.disks.pulledBytes - pulledBefore) / MEGABYTE / nodes / hours,
  };
  return { json, isGood: !isGraceful || json.lost === 0 };
}
