// The ring's time: the Discovery node's clock, carried on by this machine's clock that only moves forward. How late it is on
// this machine does not matter, so a clock that is wrong by a year does no harm.

import { RENEWAL_GRACE_MS } from './limits.ts';

export class RingTime {
  readonly #now: () => number;
  #aheadMs: number | undefined;
  /** The Discovery node cannot be reached since then; undefined: it can. Milliseconds on the own clock. */
  #awaySince: number | undefined;
  /** It has been reached again after an absence since `since`. */
  #return: { readonly at: number; readonly since: number } | undefined;

  /** `now`: milliseconds on a clock that only moves forward and counts the time that the machine sleeps. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The Discovery node has just said what time it is, in seconds since 1970. */
  learn(seconds: number): void {
    this.#aheadMs = seconds * 1000 - this.#now();
  }

  /** The Discovery node cannot be reached, or is another ring's: nobody is known to get certificates. */
  away(): void {
    this.#awaySince ??= this.#judgedAt();
    this.#return = undefined;
  }

  /** It can. */
  reached(): void {
    if (this.#awaySince === undefined) return;
    this.#return = { at: this.#now(), since: this.#awaySince };
    this.#awaySince = undefined;
  }

  /** Seconds since 1970. */
  get seconds(): number {
    return this.#secondsAt(this.#now());
  }

  /**
   * When others' certificates must not have ended, seconds since 1970: now; but while the Discovery node is away the moment when it
   * went, for nobody can renew his then, and so for some minutes after it has come back, while all do.
   */
  get renewableSeconds(): number {
    return this.#secondsAt(this.#judgedAt());
  }

  #judgedAt(): number {
    const now = this.#now();
    if (this.#awaySince !== undefined) return this.#awaySince;
    if (this.#return !== undefined && now - this.#return.at < RENEWAL_GRACE_MS) return this.#return.since;
    return now;
  }

  #secondsAt(at: number): number {
    if (this.#aheadMs === undefined) throw new Error('the Discovery node has not told the time yet');
    return (at + this.#aheadMs) / 1000;
  }
}
