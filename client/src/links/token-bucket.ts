// How often something may be done: a burst, and then a steady rate.

export interface Rate {
  /** Tokens in a full bucket. */
  readonly burst: number;
  readonly tokensPerSecond: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  /** Starts full. `now`: milliseconds on a clock that only moves forward. */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = now;
  }

  /** Takes one token; false if there is none. */
  take(now: number): boolean {
    const gained = ((now - this.#filledAt) / 1000) * this.#rate.tokensPerSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
