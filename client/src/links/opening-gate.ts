// Nobody hears of an open channel, or of what came over it, before it is known who is at its other end, which takes a
// moment where the certificate's hash is computed elsewhere.

import { MAX_QUEUED_BYTES } from './limits.ts';
import type { ConnectionEvents } from './webrtc-connection.ts';

export class OpeningGate {
  readonly #events: Pick<ConnectionEvents, 'open' | 'message'>;
  readonly #overrun: () => void;
  #state: 'shut' | 'opening' | 'open' | 'closed' = 'shut';
  #held: (Uint8Array | string)[] = [];
  #heldBytes = 0;

  /** `overrun` is called when more comes than may be held. */
  constructor(events: Pick<ConnectionEvents, 'open' | 'message'>, overrun: () => void) {
    this.#events = events;
    this.#overrun = overrun;
  }

  /** True until `open` is called. */
  get isShut(): boolean {
    return this.#state === 'shut';
  }

  /** Tells of the open channel, once `fingerprint` is known, and then of what came meanwhile. */
  open(fingerprint: Promise<string | undefined>): void {
    this.#state = 'opening';
    void fingerprint.then((shown) => {
      if (this.#state !== 'opening') return;
      this.#state = 'open';
      this.#events.open(shown);
      const held = this.#held;
      this.#held = [];
      for (const message of held) this.message(message);
    });
  }

  message(message: Uint8Array | string): void {
    if (this.#state === 'open') this.#events.message(message);
    else if (this.#state === 'opening') this.#hold(message);
  }

  /** Tells nothing any more. */
  close(): void {
    this.#state = 'closed';
    this.#held = [];
  }

  #hold(message: Uint8Array | string): void {
    this.#held.push(message);
    this.#heldBytes += message.length;
    if (this.#heldBytes <= MAX_QUEUED_BYTES) return;
    this.close();
    this.#overrun();
  }
}
