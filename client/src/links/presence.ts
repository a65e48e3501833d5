// Whether the other end of an open link is still there: asked after the tab slept or its network changed, because a dead
// channel says `open` for some ten seconds more. The words are the link's own, beside parting.ts.

import { BUSY_MS, CHECK_TIMEOUT_MS, MAX_BUSY_CHECKS, MIN_ASKED_MS, STALE_MS } from './limits.ts';

const QUESTION = 'here?';
const ANSWER = 'here';

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
  /** Questions without an answer yet, given up ones included: their answers come in the same order. */
  #unanswered = 0;
  #wasAskedAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: PresenceHost) {
    this.#host = host;
  }

  /** Asks, unless an answer is awaited. */
  check(): void {
    if (this.#timer !== undefined) return;
    this.#askedAt = this.#host.now();
    this.#unanswered += 1;
    this.#await(MAX_BUSY_CHECKS);
    this.#host.say(QUESTION);
  }

  /** A frame came. It proves that the other end is there, unless it had waited here while this tab slept. */
  heard(): void {
    if (this.#timer !== undefined && this.#host.now() - this.#askedAt >= STALE_MS) this.stop();
  }

  /** False if the text is none of these words, or uncalled for. */
  take(text: string): boolean {
    if (text === ANSWER) {
      if (this.#unanswered === 0) return false;
      this.#unanswered -= 1;
      // One to an earlier question may have waited here while this tab slept.
      if (this.#unanswered === 0) this.stop();
      return true;
    }
    const isTooSoon = this.#host.now() - this.#wasAskedAt < MIN_ASKED_MS;
    if (text !== QUESTION || isTooSoon) return false;
    this.#wasAskedAt = this.#host.now();
    this.#host.say(ANSWER);
    return true;
  }

  /** A timer that comes late itself proves nothing: the answer may be waiting behind the same work. */
  #await(patience: number): void {
    const dueAt = this.#host.now() + CHECK_TIMEOUT_MS;
    this.#timer = setTimeout(() => {
      if (patience > 0 && this.#host.now() - dueAt >= BUSY_MS) this.#await(patience - 1);
      else this.#host.gone();
    }, CHECK_TIMEOUT_MS);
  }

  /** Awaits nothing any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
