// sim acknowledged: of each object two holders, those named first, die within a second of its acknowledgement. What was called safe by
// then must be there afterwards; of what was merely stored it is told how much is.

import type { NodeId } from '../core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { parseFlags } from './arguments.ts';
import type { Cluster } from './cluster.ts';
import { growTogether } from './grow.ts';
import { ObjectLoad, type StoredObject } from './object-load.ts';
import { plainCluster } from './plain-cluster.ts';
import type { Progress, Report } from './report.ts';
import { Rng } from './rng.ts';

const JOIN_INTERVAL_MS = 250;
/** After each store: deaths are noticed and mended before the next two. */
const STORE_INTERVAL_MS = 30_000;
/** Objects do not pile up: each goes when its time is over. */
const LEASE_MS = 10 * 60_000;
const DEATH_WITHIN_MS = 1_000;
const DYING = 2;
/** When it is looked for: both deaths have been noticed by then, and others have copies. */
const LOOK_AFTER_MS = 120_000;
const PROGRESS_EVERY = 1_000;
/** Of stores, for each one whose holders may die. */
const MOST_TRIES = 10;

export function acknowledged(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(args, ['nodes', 'objects', 'bytes', 'replicas', 'seed'], ['json']);
  const nodes = flags.whole('nodes', 60, 5, 100_000);
  const count = flags.whole('objects', 10_000, 1, 1_000_000);
  const bytes = flags.whole('bytes', 1_000_000, 1, 1e9);
  const replicas = flags.whole('replicas', DEFAULT_RING_PARAMS.replicas, 3, 8);
  const seed = flags.whole('seed', 1, 0, Number.MAX_SAFE_INTEGER);
  const cluster = plainCluster(seed, { replicas });
  growTogether(cluster, nodes, JOIN_INTERVAL_MS);
  progress('the ring is grown');
  const rng = new Rng(seed).split('acknowledged');
  const load = new ObjectLoad(cluster, rng, LEASE_MS);
  const counts = { safe: 0, safeLost: 0, stored: 0, storedLost: 0, storerDied: 0, passedOver: 0 };
  const watched = new Set<StoredObject>();
  load.acknowledged = (object) => {
    const { schedule } = cluster;
    schedule.after(rng.between(0, DEATH_WITHIN_MS), () => {
      const dying = object.holders.slice(0, DYING);
      // A third death near an object that has just lost two is another experiment: whoever has it by now, as disks say.
      if ([...watched].some((other) => dying.some((id) => isNeeded(cluster, other, id)))) {
        counts.passedOver += 1;
        return;
      }
      const wasSafe = object.state === 'safe';
      watched.add(object);
      replace(cluster, dying);
      schedule.after(LOOK_AFTER_MS, () => {
        watched.delete(object);
        const isThere = [...cluster.hosts].some(({ disk }) => disk.blockByDigest.has(object.block.digest));
        counts[wasSafe ? 'safe' : 'stored'] += 1;
        if (!isThere) counts[wasSafe ? 'safeLost' : 'storedLost'] += 1;
        if (dying.includes(object.storer)) counts.storerDied += 1;
      });
    });
  };
  for (let tried = 0; counts.safe + counts.stored < count && tried < MOST_TRIES * count; tried += 1) {
    load.store(bytes);
    cluster.run(STORE_INTERVAL_MS);
    if (tried % PROGRESS_EVERY === 0) progress(`${counts.safe} safe, of them ${counts.safeLost} lost`);
  }
  cluster.run(LOOK_AFTER_MS + DEATH_WITHIN_MS);
  const failed = load.objects.filter(({ state }) => state === 'failed').length;
  const json = { ...{ nodes, objects: count, bytes, replicas, seed, failed }, ...counts };
  return { json, isGood: counts.safeLost === 0 };
}

/** The node stored the object, or has a copy of it. */
function isNeeded({ network }: Cluster, { storer, block }: StoredObject, nodeId: NodeId): boolean {
  return nodeId === storer || network.hostOf(nodeId)?.disk.blockByDigest.has(block.digest) === true;
}

/** Nodes die, and others join, so that the ring stays as large as it is. */
function replace(cluster: Cluster, dying: readonly NodeId[]): void {
  for (const nodeId of dying) {
    const host = cluster.network.hostOf(nodeId);
    if (host === undefined) continue;
    cluster.crash(host);
    cluster.join();
  }
}
