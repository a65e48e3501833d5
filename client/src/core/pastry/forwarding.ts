// What a node does with a routed message: acknowledge it, let the layer above see it, decide, and send it on or deliver
// it (Pastry, sections 2.3 and 2.4). Answers go back the way the message came, over links that are open already.

import type { Application } from '../past/ring.ts';
import { type Context, count, send, trace } from './context.ts';
import type { Hops } from './hops.ts';
import { type Key, type NodeId, sharedPrefixLength } from './id.ts';
import type { Reply, ReplyPayload, Routed, RoutedPayload } from './messages.ts';
import type { NodeHandle } from './node-handle.ts';
import { FAR_MS, proximity } from './peers.ts';
import { Recent } from './recent.ts';
import { type Decision, decide } from './route.ts';
import type { SignalOnItsWay } from './signals.ts';

/** A route longer than this is not Pastry's: log16 of any ring, plus repairs, is far below. */
const MAX_ROUTE = 64;
/** Messages kept while this node may not deliver; more are dropped, and their origins send them again. */
const MAX_WAITING = 512;
/** How many messages' ids a node remembers, to handle repeated ones once. */
const REMEMBERED_IDS = 1_024;

export type Untransmitted = Omit<Routed, 'token'>;

export interface ForwardingListener {
  /** This node's own contribution to a passing join: the payload to send on. */
  passJoin(payload: Extract<RoutedPayload, { kind: 'join' }>, from: NodeId): RoutedPayload;
  /** This node is the root. Returns the answer, or undefined for none. */
  deliver(message: Untransmitted, route: readonly NodeId[]): ReplyPayload | undefined;
  /** A signal, which goes its own way: over open links only. */
  passSignal(signal: SignalOnItsWay): void;
  /** A message could not be routed by its table cell, because that is empty. */
  holeFound(key: Key): void;
  /** An answer to this node's own message `id`. */
  answered(id: string, payload: ReplyPayload): void;
  /** True while this node knows nobody and can route nothing. */
  isStranger(): boolean;
  /** Where a stranger hands newcomers on: its own sponsor. */
  sponsor(): NodeId | undefined;
}

export class Forwarding {
  readonly #context: Context;
  readonly #hops: Hops;
  readonly #listener: ForwardingListener;
  readonly #application: Application;
  readonly #seen = new Recent(REMEMBERED_IDS);
  #waiting: Untransmitted[] = [];

  constructor(context: Context, hops: Hops, listener: ForwardingListener, application: Application) {
    this.#context = context;
    this.#hops = hops;
    this.#listener = listener;
    this.#application = application;
  }

  receive(from: NodeId, message: Routed): void {
    this.#acknowledge(from, message.token);
    if (message.route.at(-1) !== from || message.route.length > MAX_ROUTE) {
      count(this.#context, 'routes-refused');
      return;
    }
    // The same message over the same path is a repetition; over another path it was sent round somebody.
    const name = `${message.id}>${message.route.length}`;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    const { payload } = message;
    this.route(payload.kind === 'join' ? { ...message, payload: this.#listener.passJoin(payload, from) } : message);
  }

  /** Takes a message one hop further, whether it came from a peer or starts here (route is empty then). */
  route(message: Untransmitted): void {
    const { self, status } = this.#context;
    const { payload } = message;
    const route = [...message.route, self.nodeId];
    if (payload.kind === 'signal') {
      const { id, key } = message;
      return this.#listener.passSignal({ id, key, route, payload });
    }
    const answer = status === 'active' ? this.#application.forward(message.key, payload, route) : undefined;
    if (answer !== undefined) {
      this.#answer(message, answer);
      return;
    }
    if (payload.kind === 'join' && this.#listener.isStranger()) {
      this.#handToSponsor(message, route);
      return;
    }
    const decision = this.#decide(message, new Set());
    this.#trace(message, decision);
    if (decision.rule === 'rare-case') this.#listener.holeFound(message.key);
    if (decision.rule === 'root') this.#deliver(message, route);
    else this.#forward(message, route);
  }

  receiveReply(from: NodeId, reply: Reply): void {
    this.#acknowledge(from, reply.token);
    // What lies between the last mention of this node and the origin is still to pass.
    const back = reply.back.slice(reply.back.lastIndexOf(this.#context.self.nodeId) + 1);
    if (back.length > MAX_ROUTE) count(this.#context, 'routes-refused');
    else if (back.length === 0) this.#listener.answered(reply.id, reply.payload);
    else this.sendBack(reply.id, back, reply.payload);
  }

  /** Sends an answer to the first node of `back` that takes it; the last is the origin itself. */
  sendBack(id: string, back: readonly NodeId[], payload: ReplyPayload): void {
    const { peers } = this.#context;
    // For the sake of a signal no link is opened.
    const mayTake = (nodeId: NodeId): boolean => payload.kind !== 'signal' || peers.isOpen(nodeId);
    const choose = (tried: ReadonlySet<NodeId>) => back.find((nodeId) => !tried.has(nodeId) && mayTake(nodeId));
    this.#hops.transmit({ type: 'reply', id, back, payload }, choose);
  }

  /** This node may deliver now. */
  activated(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) this.route(message);
  }

  #handToSponsor(message: Untransmitted, route: readonly NodeId[]): void {
    const sponsor = this.#listener.sponsor();
    if (sponsor === undefined || route.includes(sponsor)) return count(this.#context, 'joins-without-sponsor');
    this.#hops.transmit({ ...message, route }, (tried) => (tried.size === 0 ? sponsor : undefined));
  }

  #acknowledge(to: NodeId, token: number): void {
    send(this.#context, to, { type: 'ack', token, coordinate: this.#context.self.coordinate });
  }

  #deliver(message: Untransmitted, route: readonly NodeId[]): void {
    if (this.#context.status !== 'active') {
      if (this.#waiting.length < MAX_WAITING) this.#waiting.push(message);
      else count(this.#context, 'waiting-overflow');
      return;
    }
    const answer = this.#listener.deliver(message, route);
    if (answer !== undefined) this.#answer(message, answer);
  }

  #forward(message: Untransmitted, route: readonly NodeId[]): void {
    this.#hops.transmit({ ...message, route }, (tried) => {
      const decision = this.#decide(message, tried);
      if (decision.rule !== 'root') return decision.nextHop;
      this.#deliver(message, route);
      return undefined;
    });
  }

  #answer(message: Untransmitted, payload: ReplyPayload): void {
    const reversed = [...message.route].reverse();
    const back = reversed.slice(reversed.lastIndexOf(this.#context.self.nodeId) + 1);
    if (back.length === 0) this.#listener.answered(message.id, payload);
    else this.sendBack(message.id, back, payload);
  }

  #decide(message: Untransmitted, tried: ReadonlySet<NodeId>): Decision {
    const { self, tables, peers } = this.#context;
    const joiner = message.payload.kind === 'join' ? message.payload.joiner.nodeId : undefined;
    const avoid = (nodeId: NodeId): boolean =>
      tried.has(nodeId) || peers.isSuspect(nodeId) || message.route.includes(nodeId);
    const distanceMs = (node: NodeHandle): number => proximity(self.coordinate, node, peers.get(node.nodeId)) ?? FAR_MS;
    return decide(
      self.nodeId,
      message.key,
      tables,
      avoid,
      joiner,
      this.#hasComeCloser(message) ? distanceMs : undefined,
    );
  }

  /** False if the last hop shared as long a prefix with the key: a detour, after which there is none. */
  #hasComeCloser({ key, route }: Untransmitted): boolean {
    const last = route.at(-1);
    if (last === undefined) return true;
    return sharedPrefixLength(last, key) < sharedPrefixLength(this.#context.self.nodeId, key);
  }

  #trace(message: Untransmitted, decision: Decision): void {
    trace(this.#context, {
      kind: 'routed',
      what: message.payload.kind,
      key: message.key,
      origin: message.route[0] ?? this.#context.self.nodeId,
      hop: message.route.length,
      nextHop: decision.rule === 'root' ? undefined : decision.nextHop,
      rule: decision.rule,
    });
  }
}
