// To whom this node has given blocks lately that they do not hold as members: who has fetched a block keeps it for a while
// (peer/cached-blocks.ts), and may give it to the next (PAST, section 4: copies in caches). Where many want the same at the same
// time, its holders need not give it to all of them.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';

/** A little less than they keep it. */
const REMEMBERED_MS = 4 * 60_000;
/** A gigabyte in segments. */
const MAX_BLOCKS = 256;
/** Of one block: the latest. */
const MAX_RECEIVERS = 8;
/** Where fewer have got it, its holders are enough. And no more are named: whoever makes nothing of what it got delays a fetch. */
const NAMED = 2;

export class Receivers {
  readonly #context: PastContext;
  readonly #givenAtByDigest = new BoundedMap<string, BoundedMap<NodeId, Instant>>(MAX_BLOCKS);

  constructor(context: PastContext) {
    this.#context = context;
  }

  /** All its bytes have gone to this node. */
  given(to: NodeId, digest: string): void {
    const givenAt = this.#givenAtByDigest.get(digest) ?? new BoundedMap<NodeId, Instant>(MAX_RECEIVERS);
    this.#givenAtByDigest.set(digest, givenAt.set(to, this.#context.ring.now));
  }

  /** Who may have it too, of those that are there as far as is known: leaves. The latest; none where hardly anybody has asked. */
  of(digest: string): readonly NodeId[] {
    const { known, ring } = this.#context;
    const givenAt = [...(this.#givenAtByDigest.get(digest) ?? [])];
    const receivers = givenAt.filter(
      ([nodeId, at]) =>
        ring.now - at < REMEMBERED_MS && !known.isHolder(digest, nodeId) && this.#context.isBelievedLeaf(nodeId),
    );
    return receivers.length < NAMED ? [] : receivers.slice(-NAMED).map(([nodeId]) => nodeId);
  }
}
