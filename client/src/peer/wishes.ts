// Links that are wished for and have to wait: who needs one most comes first, of these who wished first, and what has waited
// too long is given up, since whoever wished for it has found another way.

import type { NodeId } from '../core/pastry/id.ts';
import { MAX_WAITING_DIALS, WAITING_DIAL_MS } from './limits.ts';

/**
 * What a link is for. leaf: the leaf set, without which no key has its root. awaited: a message of a join or a lookup, or a
 * block, waits for it. entry: the routing table. other: the exchanges by which tables get better.
 */
export type Need = 'leaf' | 'awaited' | 'entry' | 'other';

const RANK_BY_NEED: Readonly<Record<Need, number>> = { leaf: 0, awaited: 1, entry: 2, other: 3 };

export type NeedOf = (peer: NodeId) => Need;

export class Wishes {
  /** When each is given up, the oldest first. */
  readonly #deadlineByPeer = new Map<NodeId, number>();

  get count(): number {
    return this.#deadlineByPeer.size;
  }

  has(peer: NodeId): boolean {
    return this.#deadlineByPeer.has(peer);
  }

  /** Returns the one that has to make room, if there are too many: the oldest of the least needed. */
  add(peer: NodeId, now: number, needOf: () => NeedOf): NodeId | undefined {
    this.#deadlineByPeer.set(peer, now + WAITING_DIAL_MS);
    if (this.count <= MAX_WAITING_DIALS) return undefined;
    const least = this.#leastNeeded(needOf());
    if (least !== undefined) this.delete(least);
    return least;
  }

  delete(peer: NodeId): void {
    this.#deadlineByPeer.delete(peer);
  }

  /** Takes out those that have waited too long. */
  takeExpired(now: number): readonly NodeId[] {
    const expired = [...this.#deadlineByPeer].filter(([, deadline]) => now >= deadline).map(([peer]) => peer);
    for (const peer of expired) this.delete(peer);
    return expired;
  }

  /** The most needed first, of these the oldest. */
  inOrder(needOf: NeedOf): readonly NodeId[] {
    const ranked = Array.from(this.#deadlineByPeer.keys(), (peer) => ({ peer, rank: RANK_BY_NEED[needOf(peer)] }));
    return ranked.sort((a, b) => a.rank - b.rank).map(({ peer }) => peer);
  }

  #leastNeeded(needOf: NeedOf): NodeId | undefined {
    const order = this.inOrder(needOf);
    const last = order.at(-1);
    return last && order.find((peer) => needOf(peer) === needOf(last));
  }
}
