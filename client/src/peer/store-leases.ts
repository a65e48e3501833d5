// The leases of one store under way (core/past/SPEC.md, P49): a few minutes for each block until the file is in place, then the
// whole time for all of them in one pass. So what is cancelled, fails or crashes is gone after these minutes.

import type { BlockRef } from '../core/past/block.ts';
import type { Lease } from '../core/past/lease.ts';
import { PeerError } from './errors.ts';
import type { LeaseSigner, LeaseTerms } from './lease-signer.ts';
import { LEASE_PARALLEL, UNFINISHED_LEASE_MS } from './limits.ts';
import type { OwnerKey } from './owner-keys.ts';
import { forEachParallel } from './parallel.ts';
import type { Requests } from './requests.ts';

export class StoreLeases {
  readonly #signer: LeaseSigner;
  readonly #requests: Requests;
  readonly #key: OwnerKey;
  readonly #startedAt: number;
  readonly #stored = new Map<string, BlockRef>();
  /** Of the minutes that blocks have until the file is in place. */
  #terms: LeaseTerms;
  #isRenewing = false;

  constructor(signer: LeaseSigner, requests: Requests, key: OwnerKey) {
    this.#signer = signer;
    this.#requests = requests;
    this.#key = key;
    this.#startedAt = signer.now();
    this.#terms = signer.terms(0, UNFINISHED_LEASE_MS);
  }

  /** For a block that is about to be stored: for some minutes, or as long as may be. */
  async lease(digest: string, time: 'short' | 'whole'): Promise<Lease> {
    if (time === 'whole') this.#terms = this.#signer.terms(this.#terms.serial);
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
      this.#terms = this.#signer.terms(this.#terms.serial);
      await this.#bring(signal);
    }
    return this.#terms;
  }

  async #bring(signal: AbortSignal | undefined): Promise<void> {
    const terms = this.#terms;
    await forEachParallel([...this.#stored.values()], LEASE_PARALLEL, signal, async (block) => {
      const lease = await this.#signer.sign(this.#key, block.digest, terms);
      if (this.#signer.isConfirmed(await this.#requests.lease(block, lease))) return;
      throw new PeerError(
        'timed-out',
        'the file is stored, but those that hold it did not confirm for how long: store it again',
      );
    });
  }
}
