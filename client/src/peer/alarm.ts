// A node's one alarm on its clock. It tells when it comes so late that the tab must have stood still. Late alone says little:
// where there is more to do than time for it, frames are handled meanwhile.

import { FREEZE_MS } from './limits.ts';
import type { Clock } from './ports.ts';

export class Alarm {
  readonly #clock: Clock;
  readonly #ring: (lateMs: number) => void;
  /** When it is set for; most settings leave it as it is. */
  #setFor: number | undefined;
  /** From when on it is late: what it is set for may be past already. */
  #dueAt = Number.POSITIVE_INFINITY;
  /** When the node last did something. */
  #activeAt = Number.NEGATIVE_INFINITY;

  /** Calls `ring` at the time it is set for, or so much later. */
  constructor(clock: Clock, ring: (lateMs: number) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** `instant` on the clock, milliseconds; undefined for never. Replaces what it was set for. */
  set(instant: number | undefined): void {
    if (instant === this.#setFor) return;
    this.#setFor = instant;
    this.#dueAt = instant === undefined ? Number.POSITIVE_INFINITY : Math.max(instant, this.#clock.now());
    this.#clock.setAlarm(instant, () => {
      this.#setFor = undefined;
      this.#ring(this.#clock.now() - this.#dueAt);
    });
  }

  /** To be asked whenever the node is about to do something. True if it did nothing for long although the alarm was due. */
  noticeFreeze(): boolean {
    const now = this.#clock.now();
    const idleFrom = Math.max(this.#dueAt, this.#activeAt);
    this.#activeAt = now;
    return now > idleFrom + FREEZE_MS;
  }
}
