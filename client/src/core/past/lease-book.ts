// The leases that this node knows: of the blocks that it holds or waits for, and the tombstones of deleted ones. Each change
// is written beside the block, so what is in here is what the node starts with the next time.

import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import { ForeignTombstones } from './foreign-tombstones.ts';
import { keeps, LEASE_SLACK_MS, type Lease, type Leased, UNOWNED, unownedLease } from './lease.ts';

/** Of one block. One more takes the place of the one that is over first. */
const MAX_OWNERS = 8;

/** Why a lease is not taken. */
export type LeaseFault = 'lease of another block' | 'lease that is over' | 'lease longer than this ring has';

interface Entry {
  readonly block: BlockRef;
  readonly leaseByOwner: Map<string, Lease>;
}

export interface LeaseBookParts {
  /** Milliseconds since 1970, as this node knows the ring's time. */
  readonly ringTime: () => number;
  readonly longestMs: number;
  /** Writes what is known of a block to the disk; without leases, removes it there. */
  readonly keep: (leased: Leased) => void;
}

export class LeaseBook {
  /** Called after each change. */
  changed: () => void = () => undefined;
  readonly #parts: LeaseBookParts;
  readonly #entryByDigest = new Map<string, Entry>();
  /** Of blocks that have tombstones. */
  readonly #deleted = new Set<string>();
  /** Tombstones that ended no lease known here. */
  readonly #foreign = new ForeignTombstones();
  readonly #unwritten = new Set<string>();
  /** Of blocks whose leases are being written: how often. */
  readonly #writesByDigest = new Map<string, number>();

  constructor(parts: LeaseBookParts) {
    this.#parts = parts;
  }

  /** What the disk knew at the start. */
  load({ block, leases }: Leased): void {
    this.#entryByDigest.set(block.digest, {
      block,
      leaseByOwner: new Map(leases.map((lease) => [lease.owner, lease])),
    });
    if (leases.some(({ ends }) => ends)) this.#deleted.add(block.digest);
  }

  /** A block that the disk holds with no lease: it is nobody's, and kept for the longest time of one. */
  adopt(block: BlockRef): void {
    if (this.of(block.digest).length > 0) return;
    this.take(block, [unownedLease(block.digest, Math.floor(this.#parts.ringTime()) + this.#parts.longestMs)]);
  }

  get size(): number {
    return this.#entryByDigest.size;
  }

  /** Blocks with tombstones, and these. */
  deletions(): readonly Leased[] {
    return [...this.#deleted].flatMap((digest) => {
      const block = this.blockOf(digest);
      return block === undefined ? [] : [{ block, leases: this.tombstones(digest) }];
    });
  }

  entries(): readonly Leased[] {
    return Array.from(this.#entryByDigest.values(), leasedOf);
  }

  of(digest: string): readonly Lease[] {
    return [...(this.#entryByDigest.get(digest)?.leaseByOwner.values() ?? [])];
  }

  blockOf(digest: string): BlockRef | undefined {
    return this.#entryByDigest.get(digest)?.block;
  }

  get(digest: string, owner: string): Lease | undefined {
    return this.#entryByDigest.get(digest)?.leaseByOwner.get(owner);
  }

  /** True while some owner's lease keeps the block. */
  isLiving(digest: string): boolean {
    const now = this.#parts.ringTime();
    return this.of(digest).some((lease) => keeps(lease, now));
  }

  tombstones(digest: string): readonly Lease[] {
    return this.of(digest).filter(({ ends }) => ends);
  }

  /** What is wrong with a lease that came for a block, its signature apart. */
  faultOf(block: BlockRef, lease: Lease): LeaseFault | undefined {
    const now = this.#parts.ringTime();
    const { longestMs } = this.#parts;
    // A tombstone is remembered for the slack longer than the lease that it ends.
    const mostMs = longestMs + (lease.ends ? 2 : 1) * LEASE_SLACK_MS;
    if (lease.digest !== block.digest || (lease.ends && lease.owner === UNOWNED)) return 'lease of another block';
    if (lease.expires > now + mostMs) return 'lease longer than this ring has';
    return lease.expires + LEASE_SLACK_MS <= now ? 'lease that is over' : undefined;
  }

  /** True if these leases, together with those known, would keep the block. */
  wouldKeep(block: BlockRef, leases: readonly Lease[]): boolean {
    const now = this.#parts.ringTime();
    const isDeleted = this.tombstones(block.digest).length > 0;
    const good = leases.filter((lease) => this.faultOf(block, lease) === undefined && this.#isNews(lease));
    // Nobody's lease brings back what its owner has deleted.
    return (
      this.isLiving(block.digest) || good.some((lease) => keeps(lease, now) && !(isDeleted && lease.owner === UNOWNED))
    );
  }

  /** Takes what is newer of these leases of a block that is here, or is to come. True if it was anything. */
  take(block: BlockRef, leases: readonly Lease[]): boolean {
    let isNews = false;
    for (const lease of leases) {
      if (this.faultOf(block, lease) !== undefined || !this.#isNews(lease)) continue;
      isNews = this.#put(block, lease) || isNews;
    }
    if (isNews) this.#keep(block.digest);
    return isNews;
  }

  /** Remembers a tombstone of a block that is not here: copies may come back with who was away. False: there is no room for more of this bringer's. */
  takeForeign(block: BlockRef, tombstone: Lease, bringer: NodeId): boolean {
    if (this.faultOf(block, tombstone) !== undefined) return false;
    if (!this.#foreign.mayBring(bringer)) return false;
    if (this.take(block, [tombstone])) this.#foreign.add(block.digest, bringer);
    return this.get(block.digest, tombstone.owner)?.serial === tombstone.serial;
  }

  /** Writes a block's leases once more: what was on the disk may be gone. */
  keepAgain(digest: string): void {
    this.#keep(digest);
  }

  /** The block is not here any more: its tombstones alone are remembered. */
  forget(digest: string): void {
    const entry = this.#entryByDigest.get(digest);
    if (entry === undefined) return;
    let hasChanged = false;
    for (const [owner, { ends }] of entry.leaseByOwner) if (!ends) hasChanged = entry.leaseByOwner.delete(owner);
    if (hasChanged || entry.leaseByOwner.size === 0) this.#keep(digest);
  }

  /** Forgets leases and tombstones that have been over for longer than clocks differ. */
  expire(digest: string): void {
    const entry = this.#entryByDigest.get(digest);
    if (entry === undefined) return;
    const now = this.#parts.ringTime();
    let hasChanged = false;
    for (const [owner, { expires }] of entry.leaseByOwner) {
      if (expires + LEASE_SLACK_MS <= now) hasChanged = entry.leaseByOwner.delete(owner);
    }
    if (hasChanged) this.#keep(digest);
  }

  /** The last write failed. */
  isUnwritten(digest: string): boolean {
    return this.#unwritten.has(digest);
  }

  isBeingWritten(digest: string): boolean {
    return this.#writesByDigest.has(digest);
  }

  /** One write of a block's leases is over. What could not be written is not known here, as far as others hear. */
  written(digest: string, isKept: boolean): void {
    if (isKept) this.#unwritten.delete(digest);
    else if (this.#entryByDigest.has(digest)) this.#unwritten.add(digest);
    const rest = (this.#writesByDigest.get(digest) ?? 0) - 1;
    if (rest > 0) this.#writesByDigest.set(digest, rest);
    else this.#writesByDigest.delete(digest);
  }

  #isNews({ digest, owner, serial }: Lease): boolean {
    const known = this.get(digest, owner);
    // Nobody's lease is never made longer.
    return known === undefined || (owner !== UNOWNED && serial > known.serial);
  }

  #put(block: BlockRef, lease: Lease): boolean {
    const entry = this.#entryByDigest.get(block.digest) ?? { block, leaseByOwner: new Map<string, Lease>() };
    const { leaseByOwner } = entry;
    if (!leaseByOwner.has(lease.owner) && leaseByOwner.size >= MAX_OWNERS) {
      const [first] = [...leaseByOwner.values()].sort((a, b) => a.expires - b.expires);
      if (first === undefined || first.expires >= lease.expires) return false;
      leaseByOwner.delete(first.owner);
    }
    this.#entryByDigest.set(block.digest, entry);
    leaseByOwner.set(lease.owner, lease);
    return true;
  }

  #keep(digest: string): void {
    const entry = this.#entryByDigest.get(digest);
    if (entry === undefined) return;
    if (entry.leaseByOwner.size === 0) {
      this.#entryByDigest.delete(digest);
      this.#foreign.delete(digest);
      this.#unwritten.delete(digest);
    }
    if (this.tombstones(digest).length > 0) this.#deleted.add(digest);
    else this.#deleted.delete(digest);
    this.#writesByDigest.set(digest, (this.#writesByDigest.get(digest) ?? 0) + 1);
    this.#parts.keep(leasedOf(entry));
    this.changed();
  }
}

function leasedOf({ block, leaseByOwner }: Entry): Leased {
  return { block, leases: [...leaseByOwner.values()] };
}
