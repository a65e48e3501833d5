// Signalling data through the ring: what two nodes need to open a link travels as routed messages. Nothing is known yet
// of a link to the target, and no link may be opened for it, so it goes over open links only: to the target where it is
// linked, else to the linked node closest to it. A joiner is in nobody's tables: what is sent to it goes back the way
// its own signal came, by its sponsor.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant } from '../io.ts';
import { type Context, count } from './context.ts';
import type { Hops } from './hops.ts';
import { isCloser, type NodeId, ringDistance } from './id.ts';
import type { ReplyPayload, RoutedPayload } from './messages.ts';

/** A way back is used for so long: an answer takes a second at most, and links on the way may close soon after. */
const ROUTE_BACK_MS = 5_000;
/** Signals of this node's whose answers are known for what they are, and nodes to which a way back is remembered. */
const MAX_REMEMBERED = 256;
/** Signals go around missing links, but not all around the ring. */
const MAX_SIGNAL_ROUTE = 24;
/** "I do not know this node": the answer of a node that can bring a signal no further. */
export const NOT_HERE = '';

type Signal = Extract<RoutedPayload, { kind: 'signal' }>;

/** A signal on its way; `route` ends with this node. */
export interface SignalOnItsWay {
  readonly id: string;
  readonly key: NodeId;
  readonly route: readonly NodeId[];
  readonly payload: Signal;
}

interface WayBack {
  readonly id: string;
  /** The last node of the way here first, the origin last. */
  readonly back: readonly NodeId[];
  readonly until: Instant;
}

export interface SignalsListener {
  /** A new id for a message of this node's own. */
  nextId(): string;
  /** The node through which this one joins; undefined once it has joined. */
  sponsor(): NodeId | undefined;
  /** Sends an answer along `back`, the last of which is the origin itself. */
  sendBack(id: string, back: readonly NodeId[], payload: ReplyPayload): void;
}

export class Signals {
  readonly #context: Context;
  readonly #hops: Hops;
  readonly #listener: SignalsListener;
  readonly #targetById = new BoundedMap<string, NodeId>(MAX_REMEMBERED);
  readonly #wayBackByOrigin = new BoundedMap<NodeId, WayBack>(MAX_REMEMBERED);

  constructor(context: Context, hops: Hops, listener: SignalsListener) {
    this.#context = context;
    this.#hops = hops;
    this.#listener = listener;
  }

  /** Sends a signal of this node's own. */
  send(to: NodeId, data: string): void {
    const payload = { kind: 'signal', data } as const;
    const wayBack = this.#wayBack(to);
    if (wayBack !== undefined) {
      this.#listener.sendBack(wayBack.id, wayBack.back, payload);
      return;
    }
    const id = this.#listener.nextId();
    this.#targetById.set(id, to);
    this.pass({ id, key: to, route: [this.#context.self.nodeId], payload });
  }

  /** Takes a signal in, or one hop further. */
  pass(signal: SignalOnItsWay): void {
    const { self, now } = this.#context;
    const { id, key, route, payload } = signal;
    const [origin] = route;
    if (key === self.nodeId) {
      if (origin === undefined || origin === key) return;
      this.#wayBackByOrigin.set(origin, { id, back: backOf(route), until: now + ROUTE_BACK_MS });
      this.#context.emit({ type: 'signal', from: origin, data: payload.data });
      return;
    }
    if (this.#nextHop(signal, new Set()) === undefined) this.#stuck(signal);
    else this.#hops.transmit({ type: 'routed', ...signal }, (tried) => this.#nextHop(signal, tried));
  }

  /** An answer to this node's own message `id`. */
  answered(id: string, data: string): void {
    const target = this.#targetById.get(id);
    if (target === undefined) count(this.#context, 'signals-unasked');
    else this.#context.emit({ type: 'signal', from: target, data });
  }

  /** The way that a signal of this node's came a moment ago, if its end here still stands. */
  #wayBack(to: NodeId): WayBack | undefined {
    const { now, peers } = this.#context;
    const wayBack = this.#wayBackByOrigin.get(to);
    if (wayBack === undefined || wayBack.until < now) return undefined;
    return wayBack.back.some((nodeId) => peers.isOpen(nodeId)) ? wayBack : undefined;
  }

  /** The open link over which a signal comes closest to its target; undefined where it can come no closer. */
  #nextHop({ key, route }: SignalOnItsWay, tried: ReadonlySet<NodeId>): NodeId | undefined {
    const { self, peers, leafSet } = this.#context;
    if (tried.has(key)) return undefined;
    if (peers.isOpen(key)) return key;
    if (route.length >= MAX_SIGNAL_ROUTE) return undefined;
    const sponsor = this.#listener.sponsor();
    // From a node that knows of the target but has no link to it, a step away from it may be the way round.
    const mayGoRound = route.length === 1 || leafSet.has(key);
    const ownDistance = ringDistance(key, self.nodeId);
    let best: NodeId | undefined;
    for (const { nodeId, link, handle, suspect } of peers.all()) {
      // Who never introduced itself is not in the ring, and can bring nothing further.
      if (link !== 'open' || suspect || (handle === undefined && nodeId !== sponsor)) continue;
      if (tried.has(nodeId) || route.includes(nodeId)) continue;
      if (!mayGoRound && ringDistance(key, nodeId) >= ownDistance) continue;
      if (best === undefined || isCloser(key, nodeId, best)) best = nodeId;
    }
    return best;
  }

  /** Tells the origin at once, so that it need not wait for its own timer. */
  #stuck({ id, key, route }: SignalOnItsWay): void {
    if (route.length === 1) this.#context.emit({ type: 'signal', from: key, data: NOT_HERE });
    else this.#listener.sendBack(id, backOf(route), { kind: 'signal', data: NOT_HERE });
  }
}

/** The way back to the origin of a route that ends here. */
function backOf(route: readonly NodeId[]): readonly NodeId[] {
  return route.slice(0, -1).reverse();
}
