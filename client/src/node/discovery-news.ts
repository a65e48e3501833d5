// What the Discovery node's client tells, for a peer of a program: passed on as the peer's own events.

import type { SignalingClientEvents } from '../links/signaling-client.ts';
import type { Peer } from '../peer/peer.ts';

export class DiscoveryNews implements SignalingClientEvents {
  readonly #waiting: (reason: string) => void;
  #peer: Peer | undefined;

  /** `waiting` is called with a reason while the first registration takes its time. */
  constructor(waiting: (reason: string) => void) {
    this.#waiting = waiting;
  }

  tell(peer: Peer): void {
    this.#peer = peer;
  }

  registered(): void {
    this.#peer?.publish({ type: 'discovery', state: 'registered', message: '' });
  }

  away(reason: string): void {
    if (this.#peer === undefined) this.#waiting(reason);
    else this.#peer.publish({ type: 'discovery', state: 'away', message: reason });
  }

  removed(reason: string): void {
    this.#over(reason === '' ? 'no reason was given' : reason);
  }

  idLost(): void {
    this.#over('while it was away, another node got this one’s id');
  }

  /** Two nodes under one id, or one that its operator has sent away, would disturb the ring. */
  #over(message: string): void {
    this.#peer?.publish({ type: 'discovery', state: 'removed', message });
    void this.#peer?.leave();
  }
}
