// How many bytes may still go: a burst, and then a steady rate. What goes is taken whole, so that it may fall into debt by one
// piece; then it waits until that is paid.

import type { Rate } from '../client/src/core/token-bucket.ts';

export class ByteBudget {
  readonly #rate: Rate;
  #left: number;
  #filledAt: number;

  /** Starts full. `rate` in bytes; `now`: milliseconds on a clock that only moves forward. */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#filledAt = now;
  }

  take(bytes: number, now: number): void {
    this.#fill(now);
    this.#left -= bytes;
  }

  /** Milliseconds until more may go; 0: it may. */
  msUntilMore(now: number): number {
    this.#fill(now);
    return this.#left > 0 ? 0 : Math.ceil((1_000 * (1 - this.#left)) / this.#rate.perSecond);
  }

  #fill(now: number): void {
    const gained = (Math.max(0, now - this.#filledAt) / 1_000) * this.#rate.perSecond;
    this.#left = Math.min(this.#rate.burst, this.#left + gained);
    this.#filledAt = now;
  }
}
