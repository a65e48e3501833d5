// Signalling data through the ring: what two nodes need to open a link travels as routed messages. Nothing is known yet
// of a link to the target, and no link may be opened for it, so it goes over open links only: to the target where it is
// linked, else to the linked node closest to it. A joiner is in nobody's tables: what is sent to it goes back the way
// its own signal came, by its sponsor.

import { BoundedMap } from '../../bounded-map.ts';
import type { Instant } from '../../io.ts';
import { type Context, count } from '../context.ts';
import { isCloser, type NodeId, ringDistance } from '../id.ts';
import type { Join } from '../membership/join.ts';
import type { RoutedPayload } from '../messages.ts';
import type { Hops } from '../routing/hops.ts';
import type { Replies } from '../routing/replies.ts';

/** A way back is used for so long: an answer takes a second at most, and links on the way may close soon after. */
const ROUTE_BACK_MS = 5_000;
/** Signals of this node's whose answers are known for what they are, and nodes to which a way back is remembered. */
const MAX_REMEMBERED = 256;
/** Signals go around missing links, but not all around the ring. */
const MAX_SIGNAL_ROUTE = 24;
/** "I do not know this node": the answer of a node that can bring a signal no further. */
export const NOT_HERE = '';
const NOT_HERE_ANSWER = { kind: 'signal', data: NOT_HERE } as const;

type Signal = Extract<RoutedPayload, { kind: 'signal' }>;

/** A signal on its way; `route` ends with this node. */
export interface SignalOnItsWay {
  readonly id: string;
  readonly key: NodeId;
  readonly route: readonly NodeId[];
  readonly payload: Signal;
}

/** Where answers to a signal go. Who its origin is its route only claims: the links' signatures tell (links/). */
interface WayBack {
  readonly id: string;
  /** The last node of the way here first, the origin last. */
  readonly back: readonly NodeId[];
  readonly until: Instant;
}

export class Signals {
  readonly #context: Context;
  readonly #hops: Hops;
  readonly #replies: Replies;
  readonly #join: Join;
  readonly #targetById = new BoundedMap<string, NodeId>(MAX_REMEMBERED);
  readonly #wayBackByOrigin = new BoundedMap<NodeId, WayBack>(MAX_REMEMBERED);

  constructor(context: Context, hops: Hops, replies: Replies, join: Join) {
    this.#context = context;
    this.#hops = hops;
    this.#replies = replies;
    this.#join = join;
  }

  /** Sends a signal of this node's own. */
  send(to: NodeId, data: string): void {
    const payload = { kind: 'signal', data } as const;
    const wayBack = this.#wayBack(to);
    if (wayBack !== undefined) {
      this.#replies.sendBack({ ...wayBack, payload, proof: undefined });
      return;
    }
    const id = this.#context.newId();
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
    const first = this.#nextHop(signal, new Set());
    if (first === undefined) return this.#stuck(signal);
    this.#hops.transmit({ type: 'routed', ...signal }, first, (tried) => {
      const to = this.#nextHop(signal, tried);
      return to === undefined ? { type: 'nowhere' } : { type: 'next', to };
    });
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
    const { sponsor } = this.#join;
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
    else this.#replies.sendBack({ id, back: backOf(route), payload: NOT_HERE_ANSWER, proof: undefined });
  }
}

/** The way back to the origin of a route that ends here. */
function backOf(route: readonly NodeId[]): readonly NodeId[] {
  return route.slice(0, -1).reverse();
}
