// One attempt at a link and the link that comes of it: follows the stages of opening, paces what is sent, says why it
// closes. It knows nothing of other links (webrtc-links.ts), and nothing of simple-peer (webrtc-connection.ts).

import type { LinkCloseReason, LinkFailure } from '../peer/ports.ts';
import { CandidateBatch } from './candidate-batch.ts';
import {
  CLOSE_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  DISCONNECTED_GRACE_MS,
  LOW_WATER_BYTES,
  MAX_ATTEMPT_CANDIDATES,
  MAX_FRAME_BYTES,
} from './limits.ts';
import { linkFailure } from './link-failure.ts';
import { SendQueue } from './send-queue.ts';
import type { Candidate, Signal } from './signal.ts';
import { SignallingError } from './signalling.ts';
import type { Connect, Connection, ConnectionError, ConnectionOptions, Description } from './webrtc-connection.ts';

export interface WebRtcLinkOptions extends ConnectionOptions {
  readonly attempt: string;
  readonly connect: Connect;
  /** Brings a signal to the other end; rejects with a SignallingError. */
  readonly signal: (signal: Signal) => Promise<void>;
}

/** None is called from within a call of the link's methods. After `failed`, `down` or a call of `close` or `abort`, none at all. */
export interface WebRtcLinkEvents {
  open(): void;
  frame(bytes: Uint8Array): void;
  drained(): void;
  /** It will not open. */
  failed(failure: LinkFailure): void;
  /** It was open and has closed. too-slow: the other end does not keep up with what is sent. */
  down(reason: LinkCloseReason | 'lost' | 'too-slow'): void;
  /** The other end sent something that no link sends. */
  garbage(): void;
}

type Stage = LinkFailure['stage'];

/** Frames are binary messages; a text message is the link's own: why it closes. Sent ahead of the close, since a close says nothing. */
const CLOSE_REASONS: readonly LinkCloseReason[] = ['goodbye', 'budget', 'misbehaved'];
const CLOSE_PREFIX = 'close ';

export class WebRtcLink {
  readonly attempt: string;
  readonly initiator: boolean;
  readonly #options: WebRtcLinkOptions;
  readonly #events: WebRtcLinkEvents;
  readonly #batch: CandidateBatch;
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening';
  #stage: Stage;
  #connection: Connection | undefined;
  #queue: SendQueue | undefined;
  /** What was signalled so far, to be repeated if need be. Empty once open. */
  #signalled: Signal[] = [];
  #described = false;
  #candidatesTaken = 0;
  /** Whom to tell that a close is over. */
  #ended: (() => void) | undefined;
  /** The one thing that is waited for: opening, recovery from `disconnected`, or the end of a close. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WebRtcLinkOptions, events: WebRtcLinkEvents) {
    this.attempt = options.attempt;
    this.initiator = options.initiator;
    this.#options = options;
    this.#events = events;
    this.#stage = options.initiator ? 'signalling' : 'ice';
    this.#batch = new CandidateBatch((candidates) =>
      this.#signal({ type: 'candidates', attempt: this.attempt, candidates }),
    );
    this.#timer = setTimeout(() => this.#fail(this.#stage), CONNECT_TIMEOUT_MS);
    try {
      this.#connection = this.#connect();
    } catch (error) {
      queueMicrotask(() => this.#fail('channel', `WebRTC cannot be used here: ${String(error)}`));
    }
  }

  /** Takes the other end's description. False if it is not the time for one. */
  describe(description: Description): boolean {
    const expected = this.initiator ? 'answer' : 'offer';
    if (this.#connection === undefined || this.#described || description.type !== expected) return false;
    this.#described = true;
    this.#stage = 'ice';
    this.#connection.describe(description);
    return true;
  }

  /** Takes the other end's candidates. False if they are not usable, or too many. */
  addCandidates(candidates: readonly Candidate[]): boolean {
    this.#candidatesTaken += candidates.length;
    if (this.#connection === undefined || this.#candidatesTaken > MAX_ATTEMPT_CANDIDATES) return false;
    try {
      for (const candidate of candidates) this.#connection.addCandidate(candidate);
    } catch {
      return false; // the browser cannot read one of them
    }
    return true;
  }

  /** Sends again what was signalled so far, for another end that may have missed it. */
  repeatSignals(): void {
    const signals = this.#signalled;
    this.#signalled = [];
    for (const signal of signals) this.#signal(signal);
  }

  /** The other end gave the attempt up. */
  abandoned(reason: 'busy' | 'closed'): void {
    queueMicrotask(() =>
      reason === 'busy' ? this.#fail('budget', 'the other tab is busy') : this.#fail('closed-by-peer'),
    );
  }

  /** Sends one frame, at most MAX_FRAME_BYTES, once there is room; ignored unless open. The bytes must not be changed afterwards. */
  send(frame: Uint8Array): void {
    if (frame.length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${frame.length} bytes is too long to send`);
    if (this.#state !== 'open' || this.#queue === undefined) return;
    if (!this.#queue.push(frame)) queueMicrotask(() => this.#down('too-slow'));
  }

  get bufferedBytes(): number {
    return this.#queue?.bufferedBytes ?? 0;
  }

  /**
   * Closes an open link once what was sent has arrived, or CLOSE_TIMEOUT_MS have passed; gives up an opening one.
   * `ended` is called when it is over.
   */
  close(reason: LinkCloseReason, ended: () => void): void {
    this.#ended = ended;
    if (this.#state === 'open' && this.#queue !== undefined) {
      this.#state = 'closing';
      if (reason === 'misbehaved') this.#queue.clear();
      this.#arm(CLOSE_TIMEOUT_MS, () => this.abort());
      // The other end closes the channel when it reads this: then everything before it has arrived.
      if (this.#queue.push(CLOSE_PREFIX + reason)) return;
    }
    this.abort();
  }

  /** Closes at once. `parting`: a reason that is sent if the channel takes it, without waiting for it to arrive. */
  abort(parting?: LinkCloseReason): void {
    if (parting !== undefined && this.#state === 'open') this.#connection?.send(CLOSE_PREFIX + parting);
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#batch.stop();
    this.#connection?.destroy();
    // A browser frees a connection only when nobody refers to it any more, and allows a tab 500.
    this.#connection = undefined;
    this.#queue = undefined;
    this.#signalled = [];
    this.#ended?.();
    this.#ended = undefined;
  }

  #connect(): Connection {
    return this.#options.connect(this.#options, {
      description: ({ type, sdp }) => {
        this.#signal({ type, attempt: this.attempt, sdp });
        this.#batch.release();
      },
      candidate: (candidate) => this.#batch.add(candidate),
      iceState: (state) => this.#iceChanged(state),
      open: () => this.#opened(),
      message: (message) => this.#received(message),
      low: () => this.#low(),
      closed: (error) => this.#connectionClosed(error),
    });
  }

  #signal(signal: Signal): void {
    if (this.#state === 'opening') this.#signalled.push(signal);
    else if (this.#state !== 'open') return;
    this.#options.signal(signal).then(
      () => {
        if (signal.type === 'offer' && this.#stage === 'signalling') this.#stage = 'no-answer';
      },
      (error: unknown) => {
        const noSuchPeer = error instanceof SignallingError && error.reason === 'unknown-peer';
        // Without one batch of candidates the link may still open; without its description it cannot.
        if (signal.type === 'candidates' && !noSuchPeer) return;
        this.#fail('signalling', error instanceof Error ? error.message : String(error), noSuchPeer);
      },
    );
  }

  #iceChanged(state: string): void {
    const isConnected = state === 'connected' || state === 'completed';
    if (this.#state === 'opening') {
      if (isConnected) this.#stage = 'channel';
    } else if (this.#state === 'open') {
      if (state === 'disconnected') this.#arm(DISCONNECTED_GRACE_MS, () => this.#down('lost'));
      else if (isConnected) this.#disarm();
    }
  }

  #opened(): void {
    if (this.#state !== 'opening' || this.#connection === undefined) return;
    this.#state = 'open';
    this.#signalled = [];
    this.#queue = new SendQueue(this.#connection);
    this.#disarm();
    this.#events.open();
  }

  #received(message: Uint8Array | string): void {
    if (this.#state !== 'open') return;
    const reason = CLOSE_REASONS.find((known) => message === CLOSE_PREFIX + known);
    if (typeof message !== 'string') this.#events.frame(message);
    else if (reason === undefined) this.#events.garbage();
    else this.#down(reason);
  }

  #low(): void {
    this.#queue?.pump();
    if (this.#state === 'open' && this.bufferedBytes <= LOW_WATER_BYTES) this.#events.drained();
  }

  #connectionClosed(error: ConnectionError | undefined): void {
    if (this.#state === 'open') this.#down('lost');
    else if (this.#state === 'closing') this.abort();
    else if (this.#state === 'opening') {
      // Chromium throws at the 500th connection that a tab creates.
      if (error === undefined) this.#fail('closed-by-peer');
      else this.#fail(error.code === 'ERR_PC_CONSTRUCTOR' ? 'budget' : this.#stage, error.message);
    }
  }

  #fail(stage: Stage, detail?: string, noSuchPeer = false): void {
    if (this.#state !== 'opening') return;
    this.abort();
    this.#events.failed(linkFailure(stage, detail, noSuchPeer));
  }

  #down(reason: LinkCloseReason | 'lost' | 'too-slow'): void {
    if (this.#state !== 'open') return;
    this.abort();
    this.#events.down(reason);
  }

  #arm(milliseconds: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, milliseconds);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
