// A time-out that does not believe itself where it comes late: then this machine has more to do than it can, as after a sleep of
// many tabs, and what is waited for may be waiting behind the same work.

import { BUSY_MS, CONNECT_AGAIN_MS, MAX_BUSY_CHECKS } from './limits.ts';

export class PatientTimer {
  readonly #now: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `now`: milliseconds on a clock that only moves forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get isSet(): boolean {
    return this.#timer !== undefined;
  }

  /** Calls `fire` in so many milliseconds; when that comes late, it waits `againMs` more, a few times. */
  set(milliseconds: number, againMs: number, fire: () => void, patience = MAX_BUSY_CHECKS): void {
    clearTimeout(this.#timer);
    const dueAt = this.#now() + milliseconds;
    this.#timer = setTimeout(() => {
      if (patience > 0 && this.#now() - dueAt >= BUSY_MS) return this.set(againMs, againMs, fire, patience - 1);
      this.#timer = undefined;
      fire();
    }, milliseconds);
  }

  /** Calls `fire` when so long has passed as `limitMs` says then: it may have grown meanwhile. */
  setLimit(limitMs: () => number, fire: () => void): void {
    const wait = (waitedMs: number): void => {
      const limit = limitMs();
      if (limit <= waitedMs) fire();
      else this.set(limit - waitedMs, CONNECT_AGAIN_MS, () => wait(limit));
    };
    wait(0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
