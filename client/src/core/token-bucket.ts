// How much of something one node, tab or address may do: a burst, and then a steady rate. What turns out to have been right can be given back,
// so that who does only that is never held up.

import type { Instant } from './io.ts';

export interface Rate {
  /** Tokens in a full bucket: the largest burst. */
  readonly burst: number;
  readonly perSecond: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: Instant;

  /** Starts full. `now`: milliseconds on a clock that only moves forward, as everywhere here. */
  constructor(rate: Rate, now: Instant) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = now;
  }

  /** Takes a token; false if there is none. */
  take(now: Instant): boolean {
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** A token is not needed after all. */
  giveBack(): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + 1);
  }

  /** Whole seconds until there is a token again; 0: there is one. */
  secondsUntilNext(now: Instant): number {
    this.#fill(now);
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) / this.#rate.perSecond);
  }

  /** True if it holds all that it can: forgetting it changes nothing. */
  isFull(now: Instant): boolean {
    this.#fill(now);
    return this.#tokens >= this.#rate.burst;
  }

  #fill(now: Instant): void {
    const gained = (Math.max(0, now - this.#filledAt) / 1_000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#filledAt = now;
  }
}
