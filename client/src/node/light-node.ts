// A client of a ring that is not in the ring: it has no tables and holds no blocks, so nobody has to move data when it
// comes and goes. The core's storage layer does its stores and fetches; what the layer routes goes through one node of the
// ring, the sponsor, and answers come back by the way they went. For commands that are over in a moment.

import { unreachable } from '../core/assert.ts';
import type { Input, Inspection, Instant, NodeStatus, Output } from '../core/io.ts';
import { isPastMessage, type Message } from '../core/messages.ts';
import type { NodeConfig } from '../core/node.ts';
import type { Holding } from '../core/past/holdings.ts';
import { PastNode } from '../core/past/node.ts';
import type { PastPurpose } from '../core/past/purposes.ts';
import type { Ring } from '../core/past/ring.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Reply } from '../core/pastry/messages.ts';
import type { Untransmitted } from '../core/pastry/routing/hops.ts';
import { type LookupPurpose, lookupOutput } from '../core/pastry/routing/purposes.ts';
import { isProved } from '../core/pastry/routing/replies.ts';
import { type Outcome, Requests } from '../core/pastry/routing/requests.ts';
import { DEFAULT_TIMING } from '../core/pastry/timing.ts';
import type { PastTimer, RequestTimer } from '../core/timer-names.ts';
import { Timers } from '../core/timers.ts';
import type { PeerNode } from '../peer/parts.ts';
import { LightSignals } from './light-signals.ts';

type Purpose = LookupPurpose | PastPurpose;

export class LightNode implements PeerNode {
  readonly counters = new Map<string, number>();
  readonly #config: NodeConfig;
  readonly #past: PastNode;
  readonly #timers = new Timers<RequestTimer | PastTimer | { readonly kind: 'sponsor' }>();
  readonly #openLinks = new Set<NodeId>();
  readonly #requests: Requests<Purpose>;
  /** Store requests that have their quorum and not yet all copies. */
  readonly #incomplete = new Set<number>();
  readonly #signals: LightSignals;
  #sponsor: NodeId | undefined;
  #status: NodeStatus = 'joining';
  #now: Instant = 0;
  #outputs: Output[] = [];
  #lastToken = 0;

  constructor(config: NodeConfig) {
    this.#config = config;
    this.#signals = new LightSignals(config.self);
    this.#requests = this.#createRequests();
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
      pointers: [],
    };
  }

  holdings(): readonly Holding[] {
    return []; // keeps no blocks
  }

  deviceOf(): undefined {
    return undefined; // keeps no tables
  }

  relayed(): ReadonlyMap<NodeId, NodeId> {
    return new Map(); // has no leaves
  }

  isNeighbour(): boolean {
    return false; // brings nothing to others
  }

  carriersOf(nodeId: NodeId): readonly NodeId[] {
    const sponsor = this.#linkedSponsor;
    return sponsor === undefined || sponsor === nodeId ? [] : [sponsor];
  }

  #dispatch(input: Input): void {
    switch (input.type) {
      case 'start':
        this.#emit({ type: 'status', status: 'joining' });
        this.#past.handle({ ...input, held: [], leased: [] });
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
      case 'relayed':
      case 'no-path':
        return; // has no leaves
      case 'lookup':
        return this.#lookUp({ type: 'lookup', request: input.request, key: input.key });
      case 'leave':
        if (!input.urgent) return this.#past.leaving(() => this.#leave());
        this.#past.close();
        return this.#leave();
      case 'store':
      case 'lease':
      case 'leases-kept':
      case 'fetch':
      case 'list':
      case 'watch':
      case 'unwatch':
      case 'block-arrived':
      case 'given':
      case 'block-failed':
      case 'block-lost':
      case 'disk':
      case 'proved':
      case 'room':
        return this.#past.handle(input);
      case 'signal':
        return this.#signal(input.to, input.data);
      case 'wake':
        return;
      default:
        return unreachable(input);
    }
  }

  /** Turns to a node of the ring. Without one it stays with the one it has, or asks again in a moment. */
  #join(sponsor: NodeId | undefined): void {
    if (sponsor !== undefined && sponsor !== this.#config.self.nodeId) {
      this.#timers.cancel({ kind: 'sponsor' });
      this.#sponsor = sponsor;
      this.#emit({ type: 'connect', peer: sponsor });
    } else if (this.#sponsor === undefined) this.#seekSponsor();
  }

  /** Asks again and again: while the Discovery node is away there is no answer. */
  #seekSponsor(): void {
    this.#timers.set({ kind: 'sponsor' }, this.#now + DEFAULT_TIMING.sponsorRetryMs, () => {
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
    this.#requests.sendAgain();
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
    // Nothing else is answered, pings least of all: who answers gets into tables. Nor is anything carried for others.
    if (message.type !== 'reply') return;
    const { self } = this.#config;
    this.#emit({ type: 'send', to: from, message: { type: 'ack', token: message.token, coordinate: self.coordinate } });
    this.#receiveReply(message);
  }

  #receiveReply({ id, back, payload, proof }: Reply): void {
    const { nodeId } = this.#config.self;
    if (back.at(-1) !== nodeId) return this.#count('answers for others');
    const signal = this.#signals.answered(id, payload);
    if (signal !== undefined) this.#emit(signal);
    else if (isProved(payload, proof?.by, nodeId)) this.#requests.answered(id, payload);
    else this.#count('answers of others');
  }

  #signal(to: NodeId, data: string): void {
    const sending = { id: this.#config.newId(), token: this.#nextToken() };
    this.#emit(this.#signals.sent(to, data, sending, this.#linkedSponsor));
  }

  #lookUp(purpose: LookupPurpose): void {
    this.#requests.start(purpose.key, { kind: 'lookup' }, DEFAULT_TIMING.lookupTimeoutMs, purpose);
  }

  /** Goes by the sponsor; while there is none it waits for one. */
  #transmit(message: Untransmitted, isRetry: boolean): void {
    // The sponsor may still be joining, or no longer be in the ring: another one may know more.
    if (isRetry) this.#emit({ type: 'ask-sponsor' });
    const sponsor = this.#linkedSponsor;
    if (sponsor === undefined) return;
    const route = [this.#config.self.nodeId];
    this.#emit({ type: 'send', to: sponsor, message: { ...message, route, token: this.#nextToken() } });
  }

  #settled(purpose: Purpose, outcome: Outcome): void {
    if (purpose.type === 'lookup') this.#emit(lookupOutput(purpose, outcome));
    else this.#past.settled(purpose, outcome);
  }

  #leave(): void {
    this.#past.close();
    this.#requests.failAll();
    this.#timers.clear();
    for (const peer of this.#openLinks) this.#emit({ type: 'disconnect', peer, reason: 'goodbye' });
    this.#status = 'left';
    this.#emit({ type: 'status', status: 'left' });
  }

  #emit(output: Output): void {
    if (output.type === 'store-settled') this.#incomplete.delete(output.request);
    if (output.type === 'stored') {
      if (output.complete) this.#incomplete.delete(output.request);
      else this.#incomplete.add(output.request);
    }
    this.#outputs.push(output);
  }

  #nextToken(): number {
    this.#lastToken += 1;
    return this.#lastToken;
  }

  #count(cause: string): void {
    this.counters.set(cause, (this.counters.get(cause) ?? 0) + 1);
  }

  #createRequests(): Requests<Purpose> {
    const now = (): Instant => this.#now;
    const context = {
      get now() {
        return now();
      },
      timers: this.#timers,
      timing: DEFAULT_TIMING,
      newId: this.#config.newId,
      counters: this.counters,
    };
    return new Requests<Purpose>(context, {
      send: (message, isRetry) => this.#transmit(message, isRetry),
      settled: (purpose, outcome) => this.#settled(purpose, outcome),
    });
  }

  #ring(): Ring {
    const { self, params, ringTime } = this.#config;
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
      ringTime,
      timers: this.#timers,
      leaves: () => [],
      half: () => [],
      covers: () => false,
      send: (to, message) => this.#emit({ type: 'send', to, message }),
      isUnreachable: () => false, // its first silence tells
      ask: (key, question, timeoutMs, purpose) => this.#requests.start(key, question, timeoutMs, purpose),
      newId: this.#config.newId,
      emit: (output) => this.#emit(output),
      count: (cause) => this.#count(cause),
    };
  }
}
