// What the Discovery node's client tells, passed on in words: to the page while it waits, to the peer once there is one.

import type { SignalingClientEvents } from '../links/signaling-client.ts';
import type { PeerApi, PeerEvent } from '../peer/api.ts';

/** The part of a peer that hears the news. */
export interface Listener extends Pick<PeerApi, 'leave'> {
  publish(event: PeerEvent): void;
}

type DiscoveryEvent = Extract<PeerEvent, { type: 'discovery' }>;

export class DiscoveryNews implements SignalingClientEvents {
  readonly #waiting: (message: string) => void;
  #listener: Listener | undefined;
  /** The latest news, while nobody listened. */
  #missed: DiscoveryEvent | undefined;

  constructor(waiting: (message: string) => void) {
    this.#waiting = waiting;
  }

  tell(listener: Listener): void {
    this.#listener = listener;
    if (this.#missed !== undefined) this.#pass(this.#missed);
  }

  registered(): void {
    this.#pass({ type: 'discovery', state: 'registered', message: '' });
  }

  away(message: string): void {
    if (this.#listener === undefined) {
      this.#waiting(`The Discovery node cannot be reached (${message}). Still trying; is “npm start” running there?`);
    }
    this.#pass({ type: 'discovery', state: 'away', message: '' });
  }

  removed(reason: string): void {
    const message = reason === '' ? 'no reason was given' : reason;
    this.#pass({ type: 'discovery', state: 'removed', message });
  }

  idLost(): void {
    const message = 'while it was away, another tab got this tab’s id; reload to join under a new one';
    this.#pass({ type: 'discovery', state: 'removed', message });
  }

  #pass(event: DiscoveryEvent): void {
    if (this.#listener === undefined) {
      this.#missed = event;
      return;
    }
    this.#listener.publish(event);
    // Two tabs under one id, or one that its operator has sent away, would disturb the ring.
    if (event.state === 'removed') void this.#listener.leave();
  }
}
