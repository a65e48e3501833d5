// The STUN and TURN servers that links are opened with. Accounts at them may end: then the Discovery node is asked for new
// ones in time. Open links keep theirs, which a TURN server goes on accepting while they last.

import * as v from 'valibot';
import { IceAnswer } from '../../../signaling/protocol.ts';
import type { IceServer } from './webrtc-connection.ts';

/** The share of an account's time after which another is asked for: a tab that slept a while still has a good one. */
const REFRESH_AT = 0.5;
/** After a refused or unanswered request. */
const ASK_AGAIN_MS = 60_000;
/** setTimeout fires at once for longer delays. */
const MAX_DELAY_MS = 24 * 60 * 60 * 1000;

export class IceList {
  readonly #ask: () => Promise<unknown>;
  #servers: readonly IceServer[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `ask` brings the Discovery node's answer, or rejects. */
  constructor(ask: () => Promise<unknown>) {
    this.#ask = ask;
  }

  get servers(): readonly IceServer[] {
    return this.#servers;
  }

  /** Takes what the Discovery node said. */
  take({ iceServers, iceSeconds }: IceAnswer): void {
    this.#servers = iceServers;
    clearTimeout(this.#timer);
    if (iceSeconds !== undefined) this.#askIn(iceSeconds * 1000 * REFRESH_AT);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #askIn(delayMs: number): void {
    this.#timer = setTimeout(() => void this.#refresh(), Math.min(delayMs, MAX_DELAY_MS));
  }

  async #refresh(): Promise<void> {
    let answer: unknown;
    try {
      answer = await this.#ask();
    } catch {
      answer = undefined; // it is away, and is asked again
    }
    const result = v.safeParse(IceAnswer, answer);
    if (result.success) this.take(result.output);
    else this.#askIn(ASK_AGAIN_MS);
  }
}
