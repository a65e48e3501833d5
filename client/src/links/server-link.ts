// A link that runs over the Discovery node, sealed from end to end, and the attempt at it. Both ends say the same: who they are,
// and a nonce, again and again until they know the other's; then each shows that it has the key that only the two can make, and
// only when it has seen the other's does it take the link for open.

import type { LinkCloseReason, LinkInfo } from '../peer/ports.ts';
import type { Certificate } from '../trust/certificate.ts';
import type { Credentials } from '../trust/credentials.ts';
import { CLOSE_TIMEOUT_MS, MAX_FRAME_BYTES } from './limits.ts';
import { LinkChannel, type LinkChannelEvents } from './link-channel.ts';
import { ServerConnection } from './server-connection.ts';
import { SERVER_AGAIN_MS } from './server-limits.ts';
import { encodePiece, type Opening, randomNonce } from './server-pieces.ts';
import { ServerSeal } from './server-seal.ts';

export interface ServerLinkOptions {
  readonly credentials: Credentials;
  readonly isJoining: boolean;
  /** How long it may take to open, milliseconds. */
  readonly limitMs: number;
  /** To the other end: resolves when it has the piece, rejects if it will not. */
  readonly carry: (piece: Uint8Array) => Promise<void>;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
}

/** None is called from within a call of the link's methods. After `failed`, `down` or a call of `close` or `abort`, none at all. */
export interface ServerLinkEvents extends Omit<LinkChannelEvents, 'over'> {
  /** Its other end is the node of this certificate. */
  open(certificate: Certificate): void;
  /** It will not open. `why`: what the Discovery node said last, if it refused. */
  failed(why: string | undefined): void;
  /** It was open and has closed. */
  down(reason: LinkCloseReason | 'lost' | 'too-slow'): void;
}

/** What the other end may be: it may have begun more than once, and a relay may repeat what it said long ago. */
interface Candidate {
  readonly nonce: string;
  readonly certificate: Certificate;
  readonly connection: ServerConnection;
}

/** The other end begins anew now and then; a relay that lies may keep the two from meeting anyway. */
const MAX_CANDIDATES = 4;

export class ServerLink {
  readonly nonce = randomNonce();
  readonly #options: ServerLinkOptions;
  readonly #events: ServerLinkEvents;
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening';
  /** By nonce, each agreed about once: a second time the same key would seal other words under the same numbers. */
  readonly #candidates = new Map<string, Candidate>();
  /** The one that has shown that it has the key. */
  #chosen: Candidate | undefined;
  /** The latest nonce of the other end's. */
  #heard: string | undefined;
  #channel: LinkChannel | undefined;
  #refusal: string | undefined;
  #ended: (() => void) | undefined;
  readonly #again: ReturnType<typeof setInterval>;
  #timer: ReturnType<typeof setTimeout>;

  constructor(options: ServerLinkOptions, events: ServerLinkEvents) {
    this.#options = options;
    this.#events = events;
    this.#timer = setTimeout(() => this.#fail(), options.limitMs);
    this.#again = setInterval(() => this.#say(), SERVER_AGAIN_MS);
    this.#say();
  }

  /** The other end, of an open link. */
  get other(): Pick<Candidate, 'nonce' | 'certificate'> | undefined {
    return this.#chosen;
  }

  get info(): Omit<LinkInfo, 'nodeId' | 'state'> {
    return { signalledBy: 'discovery', path: 'server', ...this.#channel?.info };
  }

  get bufferedBytes(): number {
    return this.#channel?.bufferedBytes ?? 0;
  }

  /** The other end's opening word, and its certificate, which was checked. One at a time. */
  async hear({ nonce, heard }: Opening, certificate: Certificate): Promise<void> {
    if (this.#state !== 'opening') return;
    const isNew = !this.#candidates.has(nonce);
    if (isNew && !(await this.#agree(nonce, certificate))) return;
    this.#heard = nonce;
    if (heard !== this.nonce) this.#say();
    if (isNew) this.#candidates.get(nonce)?.connection.greet();
  }

  /** A sealed piece for this attempt. */
  async take(from: string, sealed: Uint8Array): Promise<void> {
    await this.#candidates.get(from)?.connection.take(sealed);
  }

  /** The other end says that its attempt is over. */
  ended(from: string): void {
    if (this.#chosen === undefined || this.#chosen.nonce !== from) return;
    if (this.#state === 'open') this.#down('lost');
    else if (this.#state === 'closing') this.abort();
  }

  /** Sends one frame once there is room; ignored unless open. The bytes must not be changed afterwards. */
  send(frame: Uint8Array): void {
    if (frame.length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${frame.length} bytes is too long to send`);
    if (this.#state === 'open') this.#channel?.send(frame);
  }

  /** Goes down as lost unless the other end says soon that it is there. */
  check(): void {
    if (this.#state === 'open') this.#channel?.check();
  }

  /** Closes an open link once what was sent has arrived, or CLOSE_TIMEOUT_MS have passed; gives up an opening one. */
  close(reason: LinkCloseReason, ended: () => void): void {
    this.#ended = ended;
    if (this.#state === 'open' && this.#channel !== undefined) {
      this.#state = 'closing';
      this.#timer = setTimeout(() => this.abort(), CLOSE_TIMEOUT_MS);
      // The other end says that it is the end when it reads this: then everything before it has arrived.
      if (this.#channel.part(reason)) return;
    }
    this.abort();
  }

  /** Closes at once. `parting`: a reason that is sent, without waiting for it to arrive. */
  abort(parting?: LinkCloseReason): void {
    if (parting !== undefined && this.#state === 'open') this.#channel?.partAtOnce(parting);
    this.#state = 'closed';
    clearTimeout(this.#timer);
    clearInterval(this.#again);
    this.#channel?.end();
    for (const { connection } of this.#candidates.values()) connection.destroy();
    this.#candidates.clear();
    this.#channel = undefined;
    this.#ended?.();
    this.#ended = undefined;
  }

  async #agree(nonce: string, certificate: Certificate): Promise<boolean> {
    if (this.#candidates.size >= MAX_CANDIDATES) return false;
    const { credentials, carry, now } = this.#options;
    const seal = await ServerSeal.agree({ credentials, other: certificate, ownNonce: this.nonce, otherNonce: nonce });
    if (seal === undefined || this.#state !== 'opening') return false;
    const connection = new ServerConnection(
      { seal, carry, now, ends: { to: nonce, from: this.nonce } },
      {
        heard: () => this.#opened(candidate),
        message: (message) => {
          if (this.#chosen === candidate) this.#channel?.received(message);
        },
        low: () => {
          if (this.#chosen === candidate) this.#channel?.low();
        },
        closed: (why) => this.#connectionClosed(candidate, why),
      },
    );
    const candidate = { nonce, certificate, connection };
    this.#candidates.set(nonce, candidate);
    return true;
  }

  #opened(candidate: Candidate): void {
    if (this.#state !== 'opening') return;
    const { now } = this.#options;
    this.#state = 'open';
    this.#chosen = candidate;
    clearTimeout(this.#timer);
    clearInterval(this.#again);
    const { frame, garbage, drained } = this.#events;
    this.#channel = new LinkChannel(
      candidate.connection,
      {
        ...{ frame, garbage },
        drained: () => {
          if (this.#state === 'open') drained();
        },
        over: (reason) => this.#down(reason),
      },
      now,
    );
    this.#events.open(candidate.certificate);
  }

  #connectionClosed(candidate: Candidate, why: string): void {
    if (this.#state === 'opening') this.#refusal = why;
    if (this.#chosen !== candidate) return;
    if (this.#state === 'open') this.#down('lost');
    else if (this.#state === 'closing') this.abort();
  }

  #say(): void {
    const { credentials, isJoining, carry } = this.#options;
    const word = {
      type: 'open',
      nonce: this.nonce,
      ...(this.#heard !== undefined && { heard: this.#heard }),
      certificate: credentials.encoded,
      ...(isJoining && { joining: true as const }),
    } as const;
    carry(encodePiece(word)).catch((error: unknown) => {
      this.#refusal = error instanceof Error ? error.message : String(error);
    });
  }

  #fail(): void {
    if (this.#state !== 'opening') return;
    this.abort();
    this.#events.failed(this.#refusal);
  }

  #down(reason: LinkCloseReason | 'lost' | 'too-slow'): void {
    if (this.#state === 'closing') return this.abort();
    if (this.#state !== 'open') return;
    this.abort();
    this.#events.down(reason);
  }
}
