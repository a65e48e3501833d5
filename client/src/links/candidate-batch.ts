// Waits a moment for ICE candidates to gather, so that they travel in few signals, and never before the description they
// belong to. The first wait is the shortest: a link cannot open before these.

import { CANDIDATE_BATCH_MS, FIRST_CANDIDATES_MS } from './limits.ts';

export class CandidateBatch {
  readonly #flush: () => void;
  #hasGathered = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #released = false;
  #waitMs = FIRST_CANDIDATES_MS;

  /** `flush` is called when it is time for a signal with what was gathered. */
  constructor(flush: () => void) {
    this.#flush = flush;
  }

  /** One more was found. */
  add(): void {
    this.#hasGathered = true;
    this.#schedule();
  }

  /** The description is on its way: candidates may follow. */
  release(): void {
    this.#released = true;
    this.#schedule();
  }

  /** Calls no more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#released = false;
    this.#hasGathered = false;
  }

  #schedule(): void {
    if (!this.#released || !this.#hasGathered) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#hasGathered = false;
      this.#waitMs = CANDIDATE_BATCH_MS;
      this.#flush();
    }, this.#waitMs);
  }
}
