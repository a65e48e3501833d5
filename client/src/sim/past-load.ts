// Disks and files after PAST's experiments (SOSP 2001, section 5): sizes of disks drawn from its normal distributions, and of
// files from one with the mean and the median of its web trace, which is not public.

import type { Output } from '../core/io.ts';
import { type BlockRef, elsewhere, placedBlock } from '../core/past/block.ts';
import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import { LONG_LEASE_MS, signedLease } from './owner-leases.ts';
import type { Rng } from './rng.ts';

const DIGEST_DIGITS = 64;

/** Table 1 of the paper, in means of a disk: the deviation, and where the distribution is cut off. */
export const DISKS = {
  d1: { deviation: 10.8 / 27, least: 2 / 27, most: 51 / 27 },
  d2: { deviation: 9.6 / 27, least: 4 / 27, most: 49 / 27 },
  d3: { deviation: 54 / 27, least: 6 / 27, most: 48 / 27 },
  d4: { deviation: 54 / 27, least: 1 / 27, most: 53 / 27 },
} as const;

/** Mean and median of the web trace's files, bytes. */
const WEB_MEAN_BYTES = 10_517;
const WEB_MEDIAN_BYTES = 1_312;

/** What has come of all stores so far. */
export interface Row {
  readonly utilisation: number;
  readonly stores: number;
  readonly failed: number;
  /** Of those that succeeded: at another place than the first. */
  readonly elsewhere: number;
  readonly copies: number;
  readonly divertedCopies: number;
}

/** A disk's size, in means. */
export function drawDisk(rng: Rng, { deviation, least, most }: (typeof DISKS)[keyof typeof DISKS]): number {
  for (;;) {
    const size = 1 + deviation * normal(rng);
    if (size >= least && size <= most) return size;
  }
}

/** A file's size, bytes: log-normal, so that mean and median are the trace's. */
export function drawWebFile(rng: Rng): number {
  const deviation = Math.sqrt(2 * Math.log(WEB_MEAN_BYTES / WEB_MEDIAN_BYTES));
  return Math.max(1, Math.round(WEB_MEDIAN_BYTES * Math.exp(deviation * normal(rng))));
}

/** Box and Muller's. */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.between(0, 1))) * Math.cos(2 * Math.PI * rng.between(0, 1));
}

/** Stores blocks from random nodes, and tries the other places of those for which there is no room. */
export class FillingLoad {
  readonly #cluster: Cluster;
  readonly #rng: Rng;
  readonly #hosts: readonly Host[];
  readonly #places: number;
  readonly #placesByRequest = new Map<number, readonly BlockRef[]>();
  readonly #stored = new Set<number>();
  #requests = 0;
  #stores = 0;
  #failed = 0;
  #elsewhere = 0;

  /** `places`: at how many places of its digest a block is tried (P64). */
  constructor(cluster: Cluster, rng: Rng, hosts: readonly Host[], places: number) {
    this.#cluster = cluster;
    this.#rng = rng;
    this.#hosts = hosts;
    this.#places = places;
    cluster.onStorage = (host, output) => this.#heard(host, output);
  }

  store(size: number): void {
    const digest = this.#rng.hex(DIGEST_DIGITS);
    const first = placedBlock(digest, size, this.#cluster.options.params.digits, 0);
    const host = this.#rng.pick(this.#hosts);
    this.#stores += 1;
    if (host !== undefined) this.#begin(host, [first, ...elsewhere(first)].slice(0, this.#places));
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
      if ((this.#placesByRequest.get(output.request)?.length ?? 0) < this.#places) this.#elsewhere += 1;
    }
    if (output.type !== 'store-failed') return;
    const rest = this.#placesByRequest.get(output.request)?.slice(1) ?? [];
    if (output.reason !== 'full' || rest.length === 0) this.#failed += 1;
    else this.#begin(host, rest);
  }
}
