// Runs the core's machine over a clock and links: inputs one at a time, outputs carried out at once, one alarm for the
// machine's next wake and the shell's own deadlines. Links and messages are the link desk's; what is neither goes to the shell.

import type { Input, Machine, Output } from '../core/io.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { Timers } from '../core/timers.ts';
import type { TransferControl } from '../wire/frame.ts';
import { Alarm } from './alarm.ts';
import { LinkDesk, type LinkDeskParts } from './link-desk.ts';
import type { Clock } from './ports.ts';
import type { Bringing } from './shell.ts';

export interface DriverParts extends LinkDeskParts {
  readonly machine: Machine;
  readonly clock: Clock;
}

/** Of the shell's own, by the name that it gives. */
interface Deadline {
  readonly kind: 'deadline';
  readonly key: string;
}

export class Driver {
  readonly #parts: DriverParts;
  readonly #desk: LinkDesk;
  readonly #timers = new Timers<Deadline>();
  readonly #alarm: Alarm;
  #inputs: Input[] = [];
  #isRunning = false;
  #isStopped = false;

  constructor(parts: DriverParts) {
    this.#parts = parts;
    this.#alarm = new Alarm(parts.clock, (lateMs) => this.#wake(lateMs));
    this.#desk = new LinkDesk(parts, this);
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
    this.#timers.set({ kind: 'deadline', key: name }, this.now() + delayMs, fire);
    this.#arm();
  }

  cancel(name: string): void {
    this.#timers.cancel({ kind: 'deadline', key: name });
  }

  /** A question opens a link if there is none; the others are answers, and lost with their link. */
  sendControl(peer: NodeId, control: TransferControl): void {
    const mayOpen = control.type === 'pull' || control.type === 'bring' || this.#desk.isWaitedFor(peer);
    if (mayOpen || this.isOpen(peer)) this.#desk.send(peer, this.#parts.codec.encodeControl(control));
  }

  sendChunk(peer: NodeId, transfer: number, offset: number, payload: Uint8Array): void {
    if (this.isOpen(peer)) this.#desk.send(peer, this.#parts.codec.encodeChunk(transfer, offset, payload));
  }

  isOpen(peer: NodeId): boolean {
    return this.#desk.isOpen(peer);
  }

  /** No link to this node can be had, as far as is known. */
  isCutOff(peer: NodeId): boolean {
    return this.#desk.isCutOff(peer);
  }

  carriersOf(peer: NodeId): readonly NodeId[] {
    return this.#parts.shell.carriersOf(peer);
  }

  bringing(peer: NodeId, source: NodeId): Bringing | undefined {
    return this.#parts.shell.bringing(peer, source);
  }

  bufferedBytes(peer: NodeId): number {
    return this.#parts.links.bufferedBytes(peer);
  }

  count(cause: string, times = 1): void {
    this.#parts.counters.count(cause, times);
  }

  /** Counts what a correct peer never does, and closes the link of one that keeps doing it. */
  misbehaved(peer: NodeId, what: string): void {
    this.#desk.misbehaved(peer, what);
  }

  /** The network is another one: what did not work may work now, and what seems open may be dead. */
  networkChanged(): void {
    if (!this.#isStopped) this.#desk.networkChanged();
  }

  /** No input, output or deadline is handled any more. The links are left to the caller. */
  stop(): void {
    this.#desk.stop();
    this.#isStopped = true;
    this.#inputs = [];
    this.#timers.clear();
    this.#alarm.set(undefined);
  }

  #carryOut(output: Output): void {
    switch (output.type) {
      case 'send':
        return this.#desk.sendMessage(output.to, output.message);
      case 'relay':
        return this.#desk.sendRelayed(output.carrier, output.to, output.message);
      case 'connect':
        return this.#desk.connect(output.peer);
      case 'disconnect':
        return this.#desk.disconnect(output.peer, output.reason);
      case 'misdeed':
        return this.misbehaved(output.nodeId, output.what);
      case 'signal':
        return this.#parts.links.signalled(output.from, output.data);
      default:
        this.#parts.shell.output(output);
    }
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

  #wake(lateMs: number): void {
    if (this.#isStopped) return;
    this.#noticeFreeze();
    this.#desk.timerCame(lateMs);
    this.#timers.fireDue(this.now());
    const { wakeAt } = this.#parts.machine;
    if (wakeAt !== undefined && wakeAt <= this.now()) this.dispatch({ type: 'wake' });
    else this.#arm();
  }
}
