// Questions for the nodes that another knows closest to a key. They go to nodes without a link over those that named them, each
// of whom has a link to the next: no link is opened for a search, and it costs who carries it one message. Unacknowledged: a
// search asks many, and misses one that is lost as little as one that does not answer.

import { type Context, count, isAcquainted } from '../context.ts';
import { closestIds, type Key, type NodeId } from '../id.ts';
import type { RoutedPayload } from '../messages.ts';
import { send } from '../reachability/outbox.ts';
import { knownNodes } from '../tables/tables.ts';
import { MAX_NAMED_CLOSEST, type SearchStep } from './closest-search.ts';
import type { Untransmitted } from './hops.ts';
import type { Replies } from './replies.ts';

/** Of what is not acknowledged. */
export const NO_TOKEN = 0;
/** Nodes on the way of a question, the asker included; searches take fewer steps. */
const MAX_WAY = 8;

export type ClosestQuestion = Omit<Untransmitted, 'payload'> & {
  readonly payload: Extract<RoutedPayload, { kind: 'closest' }>;
};

export class ClosestQuestions {
  readonly #context: Context;
  readonly #replies: Replies;

  constructor(context: Context, replies: Replies) {
    this.#context = context;
    this.#replies = replies;
  }

  /** Asks a node; its answer comes under the id that is returned. */
  ask(key: Key, { nodeId, via }: SearchStep): string {
    const id = this.#context.newId();
    const route = [this.#context.self.nodeId];
    this.pass({ type: 'routed', id, key, route, payload: { kind: 'closest', via: [...via, nodeId] } });
    return id;
  }

  /** Takes a question one node further, or answers it; its route ends with this node. */
  pass({ id, key, route, payload }: ClosestQuestion): void {
    const [next, ...via] = payload.via;
    if (next === undefined) return this.#answer({ type: 'routed', id, key, route, payload });
    // Neither in circles, nor to strangers: no link is opened for it.
    const isWay = route.length + via.length < MAX_WAY && !route.includes(next) && isAcquainted(this.#context, next);
    if (!isWay) return count(this.#context, 'searches-refused');
    send(this.#context, next, { type: 'routed', id, token: NO_TOKEN, key, route, payload: { kind: 'closest', via } });
  }

  /** The nodes closest to a key in this node's tables and at the other ends of its links, closest first. */
  known(key: Key, most: number): NodeId[] {
    const { tables, peers } = this.#context;
    const ids = new Set<NodeId>();
    for (const { nodeId } of knownNodes(tables)) if (!peers.isSuspect(nodeId)) ids.add(nodeId);
    // Whose table has this node: chosen by them, and not by whoever lies about what is near.
    for (const { nodeId, link, handle, suspect } of peers.all())
      if (link === 'open' && handle !== undefined && !suspect) ids.add(nodeId);
    return closestIds(key, ids, most);
  }

  /** Who may not deliver yet does not know its leaves yet. */
  #answer(question: ClosestQuestion): void {
    if (this.#context.status !== 'active') return;
    const nodes = this.known(question.key, MAX_NAMED_CLOSEST);
    this.#replies.answer(question, { kind: 'closest', nodes, route: question.route });
  }
}
