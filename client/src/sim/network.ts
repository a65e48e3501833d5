// Runs hosts under virtual time: gives each its inputs and wakes, carries out what it answers, and tells listeners.
// Synchronous and deterministic; how links behave is the link model's matter.

import type { Input, Output } from '../core/io.ts';
import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Host } from './host.ts';
import type { Schedule } from './schedule.ts';
import type { Wire } from './wire.ts';

/** How nodes are linked: instant-links.ts or handshake-links.ts. */
export interface LinkModel {
  connect(host: Host, peer: NodeId): void;
  disconnect(host: Host, peer: NodeId, reason: 'goodbye' | 'budget'): void;
  send(host: Host, to: NodeId, message: Message): void;
  /** True if a block's bytes can flow between the two now. */
  isOpen(host: Host, peer: NodeId): boolean;
  /** `host` has just stopped for ever. silent: no goodbye, and nothing that its peers could see. */
  wentDown(host: Host, how: 'silent' | 'closed'): void;
  froze(host: Host): void;
  /** A partition began or ended. */
  conditionsChanged(): void;
}

/** Sees what happens; must not change it. */
export interface NetworkListener {
  /** `host` took `input`; its outputs are not yet carried out. */
  handled?(host: Host, input: Input, outputs: readonly Output[]): void;
  /** `host` sends a message because of `cause`. `bytes`: on the wire, 0 if the codec is bypassed. */
  sent?(host: Host, to: NodeId, message: Message, bytes: number, cause: Input): void;
  /** `host` stopped, was frozen or thawed. */
  stateChanged?(host: Host): void;
}

/** What is neither a message nor a link: the Discovery node, disks, and answers to requests. */
export interface Surroundings {
  output(host: Host, output: Exclude<Output, { type: 'send' | 'relay' | 'connect' | 'disconnect' }>): void;
}

const WAKE: Input = { type: 'wake' };

export class Network {
  readonly schedule: Schedule;
  /** Messages and handshakes under way. 0 means that nothing happens before the next timer. */
  inFlight = 0;
  readonly #wire: Wire | undefined;
  readonly #hostById = new Map<NodeId, Host>();
  readonly #listeners: NetworkListener[] = [];
  #links: LinkModel | undefined;
  #surroundings: Surroundings | undefined;

  /** `wire`: what messages pass through; undefined to hand them over as they are. */
  constructor(schedule: Schedule, wire: Wire | undefined) {
    this.schedule = schedule;
    this.#wire = wire;
  }

  /** Before the first host. The two know the network, and the network them. */
  attach(links: LinkModel, surroundings: Surroundings): void {
    this.#links = links;
    this.#surroundings = surroundings;
  }

  listen(listener: NetworkListener): void {
    this.#listeners.push(listener);
  }

  get now(): number {
    return this.schedule.now;
  }

  get links(): LinkModel {
    if (this.#links === undefined) throw new Error('the network has no link model yet');
    return this.#links;
  }

  /** The host that answers to an id, be it frozen; undefined if none does. */
  hostOf(id: NodeId): Host | undefined {
    return this.#hostById.get(id);
  }

  /** Makes `host` the one that answers to its id. */
  add(host: Host): void {
    this.#hostById.set(host.nodeId, host);
  }

  /** Gives an input now; to a frozen host, when it thaws; to a stopped one, never. */
  deliver(host: Host, input: Input): void {
    if (host.state === 'down') return;
    if (host.inbox !== undefined) {
      host.inbox.push(input);
      return;
    }
    const outputs = host.machine.handle(input, host.clockAt(this.schedule.now));
    for (const listener of this.#listeners) listener.handled?.(host, input, outputs);
    for (const output of outputs) this.#carryOut(host, output, input);
    this.#scheduleWake(host);
  }

  /** A message of `from`'s arrives, over a link between the two. */
  arrive(host: Host, from: Host, message: Message): void {
    if (host.state === 'down') return;
    host.gate.receive(from.speaker, message, (input) => this.deliver(host, input));
  }

  /** The two have had each other's signals, and so have each other's certificates, whether a link opened or not. */
  introduce(a: Host, b: Host): void {
    a.gate.certified(b.speaker.certificate);
    b.gate.certified(a.speaker.certificate);
  }

  /** Stops a host for ever. */
  stop(host: Host, how: 'silent' | 'closed'): void {
    if (host.state === 'down') return;
    host.state = 'down';
    host.inbox = undefined;
    if (this.#hostById.get(host.nodeId) === host) this.#hostById.delete(host.nodeId);
    this.links.wentDown(host, how);
    for (const listener of this.#listeners) listener.stateChanged?.(host);
  }

  /** Stops a host's clock and hands for a while; what arrives waits. */
  freeze(host: Host, durationMs: number): void {
    if (host.state !== 'up') return;
    host.state = 'frozen';
    host.inbox = [];
    this.links.froze(host);
    for (const listener of this.#listeners) listener.stateChanged?.(host);
    this.schedule.after(durationMs, () => this.#thaw(host));
  }

  #thaw(host: Host): void {
    if (host.state !== 'frozen') return;
    const inbox = host.inbox ?? [];
    host.state = 'up';
    host.inbox = undefined;
    for (const listener of this.#listeners) listener.stateChanged?.(host);
    // What waited comes before the late wake: the harder order for a node that must notice that it slept.
    for (const input of inbox) this.deliver(host, input);
    this.deliver(host, WAKE);
  }

  #carryOut(host: Host, output: Output, cause: Input): void {
    switch (output.type) {
      case 'send': {
        const { to } = output;
        host.gate.send(to, output.message, (message) => this.#send(host, to, message, cause));
        return;
      }
      case 'relay': {
        const { to, carrier } = output;
        host.gate.sendRelayed(carrier, to, output.message, (message) => this.#send(host, carrier, message, cause));
        return;
      }
      case 'connect':
        this.links.connect(host, output.peer);
        return;
      case 'disconnect':
        this.links.disconnect(host, output.peer, output.reason);
        return;
      case 'status':
        host.status = output.status;
        this.#surroundings?.output(host, output);
        return;
      default:
        this.#surroundings?.output(host, output);
    }
  }

  #send(host: Host, to: NodeId, sent: Message, cause: Input): void {
    const message = this.#wire === undefined ? sent : this.#wire.pass(host.nodeId, sent);
    if (message === undefined) return;
    const bytes = this.#wire?.lastBytes ?? 0;
    for (const listener of this.#listeners) listener.sent?.(host, to, message, bytes, cause);
    this.links.send(host, to, message);
  }

  /** Keeps one wake event for each host: it is moved only when the deadline comes nearer, else renewed when it fires. */
  #scheduleWake(host: Host): void {
    const at = host.wakeAt;
    if (at >= host.wakeScheduledAt || at === Number.POSITIVE_INFINITY) return;
    host.wakeScheduledAt = at;
    this.schedule.at(at, () => this.#wake(host, at));
  }

  #wake(host: Host, at: number): void {
    // An event that a nearer one has replaced; a frozen host is woken by its thaw.
    if (host.wakeScheduledAt !== at) return;
    host.wakeScheduledAt = Number.POSITIVE_INFINITY;
    if (host.state !== 'up') return;
    if (host.wakeAt > this.schedule.now) {
      this.#scheduleWake(host);
      return;
    }
    // Subtracting the offset may have rounded down: the machine must see the instant that it asked for.
    host.clockAt((host.machine.wakeAt ?? 0) - host.clockOffset);
    this.deliver(host, WAKE);
  }
}
