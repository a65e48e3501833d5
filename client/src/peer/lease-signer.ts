// Signs leases and tombstones of this node's own files, by the ring's time and in ascending order.

import { LEASE_SLACK_MS, type Lease, leaseParts, longestLeaseMs } from '../core/past/lease.ts';
import { replicaCount } from '../core/past/replicas.ts';
import type { RingParams } from '../core/pastry/params.ts';
import { statement } from '../trust/statement.ts';
import type { OwnerKey } from './owner-keys.ts';
import type { LeaseTaken } from './requests.ts';

export interface LeaseTerms {
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Above all that were signed before with the same key. */
  readonly serial: number;
  readonly ends: boolean;
}

export class LeaseSigner {
  readonly #ringKey: string;
  readonly #ringTime: () => number;
  readonly #longestMs: number;
  readonly #replicas: number;

  /** `ringTime`: milliseconds since 1970, by the ring's clock. */
  constructor(ringKey: string, ringTime: () => number, params: RingParams) {
    this.#ringKey = ringKey;
    this.#ringTime = ringTime;
    this.#longestMs = longestLeaseMs(params);
    this.#replicas = replicaCount(params);
  }

  get longestMs(): number {
    return this.#longestMs;
  }

  /** Whole milliseconds since 1970. */
  now(): number {
    return Math.floor(this.#ringTime());
  }

  /** True if those that confirmed a lease are more than half of the copies that there should be, or can be. */
  isConfirmed({ asked, kept }: Pick<LeaseTaken, 'asked' | 'kept'>): boolean {
    return kept.length > 0 && kept.length * 2 > Math.min(asked.length, this.#replicas);
  }

  /** From now on for `lengthMs`, by default as long as this ring has it. */
  terms(lastSerial: number, lengthMs = this.#longestMs): LeaseTerms {
    const now = this.now();
    return { expires: now + Math.min(lengthMs, this.#longestMs), serial: Math.max(lastSerial + 1, now), ends: false };
  }

  /** What ends all leases signed before: remembered until the longest of them would have been over. */
  endTerms(lastSerial: number): LeaseTerms {
    const { expires, serial } = this.terms(lastSerial);
    return { expires: expires + LEASE_SLACK_MS, serial, ends: true };
  }

  async sign({ owner, sign }: OwnerKey, digest: string, terms: LeaseTerms): Promise<Lease> {
    const unsigned = { ...terms, digest, owner, signature: '' };
    return { ...unsigned, signature: await sign(statement('lease', this.#ringKey, leaseParts(unsigned))) };
  }
}
