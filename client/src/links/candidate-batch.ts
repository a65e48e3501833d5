// Waits a moment for ICE candidates to gather, so that a description and its candidates travel in few signals: each is signed,
// carried by others, and checked.

import { CANDIDATE_BATCH_MS, FIRST_CANDIDATES_MS } from './limits.ts';

export class CandidateBatch {
  readonly #flush: () => void;
  /** There is what no signal has told yet. */
  #isUntold = false;
  #isComplete = false;
  #released = false;
  /** The description was told. */
  #isDescribed = false;
  #isEnough = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitMs = FIRST_CANDIDATES_MS;

  /** `flush` is called when it is time for a signal with what was gathered. */
  constructor(flush: () => void) {
    this.#flush = flush;
  }

  /** One more was found. */
  add(): void {
    this.#isUntold = true;
    this.#schedule();
  }

  /** The description is there: it goes with the first candidates, and never after them. */
  release(): void {
    this.#released = true;
    this.#isUntold = true;
    if (this.#isComplete) this.#tell();
    else this.#schedule();
  }

  /** There will be no more, so nothing is to be waited for. */
  complete(): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    if (this.#released && this.#isUntold) this.#tell();
  }

  /**
   * The two ends reach each other: more candidates are of no use. The description is, which may not have been told yet: an
   * offerer answers the checks of who is about to send it the answer.
   */
  enough(): void {
    this.#isEnough = true;
    if (this.#isDescribed) this.stop();
  }

  /** Calls no more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#released = false;
  }

  #schedule(): void {
    if (this.#released && this.#isUntold) this.#timer ??= setTimeout(() => this.#tell(), this.#waitMs);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isUntold = false;
    this.#isDescribed = true;
    if (this.#isEnough) this.stop();
    this.#waitMs = CANDIDATE_BATCH_MS;
    this.#flush();
  }
}
