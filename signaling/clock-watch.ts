// Notices that this machine's clock was set while the Discovery node runs, as on a computer without a battery for its clock that finds
// a time server after its start; or that the machine slept, which the other clock does not count. The ring's time is that clock: who registered before has another time than who comes now.

/** Between two looks. */
const LOOK_EVERY_MS = 10_000;
/** Less is a correction, or a look that came late. */
const JUMP_MS = 60_000;

export interface ClockWatchParts {
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly calendar: () => number;
  /** The calendar moved by so much more than time passed, milliseconds. */
  readonly jumped: (byMs: number) => void;
}

export class ClockWatch {
  readonly #parts: ClockWatchParts;
  /** What the calendar is ahead of the other clock. */
  #aheadMs: number;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(parts: ClockWatchParts) {
    this.#parts = parts;
    this.#aheadMs = parts.calendar() - parts.now();
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  look(): void {
    const { calendar, now, jumped } = this.#parts;
    const aheadMs = calendar() - now();
    const byMs = aheadMs - this.#aheadMs;
    this.#aheadMs = aheadMs;
    if (Math.abs(byMs) > JUMP_MS) jumped(byMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
