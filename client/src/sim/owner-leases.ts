// Leases of simulated files: each block has an owner of its own.

import { type Lease, leaseParts } from '../core/past/lease.ts';
import { statement } from '../trust/statement.ts';
import type { Owner } from './cheap-scheme.ts';
import type { Cluster } from './cluster.ts';

/** Longer than a chaos run. */
export const LONG_LEASE_MS = 7 * 24 * 60 * 60_000;

export interface Terms {
  /** From now on. */
  readonly forMs: number;
  readonly serial: number;
  readonly ends: boolean;
}

/** A lease as the owner of a file signs it. */
export function signedLease(cluster: Cluster, owner: Owner, digest: string, { forMs, serial, ends }: Terms): Lease {
  const expires = Math.round(cluster.ringClock.now + forMs);
  const unsigned = { digest, owner: owner.key, expires, serial, ends, signature: '' };
  return {
    ...unsigned,
    signature: owner.signText(statement('lease', cluster.authority.ringKey, leaseParts(unsigned))),
  };
}
