// How many attempts at links each node may make this one take up: every one costs a connection, here as much as there.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { TokenBucket } from '../core/token-bucket.ts';
import { ATTEMPT_RATE, MAX_REMEMBERED_SENDERS } from './limits.ts';

export class AttemptBudget {
  readonly #now: () => number;
  readonly #bucketById = new BoundedMap<NodeId, TokenBucket>(MAX_REMEMBERED_SENDERS);

  /** `now`: milliseconds on a clock that only moves forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts an attempt of this node's, whose certificate proved the id; false if it has made too many. */
  take(nodeId: NodeId): boolean {
    const now = this.#now();
    const bucket = this.#bucketById.get(nodeId) ?? new TokenBucket(ATTEMPT_RATE, now);
    this.#bucketById.set(nodeId, bucket);
    return bucket.take(now);
  }
}
