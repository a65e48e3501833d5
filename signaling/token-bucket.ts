// A token bucket: how much one tab or address may ask for. It allows a burst and then a steady rate.

export interface Rate {
  /** Tokens in a full bucket: the largest burst. */
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
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Whole seconds until there is a token again; 0: there is one. */
  secondsUntilNext(now: number): number {
    this.#fill(now);
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) / this.#rate.tokensPerSecond);
  }

  #fill(now: number): void {
    const gained = ((now - this.#filledAt) / 1000) * this.#rate.tokensPerSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#filledAt = now;
  }
}
