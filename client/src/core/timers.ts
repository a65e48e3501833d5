// Named timers in one table: the core's only idea of waiting. Deadlines, not ticks: a late wake fires all that is due.

import type { Instant } from './io.ts';

interface Timer {
  readonly at: Instant;
  readonly fire: () => void;
}

export class Timers {
  readonly #timerByName = new Map<string, Timer>();
  /** The earliest deadline; undefined with `#stale` false means that there is none. */
  #earliest: Instant | undefined;
  #stale = false;

  /** Calls `fire` once at `at` or later; replaces a timer of the same name. */
  set(name: string, at: Instant, fire: () => void): void {
    if (this.#timerByName.get(name)?.at === this.#earliest) this.#stale = true;
    this.#timerByName.set(name, { at, fire });
    if (!this.#stale && (this.#earliest === undefined || at < this.#earliest)) this.#earliest = at;
  }

  cancel(name: string): void {
    const timer = this.#timerByName.get(name);
    if (timer === undefined) return;
    this.#timerByName.delete(name);
    if (timer.at === this.#earliest) this.#stale = true;
  }

  has(name: string): boolean {
    return this.#timerByName.has(name);
  }

  clear(): void {
    this.#timerByName.clear();
    this.#earliest = undefined;
    this.#stale = false;
  }

  get earliest(): Instant | undefined {
    if (this.#stale) {
      this.#earliest = undefined;
      for (const { at } of this.#timerByName.values()) {
        if (this.#earliest === undefined || at < this.#earliest) this.#earliest = at;
      }
      this.#stale = false;
    }
    return this.#earliest;
  }

  /** Fires what is due, earliest first; what fires may set new timers, which fire too if they are due. */
  fireDue(now: Instant): void {
    for (;;) {
      const earliest = this.earliest;
      if (earliest === undefined || earliest > now) return;
      for (const [name, timer] of this.#timerByName) {
        if (timer.at !== earliest) continue;
        this.#timerByName.delete(name);
        this.#stale = true;
        timer.fire();
        break;
      }
    }
  }
}
