// Issues lookups and judges them: every delivery is checked, at the moment it happens, against the true root; every
// answer is timed and its route measured. A delivery is seen by the answer that the root sends, or by its own result.

import type { Input, Output } from '../core/io.ts';
import type { Message } from '../core/messages.ts';
import type { Key, NodeId } from '../core/pastry/id.ts';
import type { Host } from './host.ts';
import type { Network, NetworkListener } from './network.ts';
import { RecentMap } from './recent-map.ts';
import type { Place, Topology } from './topology.ts';
import type { Truth } from './truth.ts';

/** Lookups under way at once whose keys and deliveries are remembered: more than a minute of the busiest run. */
const REMEMBERED = 65_536;

export interface Misdelivery {
  readonly at: number;
  readonly key: Key;
  readonly nodeId: NodeId;
  readonly root: NodeId | undefined;
}

export interface LookupStats {
  issued: number;
  answered: number;
  /** Gave up, or went unanswered until now. */
  lost: number;
  /** The origin stopped before an answer came: nobody can tell. */
  abandoned: number;
  misdelivered: number;
  /** Index: hops; value: answered lookups with that many. */
  hopHistogram: number[];
  /** Sums over answered lookups whose root is not their origin, milliseconds. */
  routeMs: number;
  directMs: number;
  /** From the question to the delivery at the root, timeouts included. */
  delayMs: number;
  /** Forwarding decisions for lookups, and those by the rare case. */
  decisions: number;
  rareCases: number;
}

interface Pending {
  readonly host: Host;
  readonly key: Key;
  readonly issuedAt: number;
  deliveredAt: number | undefined;
}

export class Lookups implements NetworkListener {
  stats = emptyStats();
  /** Told of every wrong delivery. */
  onMisdelivery: (misdelivery: Misdelivery) => void = () => undefined;
  /** Told of every answer: the route from the origin to the root. */
  onAnswer: (key: Key, route: readonly NodeId[]) => void = () => undefined;
  readonly #network: Network;
  readonly #truth: Truth;
  readonly #topology: Topology;
  readonly #placeById: ReadonlyMap<NodeId, Place>;
  readonly #pendingByRequest = new Map<number, Pending>();
  readonly #pendingByKey = new Map<Key, Pending>();
  readonly #keyByMessage = new RecentMap<string, Key>(REMEMBERED);
  readonly #deliveredMessages = new RecentMap<string, true>(REMEMBERED);
  #lastRequest = 0;

  constructor(network: Network, truth: Truth, topology: Topology, placeById: ReadonlyMap<NodeId, Place>) {
    this.#network = network;
    this.#truth = truth;
    this.#topology = topology;
    this.#placeById = placeById;
  }

  /** Lookups without an answer yet. */
  get pending(): number {
    return this.#pendingByRequest.size;
  }

  /** Asks `host` for the root of `key`. */
  issue(host: Host, key: Key): void {
    this.#lastRequest += 1;
    const pending: Pending = { host, key, issuedAt: this.#network.now, deliveredAt: undefined };
    this.#pendingByRequest.set(this.#lastRequest, pending);
    this.#pendingByKey.set(key, pending);
    this.stats.issued += 1;
    this.#network.deliver(host, { type: 'lookup', request: this.#lastRequest, key });
  }

  /** Counts what is unanswered as lost, and starts a new count. */
  takeStats(): LookupStats {
    const { stats } = this;
    stats.lost += this.#pendingByRequest.size;
    this.#pendingByRequest.clear();
    this.#pendingByKey.clear();
    this.stats = emptyStats();
    return stats;
  }

  /** Starts a new count without judging what is under way. */
  forget(): void {
    this.#pendingByRequest.clear();
    this.#pendingByKey.clear();
    this.stats = emptyStats();
  }

  handled(host: Host, _input: Input, outputs: readonly Output[]): void {
    for (const output of outputs) {
      switch (output.type) {
        case 'send':
          if (output.message.type === 'reply') this.#replied(host, output.message);
          break;
        case 'looked-up':
          if (output.root === host.nodeId) this.#delivered(host, output.key);
          this.#answered(output.request, output.route);
          break;
        case 'lookup-failed':
          if (this.#end(output.request) !== undefined) this.stats.lost += 1;
          break;
        case 'trace':
          if (output.event.kind === 'routed' && output.event.what === 'lookup' && output.event.rule !== 'root') {
            this.stats.decisions += 1;
            if (output.event.rule === 'rare-case') this.stats.rareCases += 1;
          }
          break;
        default:
      }
    }
  }

  sent(_host: Host, _to: NodeId, message: Message): void {
    // An answer does not name the key, so the first hop is noted.
    if (message.type === 'routed' && message.payload.kind === 'lookup' && message.route.length === 1) {
      this.#keyByMessage.set(message.id, message.key);
    }
  }

  stateChanged(host: Host): void {
    if (host.state !== 'down') return;
    for (const [request, pending] of this.#pendingByRequest) {
      if (pending.host !== host) continue;
      this.#end(request);
      this.stats.abandoned += 1;
    }
  }

  #replied(host: Host, reply: Extract<Message, { type: 'reply' }>): void {
    const { payload } = reply;
    if (payload.kind !== 'found' || payload.route.at(-1) !== host.nodeId) return;
    // The root sends an answer again if its first hop stays silent: one delivery all the same.
    if (this.#deliveredMessages.get(reply.id) !== undefined) return;
    this.#deliveredMessages.set(reply.id, true);
    const key = this.#keyByMessage.get(reply.id);
    if (key !== undefined) this.#delivered(host, key);
  }

  #delivered(host: Host, key: Key): void {
    const pending = this.#pendingByKey.get(key);
    if (pending !== undefined) pending.deliveredAt ??= this.#network.now;
    const root = this.#truth.ringAround(host.nodeId).root(key);
    if (root === host.nodeId) return;
    this.stats.misdelivered += 1;
    this.onMisdelivery({ at: this.#network.now, key, nodeId: host.nodeId, root });
  }

  #answered(request: number, route: readonly NodeId[]): void {
    const pending = this.#end(request);
    if (pending === undefined) return;
    const { stats } = this;
    stats.answered += 1;
    const hops = route.length - 1;
    while (stats.hopHistogram.length <= hops) stats.hopHistogram.push(0);
    stats.hopHistogram[hops] = (stats.hopHistogram[hops] ?? 0) + 1;
    if (hops > 0) {
      for (let index = 0; index < hops; index += 1) stats.routeMs += this.#delay(route[index], route[index + 1]);
      stats.directMs += this.#delay(route[0], route.at(-1));
      stats.delayMs += (pending.deliveredAt ?? this.#network.now) - pending.issuedAt;
    }
    this.onAnswer(pending.key, route);
  }

  #end(request: number): Pending | undefined {
    const pending = this.#pendingByRequest.get(request);
    if (pending === undefined) return undefined;
    this.#pendingByRequest.delete(request);
    if (this.#pendingByKey.get(pending.key) === pending) this.#pendingByKey.delete(pending.key);
    return pending;
  }

  #delay(a: NodeId | undefined, b: NodeId | undefined): number {
    const placeA = a === undefined ? undefined : this.#placeById.get(a);
    const placeB = b === undefined ? undefined : this.#placeById.get(b);
    return placeA === undefined || placeB === undefined ? 0 : this.#topology.delayMs(placeA, placeB);
  }
}

/** Mean number of hops of the answered lookups; 0 for none. */
export function meanHops(stats: LookupStats): number {
  let sum = 0;
  stats.hopHistogram.forEach((count, hops) => {
    sum += count * hops;
  });
  return stats.answered === 0 ? 0 : sum / stats.answered;
}

function emptyStats(): LookupStats {
  return {
    issued: 0,
    answered: 0,
    lost: 0,
    abandoned: 0,
    misdelivered: 0,
    hopHistogram: [],
    routeMs: 0,
    directMs: 0,
    delayMs: 0,
    decisions: 0,
    rareCases: 0,
  };
}
