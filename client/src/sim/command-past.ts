// sim past: blocks are stored until no more fit, and it is told how full the disks are when copies are diverted and stores
// fail (PAST, SOSP 2001, section 5.1, tables 2 to 4).

import { MAX_SALT } from '../core/past/block.ts';
import { ROOM_POLICY, type RoomPolicy } from '../core/past/room.ts';
import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { DEFAULT_TIMING } from '../core/pastry/timing.ts';
import { type Flags, parseFlags, UsageError } from './arguments.ts';
import { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import { createTabringNode } from './machine.ts';
import { DISKS, drawDisk, drawWebFile, FillingLoad, type Row } from './past-load.ts';
import type { Progress, Report } from './report.ts';
import { Rng } from './rng.ts';

const JOIN_INTERVAL_MS = 1_000;
const JOIN_LIMIT_MS = 600_000;
/** Between two stores: slow enough for the one before to end, mostly. */
const STORE_INTERVAL_MS = 100;
/** The last stores end within this. */
const DRAIN_MS = 300_000;
const SHOWN_AT = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98];
/** How full the disks are is looked at so often, in stores: it takes long. */
const LOOK_EVERY = 50;
/** Of a digest, the first among them. */
const MAX_PLACES = MAX_SALT + 1;
const MEGABYTE = 1_000_000;

export function past(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(
    args,
    [
      ...['nodes', 'disk', 'disks', 'block', 'overfill', 'seed', 'replicas', 'leaf-set'],
      ...['t-pri', 't-div', 'kept-free', 'places'],
    ],
    ['json', 'web'],
  );
  const nodes = flags.whole('nodes', 40, 5, 10_000);
  const diskMegabytes = flags.number('disk', 20, 0.1, 1e6);
  const meanMegabytes = flags.number('block', 0.1, 0.001, 1e6);
  const overfill = flags.number('overfill', 1.1, 0.1, 10);
  const seed = flags.whole('seed', 1, 0, Number.MAX_SAFE_INTEGER);
  const replicas = flags.whole('replicas', DEFAULT_RING_PARAMS.replicas, 1, 8);
  const leafSetSize = flags.whole('leaf-set', DEFAULT_RING_PARAMS.leafSetSize, 2, 128);
  const places = flags.whole('places', MAX_PLACES, 1, MAX_PLACES);
  const disks = disksOf(flags);
  const roomPolicy = policyOf(flags);
  const cluster = new Cluster({
    seed,
    params: { ...DEFAULT_RING_PARAMS, replicas, leafSetSize },
    ...{ timing: DEFAULT_TIMING, topology: 'plane', links: 'instant', wire: false },
    createMachine: (options) => createTabringNode({ ...options, roomPolicy }),
  });
  const rng = new Rng(seed).split('past');
  const hosts: Host[] = [];
  for (let joined = 0; joined < nodes; joined += 1) {
    const share = disks === undefined ? rng.between(0.5, 1.5) : drawDisk(rng, DISKS[disks]);
    hosts.push(cluster.join({ diskCapacity: diskMegabytes * MEGABYTE * share }));
    cluster.run(JOIN_INTERVAL_MS);
  }
  cluster.runUntil(() => cluster.truth.ring.size === nodes, JOIN_LIMIT_MS);
  const capacity = hosts.reduce((sum, { disk }) => sum + disk.capacity, 0);
  const load = new FillingLoad(cluster, rng, hosts, places);
  const sizeOf = (): number =>
    flags.has('web') ? drawWebFile(rng) : Math.max(1, Math.round(rng.exponential(meanMegabytes * MEGABYTE)));
  const rows: Row[] = [];
  let stores = 0;
  for (let offered = 0; offered < overfill * capacity; stores += 1) {
    const size = sizeOf();
    load.store(size);
    offered += replicas * size;
    cluster.run(STORE_INTERVAL_MS);
    const next = SHOWN_AT[rows.length];
    if (next === undefined || stores % LOOK_EVERY !== 0 || load.utilisation(capacity) < next) continue;
    rows.push(load.row(capacity));
    progress(`${(100 * next).toFixed(0)} % full after ${load.row(capacity).stores} stores`);
  }
  cluster.run(DRAIN_MS);
  const last = load.row(capacity);
  rows.push(last);
  const json = {
    ...{ nodes, diskMegabytes, disks: disks ?? 'even', meanMegabytes, isWeb: flags.has('web'), overfill, seed },
    ...{ replicas, leafSetSize, places, tPri: roomPolicy.mostOfRoom.primary, tDiv: roomPolicy.mostOfRoom.diverted },
    ...{ keptFree: roomPolicy.keptFree, rows, ...atTheEnd(last), ...failedAt(rows) },
  };
  return {
    json,
    rows: rows.map((row): [string, string] => [`${percent(row.utilisation)} full`, text(row)]),
    isGood: true,
  };
}

/** Undefined: from half the mean to one and a half, all alike often. */
function disksOf(flags: Flags): keyof typeof DISKS | undefined {
  const name = flags.text('disks');
  if (name === undefined) return undefined;
  for (const known of Object.keys(DISKS) as (keyof typeof DISKS)[]) if (known === name) return known;
  throw new UsageError(`--disks takes ${Object.keys(DISKS).join(', ')}, not "${name}"`);
}

function policyOf(flags: Flags): RoomPolicy {
  const { mostOfRoom, keptFree } = ROOM_POLICY;
  return {
    mostOfRoom: {
      primary: flags.number('t-pri', mostOfRoom.primary, 0, 1),
      diverted: flags.number('t-div', mostOfRoom.diverted, 0, 1),
    },
    keptFree: flags.number('kept-free', keptFree, 0, 1),
  };
}

/** What the paper's tables 2 to 4 tell. */
function atTheEnd(row: Row) {
  return {
    utilisation: row.utilisation,
    failedShare: row.failed / row.stores,
    elsewhereShare: row.elsewhere / row.stores,
    divertedShare: row.divertedCopies / Math.max(1, row.copies),
  };
}

/** Failed stores of all up to the moment when 80 and 95 % of all room are used; not told if that did not come. */
function failedAt(rows: readonly Row[]): Readonly<Record<string, number>> {
  const shares: Record<string, number> = {};
  for (const at of [0.8, 0.95]) {
    const row = rows[SHOWN_AT.indexOf(at)];
    if (row !== undefined && row.utilisation >= at) shares[`failedShareAt${100 * at}`] = row.failed / row.stores;
    if (row !== undefined && row.utilisation >= at)
      shares[`divertedShareAt${100 * at}`] = row.divertedCopies / Math.max(1, row.copies);
  }
  return shares;
}

function text({ stores, failed, elsewhere: moved, copies, divertedCopies }: Row): string {
  const ofStores = (count: number): string => percent(count / stores);
  return `${stores} stores, ${ofStores(failed)} failed, ${ofStores(moved)} at another place, ${percent(divertedCopies / Math.max(1, copies))} of the copies diverted`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
