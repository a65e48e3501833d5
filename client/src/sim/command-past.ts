// sim past: blocks are stored until no more fit, and it is told how full the disks are when copies are diverted and stores
// fail (PAST, section 5.1, tables 2 to 4: utilisation with t_pri = 0.1 and t_div = 0.05).

import type { Output } from '../core/io.ts';
import { type BlockRef, elsewhere, placedBlock } from '../core/past/block.ts';
import { DEFAULT_RING_PARAMS } from '../core/pastry/params.ts';
import { DEFAULT_TIMING } from '../core/pastry/timing.ts';
import { parseFlags } from './arguments.ts';
import { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import { createTabringNode } from './machine.ts';
import { LONG_LEASE_MS, signedLease } from './owner-leases.ts';
import type { Progress, Report } from './report.ts';
import { Rng } from './rng.ts';

const DIGEST_DIGITS = 64;
const JOIN_INTERVAL_MS = 1_000;
const JOIN_LIMIT_MS = 600_000;
/** Between two stores: slow enough for the one before to end, mostly. */
const STORE_INTERVAL_MS = 500;
/** The last stores end within this. */
const DRAIN_MS = 300_000;
const SHOWN_AT = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98];
const MEGABYTE = 1_000_000;

/** What has come of all stores so far. */
interface Row {
  readonly utilisation: number;
  readonly stores: number;
  readonly failed: number;
  /** Of those that succeeded: at another place than the first. */
  readonly elsewhere: number;
  readonly copies: number;
  readonly divertedCopies: number;
}

export function past(args: readonly string[], progress: Progress): Report {
  const flags = parseFlags(args, ['nodes', 'disk', 'block', 'overfill', 'seed'], ['json']);
  const nodes = flags.whole('nodes', 40, 5, 10_000);
  const diskMegabytes = flags.number('disk', 20, 0.1, 1e6);
  const meanMegabytes = flags.number('block', 0.1, 0.001, 1e6);
  const overfill = flags.number('overfill', 1.1, 0.1, 10);
  const seed = flags.whole('seed', 1, 0, Number.MAX_SAFE_INTEGER);
  const cluster = new Cluster({
    ...{ seed, params: DEFAULT_RING_PARAMS, timing: DEFAULT_TIMING, topology: 'plane', links: 'instant', wire: false },
    createMachine: createTabringNode,
  });
  // Disks of one to three times the smallest, so that some are full long before others.
  const rng = new Rng(seed).split('past');
  const hosts: Host[] = [];
  for (let joined = 0; joined < nodes; joined += 1) {
    hosts.push(cluster.join({ diskCapacity: diskMegabytes * MEGABYTE * rng.between(0.5, 1.5) }));
    cluster.run(JOIN_INTERVAL_MS);
  }
  cluster.runUntil(() => cluster.truth.ring.size === nodes, JOIN_LIMIT_MS);
  const capacity = hosts.reduce((sum, { disk }) => sum + disk.capacity, 0);
  const load = new FillingLoad(cluster, rng, hosts);
  const rows: Row[] = [];
  for (let offered = 0; offered < overfill * capacity; ) {
    offered += DEFAULT_RING_PARAMS.replicas * load.store(meanMegabytes * MEGABYTE);
    cluster.run(STORE_INTERVAL_MS);
    const next = SHOWN_AT[rows.length];
    if (next === undefined || load.utilisation(capacity) < next) continue;
    rows.push(load.row(capacity));
    progress(`${(100 * next).toFixed(0)} % full after ${load.row(capacity).stores} stores`);
  }
  cluster.run(DRAIN_MS);
  rows.push(load.row(capacity));
  const json = { nodes, diskMegabytes, meanMegabytes, overfill, seed, rows };
  return {
    json,
    rows: rows.map((row): [string, string] => [`${percent(row.utilisation)} full`, text(row)]),
    isGood: true,
  };
}

/** Stores blocks of exponentially distributed sizes from random nodes, and tries the other places of those that fail. */
class FillingLoad {
  readonly #cluster: Cluster;
  readonly #rng: Rng;
  readonly #hosts: readonly Host[];
  readonly #placesByRequest = new Map<number, readonly BlockRef[]>();
  #requests = 0;
  #stores = 0;
  #failed = 0;
  #elsewhere = 0;
  readonly #stored = new Set<number>();

  constructor(cluster: Cluster, rng: Rng, hosts: readonly Host[]) {
    this.#cluster = cluster;
    this.#rng = rng;
    this.#hosts = hosts;
    cluster.onStorage = (host, output) => this.#heard(host, output);
  }

  /** Returns the block's size. */
  store(meanBytes: number): number {
    const digest = this.#rng.hex(DIGEST_DIGITS);
    const size = Math.max(1, Math.round(this.#rng.exponential(meanBytes)));
    const first = placedBlock(digest, size, this.#cluster.options.params.digits, 0);
    const host = this.#rng.pick(this.#hosts);
    this.#stores += 1;
    if (host !== undefined) this.#begin(host, [first, ...elsewhere(first)]);
    return size;
  }

  utilisation(capacity: number): number {
    return this.#blocks().reduce((sum, { size }) => sum + size, 0) / capacity;
  }

  row(capacity: number): Row {
    let divertedCopies = 0;
    for (const { machine } of this.#hosts) divertedCopies += machine.inspect().pointers.length;
    return {
      ...{ utilisation: this.utilisation(capacity), stores: this.#stores, failed: this.#failed },
      ...{ elsewhere: this.#elsewhere, copies: this.#blocks().length, divertedCopies },
    };
  }

  #blocks(): readonly BlockRef[] {
    return this.#hosts.flatMap(({ disk }) => [...disk.blockByDigest.values()]);
  }

  #begin(host: Host, places: readonly BlockRef[]): void {
    const [block] = places;
    if (block === undefined) return;
    this.#requests += 1;
    this.#placesByRequest.set(this.#requests, places);
    this.#cluster.disks.offer(host, block);
    const terms = { forMs: LONG_LEASE_MS, serial: 1, ends: false };
    const lease = signedLease(this.#cluster, this.#cluster.authority.owner(), block.digest, terms);
    this.#cluster.network.deliver(host, { type: 'store', request: this.#requests, block, lease });
  }

  #heard(host: Host, output: Output): void {
    if (output.type === 'stored' && !this.#stored.has(output.request)) {
      this.#stored.add(output.request);
      const left = this.#placesByRequest.get(output.request)?.length ?? 0;
      const [block] = this.#placesByRequest.get(output.request) ?? [];
      if (block !== undefined && left < elsewhere(block).length + 1) this.#elsewhere += 1;
    }
    if (output.type !== 'store-failed') return;
    const rest = this.#placesByRequest.get(output.request)?.slice(1) ?? [];
    if (output.reason !== 'full' || rest.length === 0) this.#failed += 1;
    else this.#begin(host, rest);
  }
}

function text({ stores, failed, elsewhere: moved, copies, divertedCopies }: Row): string {
  const ofStores = (count: number): string => percent(count / stores);
  return `${stores} stores, ${ofStores(failed)} failed, ${ofStores(moved)} at another place, ${percent(divertedCopies / Math.max(1, copies))} of the copies diverted`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
