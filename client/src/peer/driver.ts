// Runs the core's machine over a clock and links: inputs one at a time, outputs carried out at once, one alarm for the
// machine's next wake and the shell's own deadlines. What is not about links or messages goes to the shell.

import type { Input, LinkFailureReason, Machine, Output } from '../core/io.ts';
import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import { Timers } from '../core/timers.ts';
import { type FrameCodec, MAX_FRAME_BYTES, type TransferControl } from '../wire/frame.ts';
import { Alarm } from './alarm.ts';
import type { Counters } from './counters.ts';
import { Dialler } from './dialler.ts';
import { DOWN_TEXTS } from './down-texts.ts';
import { LinkTable } from './link-table.ts';
import type { Clock, LinkCloseReason, LinkFailure, LinkLayer } from './ports.ts';

/** Outputs that are not about links or messages. */
export type ShellOutput = Exclude<Output, { readonly type: 'send' | 'connect' | 'disconnect' | 'signal' }>;

/** What the driver hands on. */
interface Shell {
  output(output: ShellOutput): void;
  control(peer: NodeId, control: TransferControl): void;
  chunk(peer: NodeId, transfer: number, offset: number, payload: Uint8Array): void;
  /** The link's buffer has room again. */
  drained(peer: NodeId): void;
  /** `message` is for people. */
  linkChanged(peer: NodeId, state: 'up' | 'down' | 'failed', message: string): void;
  linkFailed(peer: NodeId, failure: LinkFailure): void;
  /** A block is on its way over this link. */
  isTransferring(peer: NodeId): boolean;
  /** No link reaches this node, and the ring carries messages to it. */
  isRelayed(peer: NodeId): boolean;
  /** Linked nodes that may bring a block here from a node that no link reaches, the likeliest first. */
  carriersOf(peer: NodeId): readonly NodeId[];
  /** This node is not in the ring yet. */
  isJoining(): boolean;
  /** Says of a node whether its link serves the leaf set. */
  pins(): (peer: NodeId) => boolean;
}

export interface DriverParts {
  readonly machine: Machine;
  readonly clock: Clock;
  readonly links: LinkLayer;
  readonly params: Pick<RingParams, 'linkBudget' | 'leafSetSize'>;
  readonly codec: FrameCodec;
  readonly counters: Counters;
  readonly shell: Shell;
}

export class Driver {
  readonly #parts: DriverParts;
  readonly #table = new LinkTable();
  readonly #dialler: Dialler;
  readonly #timers = new Timers();
  readonly #alarm: Alarm;
  #inputs: Input[] = [];
  #isRunning = false;
  #isStopped = false;

  constructor(parts: DriverParts) {
    this.#parts = parts;
    this.#dialler = this.#createDialler(parts);
    this.#alarm = new Alarm(parts.clock, () => this.#wake());
    parts.links.listen({
      up: (peer) => this.#linkUp(peer),
      down: (peer, reason) => this.#linkDown(peer, reason),
      failed: (peer, failure) => this.#linkFailed(peer, failure),
      answerFailed: (peer, failure) => parts.shell.linkFailed(peer, failure),
      frame: (peer, bytes) => this.#frame(peer, bytes),
      garbage: (peer) => this.misbehaved(peer, 'not a frame'),
      drained: (peer) => parts.shell.drained(peer),
      carry: (peer, data) => this.#carry(peer, data),
      mayAnswer: (peer, isJoining) => !this.#isStopped && this.#dialler.mayAnswer(peer, isJoining),
      isJoining: () => parts.shell.isJoining(),
    });
  }

  /** Gives the machine an input, after those already waiting. Ignored once stopped. */
  dispatch(input: Input): void {
    if (this.#isStopped) return;
    this.#inputs.push(input);
    if (this.#isRunning) return;
    this.#noticeFreeze();
    this.#isRunning = true;
    try {
      // Carrying out an output may bring further inputs, from a link that closes at once for one.
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        for (const output of this.#parts.machine.handle(next, this.now())) this.#carryOut(output);
      }
    } finally {
      this.#isRunning = false;
      this.#arm();
    }
  }

  /** Milliseconds on the driver's clock. */
  now(): number {
    return this.#parts.clock.now();
  }

  /** Calls `fire` once, in `delayMs` or later; replaces a deadline of the same name. */
  after(name: string, delayMs: number, fire: () => void): void {
    if (this.#isStopped) return;
    this.#timers.set(name, this.now() + delayMs, fire);
    this.#arm();
  }

  cancel(name: string): void {
    this.#timers.cancel(name);
  }

  /** A question opens a link if there is none; the others are answers, and lost with their link. */
  sendControl(peer: NodeId, control: TransferControl): void {
    const mayOpen = control.type === 'pull' || control.type === 'bring' || this.#table.isWaitedFor(peer);
    if (mayOpen || this.#table.isOpen(peer)) this.#send(peer, this.#parts.codec.encodeControl(control));
  }

  sendChunk(peer: NodeId, transfer: number, offset: number, payload: Uint8Array): void {
    if (this.#table.isOpen(peer)) this.#send(peer, this.#parts.codec.encodeChunk(transfer, offset, payload));
  }

  isOpen(peer: NodeId): boolean {
    return this.#table.isOpen(peer);
  }

  /** No link to this node can be had, as far as is known. */
  isCutOff(peer: NodeId): boolean {
    const { shell } = this.#parts;
    return !this.#table.isOpen(peer) && (shell.isRelayed(peer) || this.#dialler.failedLately(peer));
  }

  carriersOf(peer: NodeId): readonly NodeId[] {
    return this.#parts.shell.carriersOf(peer);
  }

  bufferedBytes(peer: NodeId): number {
    return this.#parts.links.bufferedBytes(peer);
  }

  count(cause: string, times = 1): void {
    this.#parts.counters.count(cause, times);
  }

  /** Counts what a correct peer never does, and closes the link of one that keeps doing it. */
  misbehaved(peer: NodeId, what: string): void {
    this.count(`misbehaved: ${what}`);
    if (this.#table.misbehaved(peer, this.now())) this.#expel(peer, what);
  }

  /** The network is another one: what did not work may work now, and what seems open may be dead. */
  networkChanged(): void {
    if (this.#isStopped) return;
    this.#parts.links.check();
    this.#dialler.tryAgain();
  }

  /** No input, output or deadline is handled any more. The links are left to the caller. */
  stop(): void {
    this.#isStopped = true;
    this.#inputs = [];
    this.#timers.clear();
    this.#alarm.set(undefined);
  }

  #carryOut(output: Output): void {
    switch (output.type) {
      case 'send':
        return this.#sendMessage(output.to, output.message);
      case 'connect':
        // Opened from the other side in the meantime: the answer that the core waits for.
        if (this.#table.isOpen(output.peer)) this.dispatch({ type: 'link-up', peer: output.peer });
        else this.#dialler.want(output.peer);
        return;
      case 'signal':
        return this.#parts.links.signalled(output.from, output.data);
      case 'disconnect':
        return this.#close(output.peer, output.reason);
      default:
        this.#parts.shell.output(output);
    }
  }

  #sendMessage(to: NodeId, message: Message): void {
    const frame = this.#parts.codec.encodeMessage(message);
    // The other side would refuse it and count it against this node.
    if (frame.length > MAX_FRAME_BYTES) this.count(`messages too long to send: ${message.type}`);
    else this.#send(to, frame);
  }

  /** Now, or when the link that is opened for it is up; dropped if it cannot be opened. */
  #send(peer: NodeId, frame: Uint8Array): void {
    if (this.#isStopped) return;
    if (this.#table.isOpen(peer)) {
      this.#dialler.used(peer);
      this.#parts.links.send(peer, frame);
      return;
    }
    this.count('frames dropped: too many wait for a link', this.#table.wait(peer, frame));
    this.#dialler.want(peer);
  }

  /** Takes signalling data of the links' own into the ring. */
  #carry(peer: NodeId, data: string): boolean {
    if (this.#isStopped || !this.#table.hasOpen) return false;
    this.dispatch({ type: 'signal', to: peer, data });
    return true;
  }

  #linkUp(peer: NodeId): void {
    if (this.#isStopped) return;
    const waiting = this.#table.opened(peer);
    this.#dialler.up(peer);
    for (const frame of waiting) this.#parts.links.send(peer, frame);
    this.#parts.shell.linkChanged(peer, 'up', 'link open');
    this.dispatch({ type: 'link-up', peer });
  }

  #linkDown(peer: NodeId, reason: LinkCloseReason | 'lost'): void {
    this.#dialler.down(peer);
    this.#forget(peer, 'down', DOWN_TEXTS[reason]);
    if (reason === 'misbehaved') this.count('links closed because a peer blames this node');
    this.dispatch({ type: 'link-down', peer, reason: reason === 'misbehaved' ? 'lost' : reason });
  }

  #linkFailed(peer: NodeId, failure: LinkFailure): void {
    this.count(`links failed: ${failure.stage}`);
    this.#parts.shell.linkFailed(peer, failure);
    this.#dialler.failed(peer, failure.stage === 'budget');
    this.#forget(peer, 'failed', failure.message);
    // Want of room says nothing about the other node.
    if (failure.stage === 'budget') this.dispatch({ type: 'link-down', peer, reason: 'budget' });
    else this.dispatch({ type: 'link-failed', peer, reason: reasonOf(failure) });
  }

  #frame(peer: NodeId, bytes: Uint8Array): void {
    if (this.#isStopped || !this.#table.isOpen(peer)) return;
    this.#dialler.used(peer);
    const { codec, shell } = this.#parts;
    const frame = codec.decode(bytes);
    if (frame.kind === 'chunk') return shell.chunk(peer, frame.transfer, frame.offset, frame.payload);
    if (this.#table.floods(peer, bytes.length, this.now())) return this.#expel(peer, 'flood');
    switch (frame.kind) {
      case 'message':
        return this.dispatch({ type: 'message', from: peer, message: frame.message });
      case 'control':
        return shell.control(peer, frame.control);
      case 'malformed':
        return this.misbehaved(peer, `malformed frame: ${frame.reason}`);
    }
  }

  /** Closes a link for cause; to the core it is lost. */
  #expel(peer: NodeId, what: string): void {
    if (!this.#table.isOpen(peer)) return;
    this.count('links closed as misbehaved');
    this.#close(peer, 'misbehaved', what);
    this.dispatch({ type: 'link-down', peer, reason: 'lost' });
  }

  #close(peer: NodeId, reason: LinkCloseReason, why: string = reason): void {
    this.#parts.links.close(peer, reason);
    this.#dialler.forget(peer);
    this.#dialler.down(peer);
    this.#forget(peer, 'down', `link closed by this node: ${why}`);
  }

  #createDialler({ links, shell, params }: DriverParts): Dialler {
    const isBusy = (peer: NodeId): boolean => shell.isTransferring(peer) || links.bufferedBytes(peer) > 0;
    const lacksRoom = (peer: NodeId, state: 'down' | 'failed', message: string): void => {
      this.#forget(peer, state, message);
      this.dispatch({ type: 'link-down', peer, reason: 'budget' });
    };
    const host = {
      now: () => this.now(),
      after: (name: string, delayMs: number, fire: () => void) => this.after(name, delayMs, fire),
      count: (cause: string) => this.count(cause),
      linkCount: () => links.linkCount,
      dial: (peer: NodeId) => links.connect(peer),
      close: (peer: NodeId) => {
        links.close(peer, 'budget');
        lacksRoom(peer, 'down', 'link closed by this node: others are needed more');
      },
      gaveUp: (peer: NodeId) => lacksRoom(peer, 'failed', 'There was no room for it under the budget of links.'),
      pins: () => shell.pins(),
      isBusy,
    };
    return new Dialler(host, params.linkBudget, params.leafSetSize);
  }

  #forget(peer: NodeId, state: 'down' | 'failed', message: string): void {
    this.count('frames dropped: no link', this.#table.closed(peer));
    if (!this.#isStopped) this.#parts.shell.linkChanged(peer, state, message);
  }

  #arm(): void {
    if (this.#isStopped || this.#isRunning) return;
    const wakeAt = Math.min(this.#parts.machine.wakeAt ?? Infinity, this.#timers.earliest ?? Infinity);
    this.#alarm.set(wakeAt === Infinity ? undefined : wakeAt);
  }

  #noticeFreeze(): void {
    if (!this.#alarm.noticeFreeze()) return;
    this.count('wakes after standing still');
    this.networkChanged();
  }

  #wake(): void {
    if (this.#isStopped) return;
    this.#noticeFreeze();
    this.#timers.fireDue(this.now());
    const { wakeAt } = this.#parts.machine;
    if (wakeAt !== undefined && wakeAt <= this.now()) this.dispatch({ type: 'wake' });
    else this.#arm();
  }
}

/** What a failure means to the core: only where the other end answered has it been seen that no path leads there. */
function reasonOf({ stage, noSuchPeer }: LinkFailure): LinkFailureReason {
  if (noSuchPeer) return 'no-such-peer';
  return stage === 'ice' || stage === 'dtls' || stage === 'webrtc' ? 'unreachable' : 'no-answer';
}
