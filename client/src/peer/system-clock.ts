// The clock of a real node: performance.now() and one setTimeout. Throttled tabs wake late, which the core expects.

import type { Clock } from './ports.ts';

/** setTimeout fires at once for longer delays (they overflow 32 bits); waking early is harmless. */
const MAX_DELAY_MS = 24 * 60 * 60 * 1000;

export class SystemClock implements Clock {
  #timeout: ReturnType<typeof setTimeout> | undefined;

  now(): number {
    return performance.now();
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
