// Stores by honest nodes in a ring with hostile ones: of those that were acknowledged, how many are on no honest node's disk, by
// the number of liars among the holders that gave receipts.

import type { Output } from '../../core/io.ts';
import type { BlockRef } from '../../core/past/block.ts';
import { isId, type NodeId } from '../../core/pastry/id.ts';
import type { Cluster } from '../cluster.ts';
import type { Host } from '../host.ts';
import { LONG_LEASE_MS, signedLease } from '../owner-leases.ts';

/** Started at once. */
const BATCH = 250;
const BATCH_LIMIT_MS = 120_000;
/** After the last acknowledgement: what repair has not made by then counts as lost. */
const AFTER_MS = 60_000;
const BLOCK_BYTES = 1_000;
const DIGEST_DIGITS = 64;
/** Far from the numbers of others' requests. */
const FIRST_REQUEST = 3_000_000_000;

export interface StoresByLiars {
  /** Liars among the holders that were acknowledged. */
  readonly liars: number;
  readonly stored: number;
  readonly lost: number;
}

export class StoreTrial {
  readonly #cluster: Cluster;
  readonly #blockByRequest = new Map<number, BlockRef>();
  readonly #holdersByDigest = new Map<string, readonly NodeId[]>();
  readonly #unanswered = new Set<number>();
  #lastRequest = FIRST_REQUEST;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.onStorage = (_host, output) => this.#output(output);
  }

  run(count: number, honest: readonly Host[], isHostile: (nodeId: NodeId) => boolean): readonly StoresByLiars[] {
    const { rng } = this.#cluster;
    for (let issued = 0; issued < count; issued += BATCH) {
      for (let index = issued; index < Math.min(count, issued + BATCH); index += 1) {
        const origin = rng.pick(honest);
        if (origin !== undefined) this.#store(origin);
      }
      this.#cluster.runUntil(() => this.#unanswered.size === 0, BATCH_LIMIT_MS);
    }
    if (count > 0) this.#cluster.run(AFTER_MS);
    return this.#byLiars(honest, isHostile);
  }

  #store(host: Host): void {
    const { rng, network, disks, options, authority } = this.#cluster;
    const digest = rng.hex(DIGEST_DIGITS);
    const key = digest.slice(0, options.params.digits);
    if (!isId(key, options.params.digits)) return;
    const block: BlockRef = { key, digest, size: BLOCK_BYTES };
    this.#lastRequest += 1;
    this.#blockByRequest.set(this.#lastRequest, block);
    this.#unanswered.add(this.#lastRequest);
    disks.offer(host, block);
    const owner = authority.owner();
    const lease = signedLease(this.#cluster, owner, digest, { forMs: LONG_LEASE_MS, serial: 1, ends: false });
    network.deliver(host, { type: 'store', request: this.#lastRequest, block, lease });
  }

  #output(output: Output): void {
    if (output.type === 'store-failed') this.#unanswered.delete(output.request);
    if (output.type !== 'stored') return;
    const block = this.#blockByRequest.get(output.request);
    if (block === undefined) return;
    this.#holdersByDigest.set(block.digest, output.holders);
    if (output.complete) this.#unanswered.delete(output.request);
  }

  #byLiars(honest: readonly Host[], isHostile: (nodeId: NodeId) => boolean): readonly StoresByLiars[] {
    const onDisk = new Set(honest.flatMap(({ disk }) => [...disk.blockByDigest.keys()]));
    const rows = Array.from({ length: this.#cluster.options.params.replicas + 1 }, (_, liars) => {
      return { liars, stored: 0, lost: 0 };
    });
    for (const [digest, holders] of this.#holdersByDigest) {
      const row = rows[Math.min(rows.length - 1, holders.filter(isHostile).length)];
      if (row === undefined) continue;
      row.stored += 1;
      if (!onDisk.has(digest)) row.lost += 1;
    }
    return rows;
  }
}
