// What goes over an open link: frames, paced and counted, and beside them the link's own words, why it closes and whether the
// other end is still there. It ends with the link (webrtc-link.ts), which decides what follows.

import type { LinkCloseReason, LinkInfo } from '../peer/ports.ts';
import { LOW_WATER_BYTES } from './limits.ts';
import { LinkMeter } from './link-meter.ts';
import { partingReason, partingText } from './parting.ts';
import { Presence } from './presence.ts';
import { SendQueue } from './send-queue.ts';
import type { Connection } from './webrtc-connection.ts';

export interface LinkChannelEvents {
  frame(bytes: Uint8Array): void;
  drained(): void;
  /** The other end sent something that no link sends. */
  garbage(): void;
  /** It is of no use any more. too-slow: the other end does not keep up with what is sent. */
  over(reason: LinkCloseReason | 'lost' | 'too-slow'): void;
}

/** What it goes over. */
export type ChannelConnection = Pick<Connection, 'bufferedAmount' | 'send' | 'stats'>;

export class LinkChannel {
  readonly #connection: ChannelConnection;
  readonly #events: LinkChannelEvents;
  readonly #queue: SendQueue;
  readonly #meter: LinkMeter;
  readonly #presence: Presence;

  /** `now`: milliseconds on a clock that only moves forward. */
  constructor(connection: ChannelConnection, events: LinkChannelEvents, now: () => number) {
    this.#connection = connection;
    this.#events = events;
    this.#queue = new SendQueue(connection);
    this.#meter = new LinkMeter(now);
    this.#presence = new Presence({ say: (text) => connection.send(text), gone: () => events.over('lost'), now });
  }

  send(frame: Uint8Array): void {
    this.#meter.sent(frame.length);
    if (!this.#queue.push(frame)) queueMicrotask(() => this.#events.over('too-slow'));
  }

  received(message: Uint8Array | string): void {
    if (typeof message !== 'string') {
      this.#meter.received(message.length);
      this.#presence.heard();
      this.#events.frame(message);
      return;
    }
    const reason = partingReason(message);
    if (reason !== undefined) this.#events.over(reason);
    else if (!this.#presence.take(message)) this.#events.garbage();
  }

  /** The channel's buffer has become low. */
  low(): void {
    this.#queue.pump();
    if (this.bufferedBytes <= LOW_WATER_BYTES) this.#events.drained();
  }

  /** The other end is to say that it is there. */
  check(): void {
    this.#presence.check();
  }

  /** The path may be another one. */
  pathChanged(): void {
    this.#meter.changed();
  }

  get bufferedBytes(): number {
    return this.#queue.bufferedBytes;
  }

  /** As of a moment ago. */
  get info(): Pick<LinkInfo, 'path' | 'rttMs' | 'bytesSent' | 'bytesReceived'> {
    this.#meter.look(this.#connection);
    return this.#meter.info;
  }

  /** Sends the last word, after all that waits. False if there is no room for it. */
  part(reason: LinkCloseReason): boolean {
    if (reason === 'misbehaved') this.#queue.clear();
    return this.#queue.push(partingText(reason));
  }

  /** Sends the last word past all that waits, if the channel takes it. */
  partAtOnce(reason: LinkCloseReason): void {
    this.#connection.send(partingText(reason));
  }

  /** Waits for nothing any more. */
  end(): void {
    this.#presence.stop();
  }
}
