// Stores blocks and remembers which were acknowledged complete: those must outlive what k copies can outlive.

import type { Output } from '../core/io.ts';
import type { BlockRef } from '../core/past/block.ts';
import { isId, type Key } from '../core/pastry/id.ts';
import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import type { NetworkListener } from './network.ts';
import type { Rng } from './rng.ts';

const DIGEST_DIGITS = 64;
const MAX_BLOCK_BYTES = 1_000_000;
/** Deaths within this time are one failure: repair cannot run between them. */
const REPAIR_WINDOW_MS = 120_000;

export class StoreLoad implements NetworkListener {
  /** Keys of the blocks whose store was told complete, and that more deaths at once than k have not excused. */
  readonly keyByDigest = new Map<string, Key>();
  excused = 0;
  readonly #cluster: Cluster;
  readonly #rng: Rng;
  readonly #blockByRequest = new Map<number, BlockRef>();
  readonly #deathsByDigest = new Map<string, number[]>();
  /** Far from the numbers of lookups. */
  #lastRequest = 1_000_000_000;

  constructor(cluster: Cluster, rng: Rng) {
    this.#cluster = cluster;
    this.#rng = rng;
    cluster.onStorage = (_host, output) => this.#output(output);
    cluster.network.listen(this);
  }

  store(host: Host): void {
    const digest = this.#rng.hex(DIGEST_DIGITS);
    const key = digest.slice(0, this.#cluster.options.params.digits);
    if (!isId(key, key.length)) return;
    const block: BlockRef = { key, digest, size: 1 + this.#rng.int(MAX_BLOCK_BYTES) };
    this.#lastRequest += 1;
    this.#blockByRequest.set(this.#lastRequest, block);
    this.#cluster.disks.offer(host, block);
    this.#cluster.network.deliver(host, { type: 'store', request: this.#lastRequest, block });
  }

  stateChanged(host: Host): void {
    if (host.state !== 'down') return;
    const { now } = this.#cluster.schedule;
    for (const digest of host.disk.blockByDigest.keys()) {
      const deaths = [...(this.#deathsByDigest.get(digest) ?? []), now].filter((at) => at > now - REPAIR_WINDOW_MS);
      this.#deathsByDigest.set(digest, deaths);
      if (deaths.length >= this.#cluster.options.params.replicas && this.keyByDigest.delete(digest)) this.excused += 1;
    }
  }

  #output(output: Output): void {
    if (output.type !== 'stored' || !output.complete) return;
    const block = this.#blockByRequest.get(output.request);
    if (block !== undefined) this.keyByDigest.set(block.digest, block.key);
    this.#blockByRequest.delete(output.request);
  }
}
