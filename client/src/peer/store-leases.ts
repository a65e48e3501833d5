// The leases of one store under way (core/past/SPEC.md, P49): a few minutes for each block until the file is in place, then the
// whole time for all of them in one pass. So what is cancelled, fails or crashes is gone after these minutes.

import type { BlockRef } from '../core/past/block.ts';
import type { Lease } from '../core/past/lease.ts';
import type { StoreOptions } from './api.ts';
import { PeerError } from './errors.ts';
import type { LeaseSigner, LeaseTerms } from './lease-signer.ts';
import { CONFIRM_ATTEMPTS, CONFIRM_PAUSE_MS, LEASE_PARALLEL, UNFINISHED_LEASE_MS } from './limits.ts';
import type { OwnerKey } from './owner-keys.ts';
import { forEachParallel } from './parallel.ts';
import type { Requests } from './requests.ts';

export interface StoreLeasesParts {
  readonly signer: LeaseSigner;
  readonly requests: Pick<Requests, 'lease'>;
  /** Resolves after so many milliseconds; rejects if the node leaves meanwhile. */
  readonly pause: (delayMs: number) => Promise<void>;
}

/** At most one of both; none: as long as may be. */
type StoreTime = Pick<StoreOptions, 'expires' | 'keptMs'>;

/** The clocks of a ring may differ by some seconds. */
const SHORTEST_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;

export class StoreLeases {
  readonly #parts: StoreLeasesParts;
  readonly #signer: LeaseSigner;
  readonly #key: OwnerKey;
  readonly #startedAt: number;
  readonly #expires: number | undefined;
  readonly #stored = new Map<string, BlockRef>();
  /** Of the minutes that blocks have until the file is in place. */
  #terms: LeaseTerms;
  #isRenewing = false;

  /** Throws a PeerError of code bad-time. */
  constructor(parts: StoreLeasesParts, key: OwnerKey, time: StoreTime) {
    const { signer } = parts;
    this.#expires = possibleEnd(time, signer);
    this.#parts = parts;
    this.#signer = signer;
    this.#key = key;
    this.#startedAt = signer.now();
    this.#terms = signer.terms(0, UNFINISHED_LEASE_MS);
  }

  /** The file is kept for as long as its owner renews it. */
  get isRenewed(): boolean {
    return this.#expires === undefined;
  }

  /** For a block that is about to be stored: for some minutes, or as long as may be. */
  async lease(digest: string, time: 'short' | 'whole'): Promise<Lease> {
    if (time === 'whole') this.#terms = this.#wholeTerms();
    return this.#signer.sign(this.#key, digest, this.#terms);
  }

  /** A block has its quorum. If the store takes long, all that are stored get more time: as much as it has taken. */
  async stored(block: BlockRef, signal: AbortSignal): Promise<void> {
    this.#stored.set(block.digest, block);
    const now = this.#signer.now();
    if (this.#isRenewing || now + UNFINISHED_LEASE_MS / 2 < this.#terms.expires) return;
    this.#isRenewing = true;
    this.#terms = this.#signer.terms(this.#terms.serial, Math.max(UNFINISHED_LEASE_MS, 2 * (now - this.#startedAt)));
    await this.#bring(signal);
    this.#isRenewing = false;
  }

  /** The file is in place: all its blocks get the whole time. Rejects with a PeerError of code timed-out if some did not. */
  async finish(signal: AbortSignal | undefined): Promise<LeaseTerms> {
    if (this.#stored.size > 0) {
      this.#terms = this.#wholeTerms();
      await this.#bring(signal);
    }
    return this.#terms;
  }

  #wholeTerms(): LeaseTerms {
    const lengthMs = this.#expires === undefined ? undefined : this.#expires - this.#signer.now();
    return this.#signer.terms(this.#terms.serial, lengthMs);
  }

  async #bring(signal: AbortSignal | undefined): Promise<void> {
    const terms = this.#terms;
    await forEachParallel([...this.#stored.values()], LEASE_PARALLEL, signal, async (block, ended) => {
      const lease = await this.#signer.sign(this.#key, block.digest, terms);
      if (await this.#isConfirmed(block, lease, ended)) return;
      throw new PeerError(
        'timed-out',
        'the file is stored, but those that hold it did not confirm for how long: store it again',
      );
    });
  }

  /** The ring may be repairing itself: of three copies there were two a moment ago, and one of their holders may be taken for dead. */
  async #isConfirmed(block: BlockRef, lease: Lease, ended: AbortSignal): Promise<boolean> {
    const { requests, signer, pause } = this.#parts;
    for (let attempt = 1; ; attempt += 1) {
      if (signer.isConfirmed(await requests.lease(block, lease))) return true;
      if (attempt === CONFIRM_ATTEMPTS || ended.aborted) return false;
      await pause(CONFIRM_PAUSE_MS);
    }
  }
}

/** Milliseconds since 1970, by the ring's clock; undefined if no time is given. */
function possibleEnd({ expires, keptMs }: StoreTime, signer: LeaseSigner): number | undefined {
  const now = signer.now();
  const end = keptMs === undefined ? expires : now + keptMs;
  if (end === undefined) return undefined;
  if (keptMs !== undefined && expires !== undefined)
    throw new PeerError('bad-time', 'give either expires or keptMs: a file’s time ends once');
  if (end - now >= SHORTEST_MS && end - now <= signer.longestMs) return Math.floor(end);
  const days = signer.longestMs / DAY_MS;
  throw new PeerError(
    'bad-time',
    `a file can be stored for a time from a minute to ${days} days from now (the ring’s clock says ${new Date(now).toISOString().slice(0, 16)}Z); without one it is renewed for as long as its storer comes back`,
  );
}
