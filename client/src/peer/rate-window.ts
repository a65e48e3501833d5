// Counts in windows of time, to notice who does too much of something.

export class RateWindow {
  readonly #max: number;
  readonly #windowMs: number;
  #startedAt = Number.NEGATIVE_INFINITY;
  #amount = 0;

  constructor(max: number, windowMs: number) {
    this.#max = max;
    this.#windowMs = windowMs;
  }

  /** Adds `amount`; true if the window now holds more than its maximum. */
  exceeded(now: number, amount: number): boolean {
    if (this.#isOver(now)) {
      this.#startedAt = now;
      this.#amount = 0;
    }
    this.#amount += amount;
    return this.#amount > this.#max;
  }

  /** True if nothing counted so far matters any more. */
  #isOver(now: number): boolean {
    return now - this.#startedAt >= this.#windowMs;
  }
}
