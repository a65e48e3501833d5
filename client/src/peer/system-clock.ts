// The clock of a real node: performance.now() and one setTimeout, and the time that the machine slept, which some browsers'
// performance.now() leaves out. Throttled tabs wake late, which the core expects.

import type { Clock } from './ports.ts';

/** setTimeout fires at once for longer delays (they overflow 32 bits); waking early is harmless. */
const MAX_DELAY_MS = 24 * 60 * 60 * 1000;
/** The time of day may be set by a little at any time; what it gains more than this between two looks, the machine slept. A
 * clock put forward by hand looks the same: then a node confirms its leaf set once for nothing. */
const MIN_SLEEP_MS = 5_000;

export class SystemClock implements Clock {
  #timeout: ReturnType<typeof setTimeout> | undefined;
  #sleptMs = 0;
  /** How far the time of day was ahead of performance.now() when last looked at. */
  #aheadMs = Date.now() - performance.now();

  now(): number {
    const running = performance.now();
    const aheadMs = Date.now() - running;
    if (aheadMs - this.#aheadMs >= MIN_SLEEP_MS) this.#sleptMs += aheadMs - this.#aheadMs;
    this.#aheadMs = aheadMs;
    return running + this.#sleptMs;
  }

  setAlarm(instant: number | undefined, wake: () => void): void {
    clearTimeout(this.#timeout);
    this.#timeout = undefined;
    if (instant === undefined) return;
    // Rounded up: a timer that fires a fraction of a millisecond early would find nothing due and spin.
    const delayMs = Math.ceil(Math.max(0, instant - this.now()));
    this.#timeout = setTimeout(wake, Math.min(delayMs, MAX_DELAY_MS));
  }
}
