// What the Discovery node's client tells, passed on in words: to the page while it waits, to the peer once there is one.

import type { Hello } from '../../../signaling/protocol.ts';
import type { SignalingClientEvents } from '../links/signaling-client.ts';
import type { PeerEvent, RefusalReason } from '../peer/api.ts';
import type { Notice, Wait } from './text/news.ts';
import { hasStopped } from './text/refusal-text.ts';

/** The part of a peer that hears the news. */
export interface Listener {
  leave(): Promise<unknown>;
  publish(event: PeerEvent): void;
  goodbye(): void;
}

/** Who has not answered for so long is said to be out of reach, milliseconds: a host that is gone gives no word, and the attempt itself goes on for longer. */
export const NO_ANSWER_MS = 1_500;

type DiscoveryEvent = Extract<PeerEvent, { type: 'discovery' }>;

export class DiscoveryNews implements SignalingClientEvents {
  readonly #waiting: (wait: Wait) => void;
  readonly #notify: (notice: Notice) => void;
  readonly #served: (page: string | undefined) => void;
  readonly #silence = setTimeout(() => this.#missed ?? this.away('yet'), NO_ANSWER_MS);
  #listener: Listener | undefined;
  /** The latest news, while nobody listened. */
  #missed: DiscoveryEvent | undefined;

  /** `waiting`: called while the first registration takes its time; `notify`: with what the user should know; `served`: with the script of the page that is served now. */
  constructor(
    waiting: (wait: Wait) => void,
    notify: (notice: Notice) => void,
    served: (page: string | undefined) => void = () => undefined,
  ) {
    this.#waiting = waiting;
    this.#notify = notify;
    this.#served = served;
  }

  tell(listener: Listener): void {
    this.#listener = listener;
    if (this.#missed !== undefined) this.#pass(this.#missed);
  }

  greeted({ page }: Pick<Hello, 'page'>): void {
    clearTimeout(this.#silence);
    this.#served(page);
  }

  registered(): void {
    this.#pass({ type: 'discovery', state: 'registered', message: '' });
  }

  renewed(): void {
    this.#pass({ type: 'discovery', state: 'registered', message: 'It has renewed this tab’s certificate.' });
  }

  away(message: string): void {
    if (this.#listener === undefined) this.#waiting({ kind: 'away', message });
    this.#pass({ type: 'discovery', state: 'away', message: '' });
  }

  refused(reason: RefusalReason, message: string): void {
    if (this.#listener === undefined) this.#waiting({ kind: 'refused', reason, message });
    this.#pass({ type: 'discovery', state: 'refused', message: message.replace(/\.$/, ''), reason });
  }

  expired(): void {
    this.#pass({ type: 'discovery', state: 'expired', message: '' });
  }

  removed(reason: string): void {
    this.#pass({ type: 'discovery', state: 'removed', message: reason });
  }

  displaced(): void {
    this.#pass({ type: 'discovery', state: 'displaced', message: '' });
  }

  notKept(error: unknown): void {
    this.#notify({ kind: 'not-kept', error });
  }

  #pass(event: DiscoveryEvent): void {
    const listener = this.#listener;
    if (listener === undefined) {
      this.#missed = event;
      return;
    }
    listener.publish(event);
    if (!hasStopped(event.state)) return;
    // One that its operator has sent away hands over first. Two nodes under one id would disturb the ring: that one goes at once.
    if (event.state === 'removed') void listener.leave();
    else listener.goodbye();
  }
}
