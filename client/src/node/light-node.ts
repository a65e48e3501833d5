// A client of a ring that is not in the ring: it has no tables and holds no blocks, so nobody has to move data when it
// comes and goes. The core's storage layer does its stores and fetches; what the layer routes goes through one node of the
// ring, the sponsor, and answers come back by the way they went. For commands that are over in a moment.

import { unreachable } from '../core/assert.ts';
import type { Input, Inspection, Instant, NodeStatus, Output } from '../core/io.ts';
import { isPastMessage, type Message } from '../core/messages.ts';
import type { NodeConfig } from '../core/node.ts';
import { PastNode } from '../core/past/node.ts';
import type { Ring } from '../core/past/ring.ts';
import type { Key, NodeId } from '../core/pastry/id.ts';
import type { Reply, ReplyPayload, Routed, RoutedPayload } from '../core/pastry/messages.ts';
import { DEFAULT_TIMING } from '../core/pastry/timing.ts';
import { Timers } from '../core/timers.ts';
import type { PeerNode } from '../peer/parts.ts';
import { LightSignals } from './light-signals.ts';

/** As for members of the ring (core/pastry/forwarding.ts). */
const MAX_ROUTE = 64;
interface Request {
  readonly key: Key;
  readonly payload: RoutedPayload;
  readonly deadline: Instant;
  readonly answered: (reply: ReplyPayload) => void;
  readonly failed: () => void;
}

export class LightNode implements PeerNode {
  readonly counters = new Map<string, number>();
  readonly #config: NodeConfig;
  readonly #past: PastNode;
  readonly #timers = new Timers();
  readonly #openLinks = new Set<NodeId>();
  readonly #requestByNumber = new Map<number, Request>();
  /** Store requests that have their quorum and not yet all copies. */
  readonly #incomplete = new Set<number>();
  readonly #signals: LightSignals;
  #sponsor: NodeId | undefined;
  #status: NodeStatus = 'joining';
  #now: Instant = 0;
  #outputs: Output[] = [];
  #lastRequest = 0;
  #lastSending = 0;

  constructor(config: NodeConfig) {
    this.#config = config;
    this.#signals = new LightSignals(config.self);
    this.#past = new PastNode(this.#ring());
  }

  /** True once all that was stored has all its copies. */
  get isComplete(): boolean {
    return this.#incomplete.size === 0;
  }

  get wakeAt(): Instant | undefined {
    return this.#timers.earliest;
  }

  handle(input: Input, now: Instant): readonly Output[] {
    if (this.#status === 'left') return [];
    this.#now = now;
    this.#dispatch(input);
    this.#timers.fireDue(now);
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  inspect(): Inspection {
    return {
      handle: this.#config.self,
      status: this.#status,
      leafSet: { cw: [], ccw: [] },
      routingTable: [],
      neighborhoodSet: [],
      held: [],
    };
  }

  deviceOf(): undefined {
    return undefined; // keeps no tables
  }

  relayed(): ReadonlyMap<NodeId, NodeId> {
    return new Map(); // has no leaves
  }

  carriersOf(nodeId: NodeId): readonly NodeId[] {
    const sponsor = this.#linkedSponsor;
    return sponsor === undefined || sponsor === nodeId ? [] : [sponsor];
  }

  #dispatch(input: Input): void {
    switch (input.type) {
      case 'start':
        this.#emit({ type: 'status', status: 'joining' });
        this.#past.handle({ ...input, held: [] });
        return this.#join(input.sponsor);
      case 'sponsor':
        return this.#join(input.sponsor);
      case 'link-up':
        return this.#linkUp(input.peer);
      case 'link-down':
      case 'link-failed':
        return this.#linkGone(input.peer);
      case 'message':
        return this.#receive(input.from, input.message);
      case 'lookup':
        return this.#lookup(input.request, input.key);
      case 'leave':
        if (!input.urgent) return this.#past.leaving(() => this.#leave());
        this.#past.close();
        return this.#leave();
      case 'store':
      case 'fetch':
      case 'list':
      case 'block-arrived':
      case 'block-failed':
      case 'block-lost':
        return this.#past.handle(input);
      case 'signal':
        return this.#emit(this.#signals.sent(input.to, input.data, this.#nextSending(), this.#linkedSponsor));
      case 'wake':
        return;
      default:
        return unreachable(input);
    }
  }

  /** Turns to a node of the ring. Without one it stays with the one it has, or asks again in a moment. */
  #join(sponsor: NodeId | undefined): void {
    if (sponsor !== undefined && sponsor !== this.#config.self.nodeId) {
      this.#timers.cancel('sponsor');
      this.#sponsor = sponsor;
      this.#emit({ type: 'connect', peer: sponsor });
    } else if (this.#sponsor === undefined) this.#seekSponsor();
  }

  /** Asks again and again: while the Discovery node is away there is no answer. */
  #seekSponsor(): void {
    this.#timers.set('sponsor', this.#now + DEFAULT_TIMING.sponsorRetryMs, () => {
      this.#emit({ type: 'ask-sponsor' });
      this.#seekSponsor();
    });
  }

  get #linkedSponsor(): NodeId | undefined {
    return this.#sponsor !== undefined && this.#openLinks.has(this.#sponsor) ? this.#sponsor : undefined;
  }

  #linkUp(peer: NodeId): void {
    this.#openLinks.add(peer);
    if (peer !== this.#sponsor) return;
    if (this.#status === 'joining') {
      this.#status = 'active';
      this.#emit({ type: 'status', status: 'active' });
    }
    for (const number of [...this.#requestByNumber.keys()]) this.#transmit(number);
  }

  #linkGone(peer: NodeId): void {
    this.#openLinks.delete(peer);
    this.#past.nodeFailed(peer);
    if (peer !== this.#sponsor) return;
    this.#sponsor = undefined;
    this.#seekSponsor();
  }

  #receive(from: NodeId, message: Message): void {
    if (isPastMessage(message)) return this.#past.receive(from, message);
    // Nothing else is answered, pings least of all: who answers gets into tables.
    if (message.type !== 'routed' && message.type !== 'reply') return;
    const { coordinate } = this.#config.self;
    this.#emit({ type: 'send', to: from, message: { type: 'ack', token: message.token, coordinate } });
    if (message.type === 'routed') this.#handOn(from, message);
    else this.#receiveReply(message);
  }

  /** The Discovery node may name this node to a newcomer: its questions go on to the sponsor, and answers back. */
  #handOn(from: NodeId, message: Routed): void {
    const sponsor = this.#sponsor;
    const { nodeId } = this.#config.self;
    const isSound = message.route.at(-1) === from && message.route.length < MAX_ROUTE;
    if (!isSound || sponsor === undefined || [sponsor, nodeId].some((id) => message.route.includes(id))) {
      return this.#count('routed messages not handed on');
    }
    const route = [...message.route, nodeId];
    this.#emit({ type: 'send', to: sponsor, message: { ...message, route, token: this.#nextSending() } });
  }

  #receiveReply(reply: Reply): void {
    const back = reply.back.slice(reply.back.lastIndexOf(this.#config.self.nodeId) + 1);
    const [next] = back;
    if (next !== undefined) {
      this.#emit({ type: 'send', to: next, message: { ...reply, back, token: this.#nextSending() } });
      return;
    }
    const signal = this.#signals.answered(reply);
    if (signal !== undefined) return this.#emit(signal);
    const number = Number(reply.id.split('.')[1]);
    const request = this.#requestByNumber.get(number);
    if (request === undefined || !reply.id.startsWith(`${this.#config.self.nodeId}.`)) return;
    this.#endRequest(number);
    request.answered(reply.payload);
  }

  #lookup(request: number, key: Key): void {
    const failed = (): void => this.#emit({ type: 'lookup-failed', request, key, reason: 'timed-out' });
    const answered = (reply: ReplyPayload): void => {
      const root = reply.kind === 'found' ? reply.route.at(-1) : undefined;
      if (reply.kind === 'found' && root !== undefined) {
        this.#emit({ type: 'looked-up', request, key, root, route: reply.route });
      } else failed();
    };
    this.#route(key, { kind: 'lookup' }, DEFAULT_TIMING.lookupTimeoutMs, answered, failed);
  }

  #route(
    key: Key,
    payload: RoutedPayload,
    timeoutMs: number,
    answered: (reply: ReplyPayload) => void,
    failed: () => void,
  ): void {
    this.#lastRequest += 1;
    this.#requestByNumber.set(this.#lastRequest, { key, payload, deadline: this.#now + timeoutMs, answered, failed });
    this.#transmit(this.#lastRequest);
  }

  #transmit(number: number): void {
    const request = this.#requestByNumber.get(number);
    if (request === undefined) return;
    const retryAt = Math.min(request.deadline, this.#now + DEFAULT_TIMING.requestRetryMs);
    this.#timers.set(`request:${number}`, retryAt, () => this.#again(number, request));
    const sponsor = this.#linkedSponsor;
    if (sponsor === undefined) return; // goes out when there is one
    const { nodeId, epoch } = this.#config.self;
    const token = this.#nextSending();
    const id = `${nodeId}.${number}.${epoch}.${token}`;
    const { key, payload } = request;
    this.#emit({ type: 'send', to: sponsor, message: { type: 'routed', id, key, token, route: [nodeId], payload } });
  }

  #again(number: number, request: Request): void {
    if (this.#now >= request.deadline) {
      this.#endRequest(number);
      request.failed();
      return;
    }
    // The sponsor may still be joining, or no longer be in the ring: another one may know more.
    this.#emit({ type: 'ask-sponsor' });
    this.#transmit(number);
  }

  #endRequest(number: number): void {
    this.#requestByNumber.delete(number);
    this.#timers.cancel(`request:${number}`);
  }

  #leave(): void {
    this.#past.close();
    const requests = [...this.#requestByNumber.values()];
    this.#requestByNumber.clear();
    for (const { failed } of requests) failed();
    this.#timers.clear();
    for (const peer of this.#openLinks) this.#emit({ type: 'disconnect', peer, reason: 'goodbye' });
    this.#status = 'left';
    this.#emit({ type: 'status', status: 'left' });
  }

  #emit(output: Output): void {
    if (output.type === 'stored') {
      if (output.complete) this.#incomplete.delete(output.request);
      else this.#incomplete.add(output.request);
    }
    this.#outputs.push(output);
  }

  #nextSending(): number {
    this.#lastSending += 1;
    return this.#lastSending;
  }

  #count(cause: string): void {
    this.counters.set(cause, (this.counters.get(cause) ?? 0) + 1);
  }

  #ring(): Ring {
    const { self, params } = this.#config;
    const status = (): NodeStatus => this.#status;
    const now = (): Instant => this.#now;
    return {
      self,
      params,
      get status() {
        return status();
      },
      get now() {
        return now();
      },
      timers: this.#timers,
      leaves: () => [],
      covers: () => false,
      send: (to, message) => this.#emit({ type: 'send', to, message }),
      isUnreachable: () => false, // its first silence tells
      route: (key, payload, timeoutMs, answered, failed) => this.#route(key, payload, timeoutMs, answered, failed),
      emit: (output) => this.#emit(output),
    };
  }
}
