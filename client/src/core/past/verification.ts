// Complaints about this node's copies: each makes the driver read a block from disk, so they are taken at a pace.

import type { Instant } from '../io.ts';
import type { PastContext } from './context.ts';

/** A copy that was found right is right for so long, whoever complains. */
const VERIFY_INTERVAL_MS = 10_000;
/** Checks in one interval: 20 segments of 4 MiB are 80 MiB to read and hash, a second's work. */
const MAX_CHECKS = 20;

export class Verification {
  readonly #context: PastContext;
  readonly #checkedAtByDigest = new Map<string, Instant>();

  constructor(context: PastContext) {
    this.#context = context;
  }

  /** A peer got wrong bytes from here, or says so. */
  badCopy(digest: string): void {
    const { held, ring } = this.#context;
    if (!held.has(digest)) return;
    for (const [checked, at] of this.#checkedAtByDigest) {
      if (ring.now - at >= VERIFY_INTERVAL_MS) this.#checkedAtByDigest.delete(checked);
    }
    if (this.#checkedAtByDigest.has(digest) || this.#checkedAtByDigest.size >= MAX_CHECKS) return;
    this.#checkedAtByDigest.set(digest, ring.now);
    ring.emit({ type: 'verify', digest });
  }

  /** The block went, or came anew: the last check says nothing about it. */
  forget(digest: string): void {
    this.#checkedAtByDigest.delete(digest);
  }
}
