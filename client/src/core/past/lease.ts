// A lease: how long the blocks of a file are kept, and by whose word (GCPast's leases over PAST's file certificates, SOSP
// 2001, section 2.1). Its owner is a key pair that was made for one file; the lease names the public one, so it proves itself,
// whoever brings it. What ends a lease before its time is a lease too, the tombstone of a deletion.

import type { BlockRef } from './block.ts';

/** What is signed with the owner's key, and the signature. */
export interface Lease {
  readonly digest: string;
  /** Ed25519 public key, base64url, 43 characters; empty for blocks of before there were leases (UNOWNED). */
  readonly owner: string;
  /** Milliseconds since 1970. A block is kept until then; a tombstone is remembered until then. */
  readonly expires: number;
  /** Of two leases of one owner for one block the higher counts. */
  readonly serial: number;
  /** The owner wants the block no more: this lease is a tombstone. */
  readonly ends: boolean;
  /** base64url, 86 characters. */
  readonly signature: string;
}

/** A block, and the newest lease of each of its owners. */
export interface Leased {
  readonly block: BlockRef;
  readonly leases: readonly Lease[];
}

/**
 * Nobody's: what a disk held before there were leases goes from node to node with this one, so that no copy of it outlives
 * the others. It needs no signature, since an owner's key costs nothing either, and can be neither renewed nor ended.
 */
export const UNOWNED = '';

/** How far the ring's time may differ between two nodes. They have it from one Discovery node, within seconds. */
export const LEASE_SLACK_MS = 5 * 60_000;

const DAY_MS = 24 * 60 * 60_000;

/** The longest lease of a ring, and the usual one, milliseconds. */
export function longestLeaseMs({ leaseDays }: { readonly leaseDays: number }): number {
  return leaseDays * DAY_MS;
}

/** All that is signed of a lease, beside the ring. */
export function leaseParts({ digest, expires, serial, ends }: Lease): readonly (string | number)[] {
  return [digest, expires, serial, ends ? 'ends' : 'keeps'];
}

/** True for a lease that keeps its block at this time. */
export function keeps({ ends, expires }: Lease, now: number): boolean {
  return !ends && now < expires + LEASE_SLACK_MS;
}

export function unownedLease(digest: string, expires: number): Lease {
  return { digest, owner: UNOWNED, expires, serial: 0, ends: false, signature: '' };
}
