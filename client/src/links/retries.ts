// When to try again: later and later, with jitter, so that the nodes of a restarted server do not come back all at once.

import type { Backoff } from './discovery-socket.ts';

export class Retries {
  readonly #backoff: Backoff;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;

  constructor(backoff: Backoff) {
    this.#backoff = backoff;
  }

  /** Calls `retry` once, unless another retry takes its place. `leastMs`: not before, but for the jitter. */
  later(retry: () => void, leastMs = 0): void {
    const { least, most } = this.#backoff;
    const delayMs = Math.max(leastMs, Math.min(most, least * 2 ** this.#count));
    this.#count += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(retry, delayMs * (0.5 + Math.random() / 2));
  }

  /** It worked, or everything is different now: the next pause is short again. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#count = 0;
  }
}
