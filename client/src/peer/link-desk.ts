// The driver's side of the links: opens and closes them, sends frames and takes them in, through the gate (gate/), and shuts
// out peers that misbehave. What the core hears of a link, and of what came over it, it hears in the order in which it came.

import type { Input, LinkFailureReason } from '../core/io.ts';
import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Direct } from '../core/pastry/messages.ts';
import type { RingParams } from '../core/pastry/params.ts';
import { Gate } from '../gate/gate.ts';
import type { Scheme } from '../gate/scheme.ts';
import type { Certificate } from '../trust/certificate.ts';
import { type FrameCodec, MAX_FRAME_BYTES } from '../wire/frame.ts';
import type { Counters } from './counters.ts';
import { Dialler } from './dialler.ts';
import { DOWN_TEXTS } from './down-texts.ts';
import { LinkTable } from './link-table.ts';
import type { LinkCloseReason, LinkFailure, LinkLayer } from './ports.ts';
import type { Shell } from './shell.ts';
import type { NeedOf } from './wishes.ts';

export interface LinkDeskParts {
  readonly links: LinkLayer;
  readonly params: Pick<RingParams, 'linkBudget' | 'leafSetSize'>;
  readonly codec: FrameCodec;
  /** What this node proves itself with, and checks others by. */
  readonly credentials: Scheme;
  readonly counters: Counters;
  readonly shell: Shell;
}

export interface LinkDeskHost {
  /** Milliseconds on the driver's clock. */
  now(): number;
  /** Calls `fire` once, in `delayMs` or later; replaces a deadline of the same name. */
  after(name: string, delayMs: number, fire: () => void): void;
  /** Gives the machine an input. */
  dispatch(input: Input): void;
}

export class LinkDesk {
  readonly #parts: LinkDeskParts;
  readonly #host: LinkDeskHost;
  readonly #table = new LinkTable();
  readonly #dialler: Dialler;
  readonly #gate: Gate;
  #isStopped = false;

  constructor(parts: LinkDeskParts, host: LinkDeskHost) {
    this.#parts = parts;
    this.#host = host;
    this.#dialler = this.#createDialler(parts);
    this.#gate = new Gate({
      scheme: parts.credentials,
      codec: parts.codec,
      now: () => host.now(),
      count: (cause) => this.#count(cause),
      misbehaved: (peer, what) => this.misbehaved(peer, what),
    });
    this.#listen(parts);
  }

  get hasOpen(): boolean {
    return this.#table.hasOpen;
  }

  isOpen(peer: NodeId): boolean {
    return this.#table.isOpen(peer);
  }

  /** No link to this node can be had, as far as is known. */
  isCutOff(peer: NodeId): boolean {
    return !this.isOpen(peer) && (this.#parts.shell.isRelayed(peer) || this.#dialler.failedLately(peer));
  }

  /** Frames wait for this link. */
  isWaitedFor(peer: NodeId): boolean {
    return this.#table.isWaitedFor(peer);
  }

  connect(peer: NodeId): void {
    // Opened from the other side in the meantime: the answer that the core waits for.
    if (this.isOpen(peer)) this.#host.dispatch({ type: 'link-up', peer });
    else this.#dialler.want(peer);
  }

  /** After what was sent there before. */
  disconnect(peer: NodeId, reason: LinkCloseReason): void {
    this.#gate.afterSent(peer, () => this.#close(peer, reason));
  }

  sendMessage(to: NodeId, message: Message): void {
    this.#gate.send(to, message, (ready) => this.#transmit(to, ready));
  }

  sendRelayed(carrier: NodeId, to: NodeId, message: Direct): void {
    this.#gate.sendRelayed(carrier, to, message, (ready) => this.#transmit(carrier, ready));
  }

  /** Now, or when the link that is opened for it is up; dropped if it cannot be opened. `isAwaited`: somebody waits for it. */
  send(peer: NodeId, frame: Uint8Array, isAwaited = true): void {
    if (this.#isStopped) return;
    if (this.isOpen(peer)) {
      this.#dialler.used(peer);
      this.#parts.links.send(peer, frame);
      return;
    }
    this.#count('frames dropped: too many wait for a link', this.#table.wait(peer, frame, isAwaited));
    this.#dialler.want(peer);
  }

  /** Counts what a correct peer never does, and closes the link of one that keeps doing it. */
  misbehaved(peer: NodeId, what: string): void {
    this.#count(`misbehaved: ${what}`);
    this.#parts.shell.misbehaved(peer, what);
    if (this.#table.misbehaved(peer, this.#host.now())) this.#expel(peer, what);
  }

  /** What seems open may be dead, and what failed may work now. */
  networkChanged(): void {
    this.#parts.links.check();
    this.#dialler.tryAgain();
  }

  /** A timer of this node's came so much too late. */
  timerCame(lateMs: number): void {
    this.#dialler.timerCame(lateMs);
  }

  /** Sends what is ready. Nothing more is sent or taken in; the links are left to the caller. */
  stop(): void {
    this.#gate.finish();
    this.#isStopped = true;
  }

  #listen({ links, shell }: LinkDeskParts): void {
    links.listen({
      up: (peer, certificate) => this.#linkUp(peer, certificate),
      down: (peer, reason) => this.#linkDown(peer, reason),
      failed: (peer, failure) => this.#linkFailed(peer, failure),
      answerFailed: (peer, failure) => this.#answerFailed(peer, failure),
      certified: (certificate) => this.#gate.certified(certificate),
      frame: (peer, bytes) => this.#frame(peer, bytes),
      garbage: (peer) => this.misbehaved(peer, 'not a frame'),
      drained: (peer) => shell.drained(peer),
      carry: (peer, data) => this.#carry(peer, data),
      mayAnswer: (peer, isJoining) => !this.#isStopped && this.#dialler.mayAnswer(peer, isJoining),
      isJoining: () => shell.isJoining(),
      openingMs: () => this.#dialler.openingMs,
    });
  }

  #transmit(to: NodeId, message: Message): void {
    const frame = this.#parts.codec.encodeMessage(message);
    // The other side would refuse it and count it against this node.
    if (frame.length > MAX_FRAME_BYTES) this.#count(`messages too long to send: ${message.type}`);
    else this.send(to, frame, message.type === 'routed' || message.type === 'reply');
  }

  /** Takes signalling data of the links' own into the ring. */
  #carry(peer: NodeId, data: string): boolean {
    if (this.#isStopped || !this.hasOpen) return false;
    this.#host.dispatch({ type: 'signal', to: peer, data });
    return true;
  }

  #linkUp(peer: NodeId, certificate: Certificate): void {
    if (this.#isStopped) return;
    this.#gate.certified(certificate);
    const waiting = this.#table.opened(peer, certificate);
    this.#dialler.up(peer);
    for (const frame of waiting) this.#parts.links.send(peer, frame);
    this.#parts.shell.linkChanged(peer, 'up', 'link open');
    this.#tell(peer, { type: 'link-up', peer });
  }

  #linkDown(peer: NodeId, reason: LinkCloseReason | 'lost'): void {
    this.#dialler.down(peer);
    this.#forget(peer, 'down', DOWN_TEXTS[reason]);
    if (reason === 'misbehaved') this.#count('links closed because a peer blames this node');
    this.#tell(peer, { type: 'link-down', peer, reason: reason === 'misbehaved' ? 'lost' : reason });
  }

  #linkFailed(peer: NodeId, failure: LinkFailure): void {
    this.#count(`links failed: ${failure.stage}`);
    this.#parts.shell.linkFailed(peer, failure);
    this.#dialler.failed(peer, failure.stage === 'budget');
    this.#forget(peer, 'failed', failure.message);
    // Want of room says nothing about the other node.
    if (failure.stage === 'budget') this.#tell(peer, { type: 'link-down', peer, reason: 'budget' });
    else this.#tell(peer, { type: 'link-failed', peer, reason: this.#reasonOf(failure) });
  }

  #answerFailed(peer: NodeId, failure: LinkFailure): void {
    this.#parts.shell.linkFailed(peer, failure);
    if (this.#reasonOf(failure) === 'unreachable') this.#tell(peer, { type: 'no-path', peer });
  }

  #frame(peer: NodeId, bytes: Uint8Array): void {
    const speaker = this.#table.speaker(peer);
    if (this.#isStopped || speaker === undefined) return;
    this.#dialler.used(peer);
    const { codec, shell } = this.#parts;
    const frame = codec.decode(bytes);
    if (frame.kind === 'chunk') return shell.chunk(peer, frame.transfer, frame.offset, frame.payload);
    if (this.#table.floods(peer, bytes.length, this.#host.now())) return this.#flooded(peer);
    switch (frame.kind) {
      case 'message':
        return this.#gate.receive(speaker, frame.message, (input) => this.#host.dispatch(input));
      case 'control':
        return shell.control(peer, frame.control);
      case 'malformed':
        return this.misbehaved(peer, `malformed frame: ${frame.reason}`);
    }
  }

  #flooded(peer: NodeId): void {
    this.#parts.shell.misbehaved(peer, 'a flood of frames');
    this.#expel(peer, 'flood');
  }

  /** The core hears it after what came over the link before. */
  #tell(peer: NodeId, input: Input): void {
    this.#gate.afterReceived(peer, () => this.#host.dispatch(input));
  }

  /** Closes a link for cause; to the core it is lost. */
  #expel(peer: NodeId, what: string): void {
    if (!this.isOpen(peer)) return;
    this.#count('links closed as misbehaved');
    this.#close(peer, 'misbehaved', what);
    this.#tell(peer, { type: 'link-down', peer, reason: 'lost' });
  }

  #close(peer: NodeId, reason: LinkCloseReason, why: string = reason): void {
    this.#parts.links.close(peer, reason);
    this.#gate.dropReceived(peer);
    this.#dialler.forget(peer);
    this.#dialler.down(peer);
    this.#forget(peer, 'down', `link closed by this node: ${why}`);
  }

  #createDialler({ links, shell, params }: LinkDeskParts): Dialler {
    const host = this.#host;
    const isBusy = (peer: NodeId): boolean => shell.isTransferring(peer) || links.bufferedBytes(peer) > 0;
    const lacksRoom = (peer: NodeId, state: 'down' | 'failed', message: string): void => {
      this.#forget(peer, state, message);
      this.#tell(peer, { type: 'link-down', peer, reason: 'budget' });
    };
    const diallerHost = {
      now: () => host.now(),
      random: () => Math.random(),
      after: (name: string, delayMs: number, fire: () => void) => host.after(name, delayMs, fire),
      count: (cause: string) => this.#count(cause),
      linkCount: () => links.linkCount,
      dial: (peer: NodeId) => links.connect(peer),
      close: (peer: NodeId) => {
        links.close(peer, 'budget');
        lacksRoom(peer, 'down', 'link closed by this node: others are needed more');
      },
      gaveUp: (peer: NodeId) => lacksRoom(peer, 'failed', 'There was no room for it under the budget of links.'),
      pins: () => shell.pins(),
      needs: () => this.#needs(),
      isBusy,
    };
    return new Dialler(diallerHost, params.linkBudget, params.leafSetSize);
  }

  /**
   * What a failure means to the core: only where the other end answered, and there was time to look for a path, has it been seen
   * that none leads there. What no path leads to is spoken to by others, which is more work for all.
   */
  #reasonOf({ stage, noSuchPeer }: LinkFailure): LinkFailureReason {
    if (noSuchPeer) return 'no-such-peer';
    if (stage === 'webrtc') return 'unreachable';
    return (stage === 'ice' || stage === 'dtls') && !this.#dialler.hadNoTime ? 'unreachable' : 'no-answer';
  }

  #needs(): NeedOf {
    const { shell } = this.#parts;
    const [isPinned, isEntry] = [shell.pins(), shell.entries()];
    return (peer) => {
      if (isPinned(peer)) return 'leaf';
      if (this.#table.isAwaited(peer)) return 'awaited';
      return isEntry(peer) ? 'entry' : 'other';
    };
  }

  #forget(peer: NodeId, state: 'down' | 'failed', message: string): void {
    this.#count('frames dropped: no link', this.#table.closed(peer));
    if (!this.#isStopped) this.#parts.shell.linkChanged(peer, state, message);
  }

  #count(cause: string, times = 1): void {
    this.#parts.counters.count(cause, times);
  }
}
