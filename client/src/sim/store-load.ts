// Stores blocks and remembers which were acknowledged complete: those must outlive what k copies can outlive. Deletes some of
// them, which must not come back, and leaves others unfinished, which must not outlive their lease.

import type { Input, Output } from '../core/io.ts';
import type { BlockRef } from '../core/past/block.ts';
import { isId, type Key } from '../core/pastry/id.ts';
import type { Owner } from './cheap-scheme.ts';
import type { Violation } from './checkers.ts';
import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import type { NetworkListener } from './network.ts';
import { LONG_LEASE_MS, signedLease } from './owner-leases.ts';
import type { Rng } from './rng.ts';

const DIGEST_DIGITS = 64;
const MAX_BLOCK_BYTES = 1_000_000;
/** Deaths within this time are one failure: repair cannot run between them. */
const REPAIR_WINDOW_MS = 120_000;
/** Of a file that is not in place yet. */
const UNFINISHED_MS = 10 * 60_000;

export class StoreLoad implements NetworkListener {
  /** Keys of the blocks whose store was told complete, and that more deaths at once than k have not excused. */
  readonly keyByDigest = new Map<string, Key>();
  excused = 0;
  /** Blocks of which a quorum knows that they are deleted, with the same excuse. */
  readonly deleted = new Set<string>();
  /** When the lease of a block is over, by the ring's time, of those that nobody renews. */
  readonly endByOrphan = new Map<string, number>();
  /** Copies that ended before their lease did. */
  readonly violations: Violation[] = [];
  readonly #ownerByDigest = new Map<string, Owner>();
  readonly #endByDigest = new Map<string, number>();
  readonly #removedByRequest = new Map<number, string>();
  readonly #cluster: Cluster;
  readonly #rng: Rng;
  readonly #blockByRequest = new Map<number, BlockRef>();
  readonly #excusedTombstones = new Set<string>();
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
    this.#store(host, LONG_LEASE_MS);
  }

  /** Stores a block of a file that is never finished. */
  abandon(host: Host): void {
    const digest = this.#store(host, UNFINISHED_MS);
    if (digest !== undefined) this.endByOrphan.set(digest, this.#endByDigest.get(digest) ?? 0);
  }

  /** Deletes one of the stored blocks, from `host`. */
  remove(host: Host): void {
    const [digest, key] = this.#rng.pick([...this.keyByDigest]) ?? [];
    const owner = this.#ownerByDigest.get(digest ?? '');
    if (digest === undefined || key === undefined || owner === undefined) return;
    this.keyByDigest.delete(digest);
    this.#endByDigest.set(digest, 0);
    this.#lastRequest += 1;
    this.#removedByRequest.set(this.#lastRequest, digest);
    const lease = signedLease(this.#cluster, owner, digest, { forMs: LONG_LEASE_MS, serial: 2, ends: true });
    const block: BlockRef = { key, digest, size: 1 };
    this.#cluster.network.deliver(host, { type: 'lease', request: this.#lastRequest, block, lease });
  }

  /** A copy goes because its time is over: it must be, by the true time. */
  handled(host: Host, _input: Input, outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.type !== 'trace' || output.event.kind !== 'ended') continue;
      const { digest } = output.event;
      if ((this.#endByDigest.get(digest) ?? 0) <= this.#cluster.ringClock.now) continue;
      this.violations.push({ rule: 'ended-too-early', detail: `${digest.slice(0, 8)} at ${host.nodeId}` });
    }
  }

  #store(host: Host, forMs: number): string | undefined {
    const digest = this.#rng.hex(DIGEST_DIGITS);
    const key = digest.slice(0, this.#cluster.options.params.digits);
    if (!isId(key, key.length)) return undefined;
    const block: BlockRef = { key, digest, size: 1 + this.#rng.int(MAX_BLOCK_BYTES) };
    this.#lastRequest += 1;
    this.#blockByRequest.set(this.#lastRequest, block);
    this.#cluster.disks.offer(host, block);
    const owner = this.#cluster.authority.owner();
    const lease = signedLease(this.#cluster, owner, digest, { forMs, serial: 1, ends: false });
    this.#ownerByDigest.set(digest, owner);
    this.#endByDigest.set(digest, lease.expires);
    this.#cluster.network.deliver(host, { type: 'store', request: this.#lastRequest, block, lease });
    return digest;
  }

  stateChanged(host: Host): void {
    if (host.state !== 'down') return;
    const { now } = this.#cluster.schedule;
    // Tombstones too: they are kept as copies are.
    for (const digest of new Set([...host.disk.blockByDigest.keys(), ...host.disk.leasedByDigest.keys()])) {
      const deaths = [...(this.#deathsByDigest.get(digest) ?? []), now].filter((at) => at > now - REPAIR_WINDOW_MS);
      this.#deathsByDigest.set(digest, deaths);
      if (deaths.length < this.#cluster.options.params.replicas) continue;
      this.#excusedTombstones.add(digest);
      if (this.keyByDigest.delete(digest) || this.deleted.delete(digest)) this.excused += 1;
    }
  }

  #output(output: Output): void {
    if (output.type === 'leased') return this.#leased(output);
    if (output.type !== 'stored' || !output.complete) return;
    const block = this.#blockByRequest.get(output.request);
    const isMeant = block !== undefined && !this.endByOrphan.has(block.digest);
    if (isMeant) this.keyByDigest.set(block.digest, block.key);
    this.#blockByRequest.delete(output.request);
  }

  #leased({ request, asked, kept }: Extract<Output, { readonly type: 'leased' }>): void {
    const digest = this.#removedByRequest.get(request);
    this.#removedByRequest.delete(request);
    const isQuorum = kept.length * 2 > Math.min(asked.length, this.#cluster.options.params.replicas);
    if (digest !== undefined && isQuorum && !this.#excusedTombstones.has(digest)) this.deleted.add(digest);
  }
}
