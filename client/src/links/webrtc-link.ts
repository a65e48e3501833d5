// One attempt at a link and the link that comes of it: follows the stages of opening, sees that the other end is who it
// should be, says why it closes. It knows nothing of other links (webrtc-links.ts), nor of simple-peer (webrtc-connection.ts).

import type { LinkCloseReason, LinkFailure, LinkInfo, SignalWay } from '../peer/ports.ts';
import type { Certificate } from '../trust/certificate.ts';
import { iceAdvice } from './candidate-kinds.ts';
import { CLOSE_TIMEOUT_MS, DISCONNECTED_GRACE_MS, MAX_FRAME_BYTES } from './limits.ts';
import { LinkChannel, type LinkChannelEvents } from './link-channel.ts';
import { abandonedFailure, linkFailure } from './link-failure.ts';
import type { AttemptKind } from './offer-verdict.ts';
import { OpeningStage } from './opening-stage.ts';
import { type HeardDescription, OtherWords } from './other-words.ts';
import { OwnWords } from './own-words.ts';
import { PatientTimer } from './patient-timer.ts';
import type { AbandonReason, Doubt } from './signal.ts';
import { SignedPost, type SignedPostOptions } from './signed-post.ts';
import type { Connect, Connection, ConnectionError, ConnectionOptions } from './webrtc-connection.ts';

export interface WebRtcLinkOptions extends Omit<ConnectionOptions, 'initiator'> {
  readonly attempt: string;
  readonly kind: Exclude<AttemptKind, 'call'>;
  /** This node is not in the ring yet, which its offer says. */
  readonly isJoining: boolean;
  /** How long it may take to open, milliseconds. */
  readonly limitMs: () => number;
  readonly connect: Connect;
  /** How signals get to the other end. */
  readonly post: Omit<SignedPostOptions, 'handedOn' | 'lost'>;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
}

/** None is called from within a call of the link's methods. After `failed`, `down` or a call of `close` or `abort`, none at all. */
export interface WebRtcLinkEvents extends Omit<LinkChannelEvents, 'over'> {
  /** Its other end is the node of this certificate. */
  open(certificate: Certificate): void;
  /** It will not open. */
  failed(failure: LinkFailure): void;
  /** What the channel's other end showed was compared with what it had signed. If it is not the same, `failed` follows. */
  compared(isSame: boolean): void;
  /** It was open and has closed. too-slow: the other end does not keep up with what is sent. */
  down(reason: LinkCloseReason | 'lost' | 'too-slow'): void;
}

export class WebRtcLink {
  readonly attempt: string;
  readonly kind: Exclude<AttemptKind, 'call'>;
  readonly #events: WebRtcLinkEvents;
  readonly #post: SignedPost;
  readonly #own: OwnWords;
  readonly #other = new OtherWords();
  readonly #stage: OpeningStage;
  readonly #now: () => number;
  readonly #turnAdvice: string | undefined;
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening';
  #connection: Connection | undefined;
  #channel: LinkChannel | undefined;
  #openedBy: SignalWay | undefined;
  /** Whom to tell that a close is over. */
  #ended: (() => void) | undefined;
  /** The one thing that is waited for: opening, recovery from `disconnected`, or the end of a close. */
  readonly #timer: PatientTimer;

  constructor(options: WebRtcLinkOptions, events: WebRtcLinkEvents) {
    const { attempt, kind, isJoining, now } = options;
    const connectionOptions = { ...options, initiator: kind !== 'answer' };
    this.attempt = attempt;
    this.kind = kind;
    this.#events = events;
    this.#now = now;
    this.#turnAdvice = options.webRtc?.turnAdvice(options.iceServers);
    this.#stage = new OpeningStage(kind);
    this.#post = new SignedPost({
      ...options.post,
      handedOn: () => this.#stage.handedOn(),
      lost: (message, noSuchPeer) => this.#failSoon(linkFailure('signalling', `(${message})`, noSuchPeer)),
    });
    this.#own = new OwnWords({ attempt, isJoining, post: this.#post, now });
    this.#timer = new PatientTimer(now);
    this.#timer.setLimit(options.limitMs, () => this.#failAtStage());
    try {
      this.#connection = this.#connect(options.connect, connectionOptions);
    } catch (error) {
      this.#failSoon(linkFailure('webrtc', `(${String(error)})`));
    }
  }

  /** Takes the other end's words, which came this `way`. False if they are of no use. */
  hear(words: HeardDescription, way: SignalWay): boolean {
    const isExpected = words.type === (this.kind === 'answer' ? 'offer' : 'answer');
    if (this.#connection === undefined || !isExpected) return false;
    this.#post.heard(way);
    if (this.certificate === undefined) this.#stage.described();
    return this.#other.take(words, this.#connection);
  }

  /** Sends again what was said: the other end may have missed it. */
  repeatSignals(): void {
    this.#post.repeat();
  }

  /** Takes the other end's offer once more: with more candidates, or because the answer was lost, which is then repeated. */
  hearAgain(words: HeardDescription, way: SignalWay): void {
    const isOtherWay = way !== this.way;
    const isNew = this.hear(words, way);
    if (this.#state !== 'opening' || this.kind !== 'answer') return;
    if (isOtherWay || (!isNew && this.#own.mayBeLost)) this.#post.repeat();
  }

  /** The other end calls once more for this offer: it was lost, or is on its way. */
  calledAgain(way: SignalWay): void {
    if (this.#state !== 'opening' || this.kind !== 'called' || this.certificate !== undefined) return;
    const isOtherWay = way !== this.way;
    this.#post.heard(way);
    if (isOtherWay || this.#own.mayBeLost) this.#post.repeat();
  }

  /** The ring does not know the other end. */
  notInRing(): void {
    if (this.#state === 'opening') this.#post.notHere();
  }

  /** What came by this way in one end's name was not proved to be of it. */
  doubt(way: SignalWay, why: Doubt['why']): void {
    // Whose offer was answered is heard; whose answer is on its way is not.
    const isHeard = this.kind !== 'answer' && this.certificate !== undefined;
    if (this.#state !== 'opening' || isHeard) return;
    const failure = this.#stage.doubt(way, why);
    if (failure === undefined) this.#post.changed();
    else this.#failSoon(failure);
  }

  /** The other end gave the attempt up. */
  abandoned(reason: AbandonReason): void {
    this.#failSoon(abandonedFailure(reason));
  }

  /** Sends one frame, at most MAX_FRAME_BYTES, once there is room; ignored unless open. The bytes must not be changed afterwards. */
  send(frame: Uint8Array): void {
    if (frame.length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${frame.length} bytes is too long to send`);
    if (this.#state === 'open') this.#channel?.send(frame);
  }

  /** Goes down as lost unless the other end says soon that it is there. */
  check(): void {
    if (this.#state === 'open') this.#channel?.check();
  }

  get bufferedBytes(): number {
    return this.#channel?.bufferedBytes ?? 0;
  }

  /** Of the other end, once it has described itself. */
  get certificate(): Certificate | undefined {
    return this.#other.certificate;
  }

  /** The way that the other end's words took. */
  get way(): SignalWay {
    return this.#openedBy ?? this.#post.way;
  }

  /** What is known of an open link, as of a moment ago. */
  get info(): Omit<LinkInfo, 'nodeId' | 'state'> {
    return { signalledBy: this.way, ...this.#channel?.info };
  }

  /**
   * Closes an open link once what was sent has arrived, or CLOSE_TIMEOUT_MS have passed; gives up an opening one.
   * `ended` is called when it is over.
   */
  close(reason: LinkCloseReason, ended: () => void): void {
    this.#ended = ended;
    if (this.#state === 'open' && this.#channel !== undefined) {
      this.#state = 'closing';
      this.#timer.set(CLOSE_TIMEOUT_MS, CLOSE_TIMEOUT_MS, () => this.abort());
      // The other end closes the channel when it reads this: then everything before it has arrived.
      if (this.#channel.part(reason)) return;
    }
    this.abort();
  }

  /** Closes at once. `parting`: a reason that is sent if the channel takes it, without waiting for it to arrive. */
  abort(parting?: LinkCloseReason): void {
    if (parting !== undefined && this.#state === 'open') this.#channel?.partAtOnce(parting);
    this.#state = 'closed';
    this.#timer.stop();
    this.#own.end();
    this.#post.end();
    this.#channel?.end();
    this.#connection?.destroy();
    // A browser frees a connection only when nobody refers to it any more, and allows a tab 500.
    this.#connection = undefined;
    this.#channel = undefined;
    this.#ended?.();
    this.#ended = undefined;
  }

  #connect(connect: Connect, options: ConnectionOptions): Connection {
    return connect(options, {
      description: (description) => this.#own.describe(description),
      candidate: (candidate) => this.#own.addCandidate(candidate),
      gathered: () => this.#own.gathered(),
      iceState: (state) => this.#iceChanged(state),
      open: (fingerprint) => this.#opened(fingerprint),
      message: (message) => {
        if (this.#state === 'open') this.#channel?.received(message);
      },
      low: () => this.#channel?.low(),
      closed: (error) => this.#connectionClosed(error),
    });
  }

  #iceChanged(state: string): void {
    const isConnected = state === 'connected' || state === 'completed';
    if (this.#state === 'opening') {
      if (!isConnected) return;
      this.#stage.pathFound();
      this.#own.pathFound();
    } else if (this.#state === 'open') {
      this.#channel?.pathChanged();
      if (state === 'disconnected')
        this.#timer.set(DISCONNECTED_GRACE_MS, DISCONNECTED_GRACE_MS, () => this.#down('lost'));
      else if (isConnected) this.#timer.stop();
    }
  }

  /** `fingerprint`: what the other end showed, if it can be known here. DTLS has compared it already, as it says. */
  #opened(fingerprint: string | undefined): void {
    const { certificate } = this;
    if (this.#state !== 'opening' || this.#connection === undefined || certificate === undefined) return;
    const isSame = fingerprint === this.#other.fingerprint;
    if (fingerprint !== undefined) this.#events.compared(isSame);
    if (fingerprint !== undefined && !isSame) {
      return this.#fail(linkFailure('proof', '(The channel leads to somebody between the two tabs.)'));
    }
    this.#state = 'open';
    this.#openedBy = this.#post.way;
    this.#post.end();
    this.#timer.stop();
    this.#channel = new LinkChannel(this.#connection, this.#channelEvents(), this.#now);
    this.#events.open(certificate);
  }

  #channelEvents(): LinkChannelEvents {
    const { frame, drained, garbage } = this.#events;
    return {
      ...{ frame, garbage },
      drained: () => {
        if (this.#state === 'open') drained();
      },
      over: (reason) => this.#down(reason),
    };
  }

  #connectionClosed(error: ConnectionError | undefined): void {
    if (this.#state === 'open') this.#down('lost');
    else if (this.#state === 'closing') this.abort();
    else if (this.#state === 'opening') {
      // Chromium throws at the 500th connection that a tab creates.
      if (error === undefined) this.#fail(linkFailure('closed-by-peer'));
      else if (error.code === 'ERR_PC_CONSTRUCTOR') this.#fail(linkFailure('budget', `(${error.message})`));
      else if (error.code === 'ERR_WEBRTC_SUPPORT') this.#fail(linkFailure('webrtc', `(${error.message})`));
      else this.#failAtStage(error.message);
    }
  }

  #failAtStage(message?: string): void {
    const detail = message === undefined ? undefined : `(${message})`;
    const advice = () => iceAdvice(this.#own.kinds, this.#other.kinds, this.#turnAdvice);
    this.#fail(this.#stage.failure(detail, advice));
  }

  #failSoon(failure: LinkFailure): void {
    queueMicrotask(() => this.#fail(failure));
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
}
