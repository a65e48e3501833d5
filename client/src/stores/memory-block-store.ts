// Blocks in memory: for tests, the simulator's neighbours and nodes that need not outlive their process.

import type { BlockRef } from '../core/past/block.ts';
import type { Leased } from '../core/past/lease.ts';
import { PeerError } from '../peer/errors.ts';
import type { BlockStore } from '../peer/ports.ts';

export class MemoryBlockStore implements BlockStore {
  readonly #blockByDigest = new Map<string, { readonly ref: BlockRef; readonly bytes: Uint8Array }>();
  readonly #leasedByDigest = new Map<string, Leased>();
  readonly #capacityBytes: number;
  #usedBytes = 0;

  /** Holds at most `capacityBytes`; without bound by default. */
  constructor(capacityBytes = Number.POSITIVE_INFINITY) {
    this.#capacityBytes = capacityBytes;
  }

  async list(): Promise<readonly BlockRef[]> {
    return Array.from(this.#blockByDigest.values(), ({ ref }) => ref);
  }

  async get(digest: string): Promise<Uint8Array | undefined> {
    return this.#blockByDigest.get(digest)?.bytes.slice();
  }

  async put(block: BlockRef, bytes: Uint8Array): Promise<void> {
    const freed = this.#blockByDigest.get(block.digest)?.bytes.length ?? 0;
    const usedBytes = this.#usedBytes - freed + bytes.length;
    if (usedBytes > this.#capacityBytes) throw new PeerError('full', 'There is no room left in this node.');
    this.#usedBytes = usedBytes;
    const { key, digest, size } = block;
    this.#blockByDigest.set(digest, { ref: { key, digest, size }, bytes: bytes.slice() });
  }

  async delete(digest: string): Promise<void> {
    this.#usedBytes -= this.#blockByDigest.get(digest)?.bytes.length ?? 0;
    this.#blockByDigest.delete(digest);
  }

  async leases(): Promise<readonly Leased[]> {
    return [...this.#leasedByDigest.values()];
  }

  async setLeases(leased: Leased): Promise<void> {
    if (leased.leases.length === 0) this.#leasedByDigest.delete(leased.block.digest);
    else this.#leasedByDigest.set(leased.block.digest, leased);
  }

  async freeBytes(): Promise<number> {
    return Math.max(0, this.#capacityBytes - this.#usedBytes);
  }

  async check(): Promise<'intact' | 'replaced'> {
    return 'intact';
  }

  async close(): Promise<void> {
    this.#blockByDigest.clear();
    this.#leasedByDigest.clear();
    this.#usedBytes = 0;
  }
}
