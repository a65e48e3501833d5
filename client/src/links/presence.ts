// Whether the other end of an open link is still there: asked after the tab slept or its network changed, because a dead
// channel says `open` for some ten seconds more. The words are the link's own, beside parting.ts.

import { CHECK_TIMEOUT_MS, MIN_ASKED_MS, STALE_MS } from './limits.ts';
import { PatientTimer } from './patient-timer.ts';

/** `here? 3` asks, `here 3` answers it. */
const WORDS = /^here(\??) ([1-9]\d{0,8})$/;

export interface PresenceHost {
  /** Sends text past all that waits. */
  say(text: string): void;
  /** The other end did not answer. */
  gone(): void;
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
}

export class Presence {
  readonly #host: PresenceHost;
  #askedAt = 0;
  /** Questions asked so far, and which of them was answered last: one may go without an answer. */
  #asked = 0;
  #answered = 0;
  #wasAskedAt = Number.NEGATIVE_INFINITY;
  readonly #timer: PatientTimer;

  constructor(host: PresenceHost) {
    this.#host = host;
    this.#timer = new PatientTimer(() => host.now());
  }

  /** Asks, unless an answer is awaited. */
  check(): void {
    if (this.#timer.isSet) return;
    this.#askedAt = this.#host.now();
    this.#asked += 1;
    this.#timer.set(CHECK_TIMEOUT_MS, CHECK_TIMEOUT_MS, () => this.#host.gone());
    this.#host.say(`here? ${this.#asked}`);
  }

  /** A frame came. It proves that the other end is there, unless it had waited here while this tab slept. */
  heard(): void {
    if (this.#timer.isSet && this.#host.now() - this.#askedAt >= STALE_MS) this.stop();
  }

  /** False if the text is none of these words, or uncalled for. */
  take(text: string): boolean {
    const [, mark, digits] = WORDS.exec(text) ?? [];
    const number = Number(digits);
    if (mark === undefined) return false;
    return mark === '' ? this.#isAnswered(number) : this.#answer(number);
  }

  #isAnswered(number: number): boolean {
    if (number <= this.#answered || number > this.#asked) return false;
    this.#answered = number;
    // One to an earlier question may have waited here while this tab slept.
    if (number === this.#asked) this.stop();
    else this.heard();
    return true;
  }

  #answer(number: number): boolean {
    const now = this.#host.now();
    if (now - this.#wasAskedAt < MIN_ASKED_MS) return false;
    this.#wasAskedAt = now;
    this.#host.say(`here ${number}`);
    return true;
  }

  /** Awaits nothing any more. */
  stop(): void {
    this.#timer.stop();
  }
}
