// How long a link takes to open here, as a retransmission timeout is found (Jacobson, SIGCOMM 1988; RFC 6298): the smoothed
// time and four times its deviation, and twice as long each time when even that was too short.

import { FIRST_EXPECTED_MS, MAX_OPENING_MS, MIN_EXPECTED_MS, MIN_OPENING_MS } from './limits.ts';

export class OpeningTime {
  #smoothedMs: number | undefined;
  #deviationMs = 0;
  #backoff = 1;

  /** By then a link is open, as far as can be told from others. */
  get expectedMs(): number {
    const measuredMs = this.#smoothedMs === undefined ? FIRST_EXPECTED_MS : this.#smoothedMs + 4 * this.#deviationMs;
    return Math.min(MAX_OPENING_MS, Math.max(MIN_EXPECTED_MS, measuredMs) * this.#backoff);
  }

  /** After this an attempt is given up. */
  get limitMs(): number {
    return Math.max(MIN_OPENING_MS, this.expectedMs);
  }

  opened(tookMs: number): void {
    if (this.#smoothedMs === undefined) {
      this.#smoothedMs = tookMs;
      this.#deviationMs = tookMs / 2;
    } else {
      this.#deviationMs += (Math.abs(tookMs - this.#smoothedMs) - this.#deviationMs) / 4;
      this.#smoothedMs += (tookMs - this.#smoothedMs) / 8;
    }
    this.#backoff = 1;
  }

  /** None opened in that time. */
  tooShort(): void {
    if (this.expectedMs < MAX_OPENING_MS) this.#backoff *= 2;
  }
}
