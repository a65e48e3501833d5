// A token bucket for each node, for one kind of thing. Bounded: of many nodes the one is forgotten whose bucket was used longest
// ago, which has mostly filled again by then. It outlives links, so that a new link brings no new budget.

import { BoundedMap } from './bounded-map.ts';
import type { Instant } from './io.ts';
import type { NodeId } from './pastry/id.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';

/** As many as a node has links with in the time that a bucket takes to fill. */
const MAX_NODES = 1_024;

export class Budgets {
  readonly #rate: Rate;
  readonly #bucketById = new BoundedMap<NodeId, TokenBucket>(MAX_NODES);

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Takes a token of this node's; false if it has none. */
  take(nodeId: NodeId, now: Instant): boolean {
    const bucket = this.#bucketById.get(nodeId) ?? new TokenBucket(this.#rate, now);
    this.#bucketById.set(nodeId, bucket);
    return bucket.take(now);
  }

  giveBack(nodeId: NodeId): void {
    this.#bucketById.get(nodeId)?.giveBack();
  }
}
