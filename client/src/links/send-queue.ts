// Paces what is sent over one channel: hands it little at a time and keeps the rest in order, in bounded memory.

import { HIGH_WATER_BYTES, MAX_QUEUED_BYTES } from './limits.ts';

/** Of a data channel, what pacing needs. */
export interface Channel {
  /** Bytes sent and not yet on the network. */
  readonly bufferedAmount: number;
  send(chunk: Uint8Array | string): void;
}

/** Sent chunks at the front are cut off in batches, since shifting a long array for each would be quadratic. */
const COMPACT_AFTER_CHUNKS = 1024;

export class SendQueue {
  readonly #channel: Channel;
  #chunks: (Uint8Array | string)[] = [];
  /** Index of the first chunk not yet sent. */
  #first = 0;
  #queuedBytes = 0;
  /** So many bytes are in the channel's buffer at most. The channel itself is asked when that may be too many: each time costs. */
  #atMostBuffered = Number.POSITIVE_INFINITY;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  get bufferedBytes(): number {
    return this.#queuedBytes + this.#channel.bufferedAmount;
  }

  /** Sends in order. False if the queue is full and the chunk was not taken. The chunk must not be changed afterwards. */
  push(chunk: Uint8Array | string): boolean {
    if (this.#queuedBytes + chunk.length > MAX_QUEUED_BYTES) return false;
    if (this.#chunks.length === 0 && this.#hasRoom()) {
      this.#send(chunk);
      return true;
    }
    this.#chunks.push(chunk);
    this.#queuedBytes += chunk.length;
    this.pump();
    return true;
  }

  /** Fills the channel up to the high-water mark. To be called when its buffer has become low. */
  pump(): void {
    while (this.#hasRoom()) {
      const chunk = this.#chunks[this.#first];
      if (chunk === undefined) break;
      this.#first += 1;
      this.#queuedBytes -= chunk.length;
      this.#send(chunk);
    }
    if (this.#first === this.#chunks.length || this.#first >= COMPACT_AFTER_CHUNKS) {
      this.#chunks.splice(0, this.#first);
      this.#first = 0;
    }
  }

  /** Forgets what was not yet handed to the channel. */
  clear(): void {
    this.#chunks = [];
    this.#first = 0;
    this.#queuedBytes = 0;
  }

  /** The channel's buffer is below the high-water mark. */
  #hasRoom(): boolean {
    if (this.#atMostBuffered >= HIGH_WATER_BYTES) this.#atMostBuffered = this.#channel.bufferedAmount;
    return this.#atMostBuffered < HIGH_WATER_BYTES;
  }

  #send(chunk: Uint8Array | string): void {
    this.#atMostBuffered += chunk.length;
    this.#channel.send(chunk);
  }
}
