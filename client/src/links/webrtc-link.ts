// One attempt at a link and the link that comes of it: follows the stages of opening, paces what is sent, says why it
// closes. It knows nothing of other links (webrtc-links.ts), and nothing of simple-peer (webrtc-connection.ts).

import type { LinkCloseReason, LinkFailure, LinkInfo, SignalWay } from '../peer/ports.ts';
import { CandidateBatch } from './candidate-batch.ts';
import { CandidateKinds, iceAdvice } from './candidate-kinds.ts';
import {
  ANSWER_LOST_MS,
  CLOSE_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  DISCONNECTED_GRACE_MS,
  LOW_WATER_BYTES,
  MAX_FRAME_BYTES,
  MAX_SIGNAL_CANDIDATES,
} from './limits.ts';
import { abandonedFailure, linkFailure } from './link-failure.ts';
import { LinkMeter } from './link-meter.ts';
import { partingReason, partingText } from './parting.ts';
import { Presence } from './presence.ts';
import { SendQueue } from './send-queue.ts';
import { type AbandonReason, type Candidate, encodeSignal } from './signal.ts';
import { SignalPost, type SignalPostOptions } from './signal-post.ts';
import { TakenCandidates } from './taken-candidates.ts';
import {
  type Connect,
  type Connection,
  type ConnectionError,
  type ConnectionOptions,
  type Description,
  turnNeedsUdp,
} from './webrtc-connection.ts';

export interface WebRtcLinkOptions extends ConnectionOptions {
  readonly attempt: string;
  /** This node is not in the ring yet, which its offer says. */
  readonly isJoining: boolean;
  readonly connect: Connect;
  /** How signals get to the other end. */
  readonly post: Omit<SignalPostOptions, 'handedOn' | 'lost'>;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
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

/** An offer or an answer as it arrived. */
interface HeardDescription extends Description {
  readonly candidates: readonly Candidate[];
}

type Stage = LinkFailure['stage'];

export class WebRtcLink {
  readonly attempt: string;
  readonly initiator: boolean;
  readonly #isJoining: boolean;
  readonly #events: WebRtcLinkEvents;
  readonly #post: SignalPost;
  readonly #batch: CandidateBatch;
  readonly #meter: LinkMeter;
  readonly #presence: Presence;
  readonly #now: () => number;
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening';
  #stage: Stage;
  #connection: Connection | undefined;
  #queue: SendQueue | undefined;
  #openedBy: SignalWay | undefined;
  /** This end's own words, of which every signal is made. */
  #description: Description | undefined;
  #describedAt = 0;
  #candidates: Candidate[] = [];
  readonly #localKinds = new CandidateKinds();
  readonly #turnNeedsUdp: boolean;
  /** The other end has described itself. */
  #isDescribed = false;
  readonly #remote = new TakenCandidates();
  /** Whom to tell that a close is over. */
  #ended: (() => void) | undefined;
  /** The one thing that is waited for: opening, recovery from `disconnected`, or the end of a close. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WebRtcLinkOptions, events: WebRtcLinkEvents) {
    this.attempt = options.attempt;
    this.initiator = options.initiator;
    this.#isJoining = options.isJoining;
    this.#events = events;
    this.#now = options.now;
    this.#turnNeedsUdp = turnNeedsUdp(options);
    this.#stage = options.initiator ? 'signalling' : 'ice';
    this.#post = new SignalPost({
      ...options.post,
      handedOn: () => {
        if (this.#stage === 'signalling') this.#stage = 'no-answer';
      },
      lost: (message, noSuchPeer) => this.#failSoon('signalling', `(${message})`, noSuchPeer),
    });
    this.#batch = new CandidateBatch(() => this.#say());
    this.#meter = new LinkMeter(options.now);
    this.#presence = new Presence({
      say: (text) => this.#connection?.send(text),
      gone: () => this.#down('lost'),
      now: options.now,
    });
    this.#timer = setTimeout(() => this.#failAtStage(), CONNECT_TIMEOUT_MS);
    try {
      this.#connection = this.#connect(options);
    } catch (error) {
      this.#failSoon('webrtc', `(${String(error)})`);
    }
  }

  /** Takes the other end's words, which came this `way`. False if they are of no use. */
  hear(words: HeardDescription, way: SignalWay): boolean {
    const isExpected = words.type === (this.initiator ? 'answer' : 'offer');
    if (this.#connection === undefined || !isExpected) return false;
    this.#post.heard(way);
    const isNew = !this.#isDescribed;
    if (isNew) {
      this.#isDescribed = true;
      this.#stage = 'ice';
      this.#connection.describe({ type: words.type, sdp: words.sdp });
    }
    return this.#addCandidates(words.candidates) || isNew;
  }

  /** Sends again what was said: the other end may have missed it. */
  repeatSignals(): void {
    this.#post.repeat();
  }

  /** Takes the other end's offer once more: with more candidates, or because the answer was lost, which is then repeated. */
  hearAgain(words: HeardDescription, way: SignalWay): void {
    const isOtherWay = way !== this.way;
    const isNew = this.hear(words, way);
    if (this.#state !== 'opening' || this.initiator) return;
    if (isOtherWay || (!isNew && this.#now() - this.#describedAt >= ANSWER_LOST_MS)) this.#post.repeat();
  }

  /** The ring does not know the other end. */
  notInRing(): void {
    if (this.#state === 'opening') this.#post.notHere();
  }

  /** The other end gave the attempt up. */
  abandoned(reason: AbandonReason): void {
    queueMicrotask(() => this.#fail(abandonedFailure(reason)));
  }

  /** Sends one frame, at most MAX_FRAME_BYTES, once there is room; ignored unless open. The bytes must not be changed afterwards. */
  send(frame: Uint8Array): void {
    if (frame.length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${frame.length} bytes is too long to send`);
    if (this.#state !== 'open' || this.#queue === undefined) return;
    this.#meter.sent(frame.length);
    if (!this.#queue.push(frame)) queueMicrotask(() => this.#down('too-slow'));
  }

  /** Goes down as lost unless the other end says soon that it is there. */
  check(): void {
    if (this.#state === 'open') this.#presence.check();
  }

  get bufferedBytes(): number {
    return this.#queue?.bufferedBytes ?? 0;
  }

  /** The way that the other end's words took. */
  get way(): SignalWay {
    return this.#openedBy ?? this.#post.way;
  }

  /** What is known of an open link, as of a moment ago. */
  get info(): Omit<LinkInfo, 'nodeId' | 'state'> {
    this.#meter.look(this.#connection);
    return { signalledBy: this.way, ...this.#meter.info };
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
      if (this.#queue.push(partingText(reason))) return;
    }
    this.abort();
  }

  /** Closes at once. `parting`: a reason that is sent if the channel takes it, without waiting for it to arrive. */
  abort(parting?: LinkCloseReason): void {
    if (parting !== undefined && this.#state === 'open') this.#connection?.send(partingText(parting));
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#batch.stop();
    this.#post.stop();
    this.#presence.stop();
    this.#connection?.destroy();
    // A browser frees a connection only when nobody refers to it any more, and allows a tab 500.
    this.#connection = undefined;
    this.#queue = undefined;
    this.#description = undefined;
    this.#ended?.();
    this.#ended = undefined;
  }

  #connect({ connect, ...options }: WebRtcLinkOptions): Connection {
    return connect(options, {
      description: (description) => {
        this.#description = description;
        this.#say();
        this.#batch.release();
      },
      candidate: (candidate) => {
        this.#localKinds.add(candidate.candidate);
        this.#candidates = [...this.#candidates, candidate].slice(-MAX_SIGNAL_CANDIDATES);
        this.#batch.add();
      },
      iceState: (state) => this.#iceChanged(state),
      open: () => this.#opened(),
      message: (message) => this.#received(message),
      low: () => this.#low(),
      closed: (error) => this.#connectionClosed(error),
    });
  }

  /** Tells the other end all there is to tell so far. */
  #say(): void {
    if (this.#description === undefined) return;
    this.#describedAt = this.#now();
    const { type, sdp } = this.#description;
    const words = { attempt: this.attempt, sdp, candidates: this.#candidates };
    if (type === 'answer') this.#post.send(encodeSignal({ type, ...words }));
    else this.#post.send(encodeSignal({ type, ...words, ...(this.#isJoining && { joining: true }) }));
  }

  /** True if there was something new in them. */
  #addCandidates(candidates: readonly Candidate[]): boolean {
    let isNew = false;
    for (const candidate of this.#remote.take(candidates)) {
      try {
        this.#connection?.addCandidate(candidate);
        isNew = true;
      } catch {
        // The browser cannot read this one; another may do.
      }
    }
    return isNew;
  }

  #iceChanged(state: string): void {
    const isConnected = state === 'connected' || state === 'completed';
    if (this.#state === 'opening') {
      if (isConnected) this.#stage = 'dtls';
    } else if (this.#state === 'open') {
      this.#meter.changed();
      if (state === 'disconnected') this.#arm(DISCONNECTED_GRACE_MS, () => this.#down('lost'));
      else if (isConnected) this.#disarm();
    }
  }

  #opened(): void {
    if (this.#state !== 'opening' || this.#connection === undefined) return;
    this.#state = 'open';
    this.#openedBy = this.#post.way;
    this.#post.stop();
    this.#queue = new SendQueue(this.#connection);
    this.#disarm();
    this.#meter.look(this.#connection);
    this.#events.open();
  }

  #received(message: Uint8Array | string): void {
    if (this.#state !== 'open') return;
    if (typeof message !== 'string') {
      this.#meter.received(message.length);
      this.#presence.heard();
      this.#events.frame(message);
      return;
    }
    const reason = partingReason(message);
    if (reason !== undefined) this.#down(reason);
    else if (!this.#presence.take(message)) this.#events.garbage();
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
      if (error === undefined) this.#fail(linkFailure('closed-by-peer'));
      else if (error.code === 'ERR_PC_CONSTRUCTOR') this.#fail(linkFailure('budget', `(${error.message})`));
      else this.#failAtStage(error.message);
    }
  }

  #failAtStage(message?: string): void {
    const detail = message === undefined ? undefined : `(${message})`;
    const advice = this.#stage === 'ice' ? iceAdvice(this.#localKinds, this.#remote.kinds, this.#turnNeedsUdp) : detail;
    this.#fail(linkFailure(this.#stage, advice));
  }

  #failSoon(stage: Stage, detail: string, noSuchPeer = false): void {
    queueMicrotask(() => this.#fail(linkFailure(stage, detail, noSuchPeer)));
  }

  #fail(failure: LinkFailure): void {
    if (this.#state !== 'opening') return;
    this.abort();
    this.#events.failed(failure);
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
