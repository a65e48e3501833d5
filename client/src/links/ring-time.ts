// The ring's time: the Discovery node's clock, carried on by this machine's clock that only moves forward. How late it is on
// this machine does not matter, so a clock that is wrong by a year does no harm.

export class RingTime {
  readonly #now: () => number;
  #aheadMs: number | undefined;

  /** `now`: milliseconds on a clock that only moves forward and counts the time that the machine sleeps. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The Discovery node has just said what time it is, in seconds since 1970. */
  learn(seconds: number): void {
    this.#aheadMs = seconds * 1000 - this.#now();
  }

  /** Seconds since 1970. */
  get seconds(): number {
    if (this.#aheadMs === undefined) throw new Error('the Discovery node has not told the time yet');
    return (this.#now() + this.#aheadMs) / 1000;
  }
}
