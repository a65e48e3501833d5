// A connection whose network is the Discovery node: messages go out in sealed pieces, small ones together and large ones in
// parts, never more on their way than the other end has room for; what comes in is put together again.

import { MAX_RELAY_BYTES, RELAY_WINDOW_BYTES, relayCost } from '../../../signaling/relay-protocol.ts';
import { LOW_WATER_BYTES, MAX_FRAME_BYTES } from './limits.ts';
import { type Ends, encodePiece, SEALED_HEADER_BYTES } from './server-pieces.ts';
import { SEAL_BYTES, type ServerSeal } from './server-seal.ts';
import type { ConnectionStats } from './webrtc-connection.ts';

/** In front of each part of a message: what it is, and its length. */
const PART_HEADER_BYTES = 5;
const TEXT = 1;
/** More of the same message follows. */
const MORE = 2;
const MAX_PIECE_BYTES = MAX_RELAY_BYTES - SEALED_HEADER_BYTES - SEAL_BYTES;

export interface ServerConnectionOptions {
  readonly seal: ServerSeal;
  readonly ends: Ends;
  /** Resolves when the other end has it; rejects if it will not. */
  readonly carry: (piece: Uint8Array) => Promise<void>;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
}

/** None is called from within a call of the connection's methods. */
export interface ServerConnectionEvents {
  /** Something came that the other end has sealed. */
  heard(): void;
  message(message: Uint8Array | string): void;
  /** Little is left of what was to be sent. */
  low(): void;
  /** It is of no use any more. */
  closed(why: string): void;
}

interface Outgoing {
  readonly isText: boolean;
  readonly bytes: Uint8Array;
  /** How much of it has gone. */
  sent: number;
}

export class ServerConnection {
  readonly #options: ServerConnectionOptions;
  readonly #events: ServerConnectionEvents;
  readonly #waiting: Outgoing[] = [];
  #waitingBytes = 0;
  /** On its way: as the Discovery node counts it, and what of it is messages'. */
  #costAway = 0;
  #bytesAway = 0;
  #isPumping = false;
  /** Sealing takes a moment: pieces leave in order. */
  #sealed: Promise<void> = Promise.resolve();
  #rttMs: number | undefined;
  /** Of a message that has not come whole. */
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #isOver = false;

  constructor(options: ServerConnectionOptions, events: ServerConnectionEvents) {
    this.#options = options;
    this.#events = events;
  }

  get bufferedAmount(): number {
    return this.#waitingBytes + this.#bytesAway;
  }

  send(chunk: Uint8Array | string): void {
    if (this.#isOver) return;
    const isText = typeof chunk === 'string';
    const bytes = isText ? new TextEncoder().encode(chunk) : chunk;
    this.#waiting.push({ isText, bytes, sent: 0 });
    this.#waitingBytes += bytes.length;
    if (this.#isPumping) return;
    this.#isPumping = true;
    // What is sent in one go shares a piece.
    queueMicrotask(() => {
      this.#isPumping = false;
      this.#pump();
    });
  }

  /** Shows the other end that this one has the key. */
  greet(): void {
    this.#hand(new Uint8Array(0), 0);
  }

  /** Takes a sealed piece, the next once this has resolved. */
  async take(sealed: Uint8Array): Promise<void> {
    const opened = await this.#options.seal.open(sealed);
    if (this.#isOver) return;
    if (opened === undefined) return this.#end('what the Discovery node carried is not what was sent');
    this.#events.heard();
    if (!this.#read(opened)) this.#end('the other end sent what is no message');
  }

  async stats(): Promise<ConnectionStats> {
    return { path: 'server', rttMs: this.#rttMs };
  }

  /** Sends nothing any more but what there is room for now, and that this is the end. */
  destroy(): void {
    this.#pump();
    this.#isOver = true;
    const { ends, carry } = this.#options;
    // Who is gone need not be told.
    void this.#sealed.then(() => carry(encodePiece({ type: 'end', ...ends }))).catch(() => undefined);
  }

  #pump(): void {
    while (!this.#isOver && this.#waiting.length > 0) {
      const bytes = this.#nextPieceBytes();
      if (this.#costAway + relayCost(bytes + SEALED_HEADER_BYTES + SEAL_BYTES) > RELAY_WINDOW_BYTES) return;
      const waited = this.#waitingBytes;
      const piece = this.#nextPiece(bytes);
      this.#hand(piece, waited - this.#waitingBytes);
    }
  }

  /** As much as waits, up to a whole piece. */
  #nextPieceBytes(): number {
    let bytes = 0;
    for (const { bytes: message, sent } of this.#waiting) {
      bytes += PART_HEADER_BYTES + message.length - sent;
      if (bytes >= MAX_PIECE_BYTES) return MAX_PIECE_BYTES;
    }
    return bytes;
  }

  #nextPiece(length: number): Uint8Array {
    const piece = new Uint8Array(length);
    const view = new DataView(piece.buffer);
    let at = 0;
    for (let next = this.#waiting[0]; next !== undefined && at + PART_HEADER_BYTES <= length; next = this.#waiting[0]) {
      const part = next.bytes.subarray(next.sent, next.sent + length - at - PART_HEADER_BYTES);
      next.sent += part.length;
      const isWhole = next.sent === next.bytes.length;
      piece[at] = (next.isText ? TEXT : 0) | (isWhole ? 0 : MORE);
      view.setUint32(at + 1, part.length);
      piece.set(part, at + PART_HEADER_BYTES);
      at += PART_HEADER_BYTES + part.length;
      this.#waitingBytes -= part.length;
      if (isWhole) this.#waiting.shift();
    }
    return piece.subarray(0, at);
  }

  /** `bytes`: what of it is messages'. */
  #hand(plain: Uint8Array, bytes: number): void {
    const { seal, ends, carry, now } = this.#options;
    const cost = relayCost(plain.length + SEALED_HEADER_BYTES + SEAL_BYTES);
    this.#costAway += cost;
    this.#bytesAway += bytes;
    const sealed = seal.seal(plain);
    this.#sealed = this.#sealed.then(async () => {
      const piece = encodePiece({ type: 'sealed', ...ends, sealed: await sealed });
      const sentAt = now();
      carry(piece).then(
        () => this.#arrived(cost, bytes, now() - sentAt),
        (error: unknown) => this.#end(error instanceof Error ? error.message : String(error)),
      );
    });
  }

  #arrived(cost: number, bytes: number, rttMs: number): void {
    this.#costAway -= cost;
    this.#bytesAway -= bytes;
    this.#rttMs = rttMs;
    if (this.#isOver) return;
    this.#pump();
    if (this.bufferedAmount <= LOW_WATER_BYTES) this.#events.low();
  }

  /** False if these are no parts of messages. */
  #read(piece: Uint8Array): boolean {
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let at = 0; at < piece.length; ) {
      if (at + PART_HEADER_BYTES > piece.length) return false;
      const flags = view.getUint8(at);
      const end = at + PART_HEADER_BYTES + view.getUint32(at + 1);
      const part = piece.subarray(at + PART_HEADER_BYTES, end);
      this.#partBytes += part.length;
      if (flags > (TEXT | MORE) || end > piece.length || this.#partBytes > MAX_FRAME_BYTES) return false;
      this.#parts.push(part);
      if ((flags & MORE) === 0) this.#whole((flags & TEXT) !== 0);
      if (this.#isOver) return true;
      at = end;
    }
    return true;
  }

  #whole(isText: boolean): void {
    const [first = new Uint8Array(0)] = this.#parts;
    const bytes = this.#parts.length === 1 ? first : new Uint8Array(this.#partBytes);
    let at = 0;
    if (this.#parts.length > 1) {
      for (const part of this.#parts) {
        bytes.set(part, at);
        at += part.length;
      }
    }
    this.#parts = [];
    this.#partBytes = 0;
    this.#events.message(isText ? new TextDecoder().decode(bytes) : bytes);
  }

  #end(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.closed(why);
  }
}
