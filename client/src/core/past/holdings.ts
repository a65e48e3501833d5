// The blocks that this node holds, each with who else has shown that it holds it: what is at stake if this node goes.

import type { Holder, Instant } from '../io.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { CopyCounts } from './copy-counts.ts';
import type { Handoffs } from './handoffs.ts';

export interface Holding {
  readonly block: BlockRef;
  /** Other nodes that hold it, each by its own word. */
  readonly others: readonly Holder[];
  /** There may be more: it came, or the nodes around changed, so short a time ago that not all can have spoken. */
  readonly isNew: boolean;
}

/** Milliseconds: an offer, its answer, and what a crowded machine adds. */
const NEW_MS = 5_000;

/** `changedAt`: when the leaf set did. */
export function holdingsOf(
  context: PastContext,
  counts: CopyCounts,
  handoffs: Handoffs,
  changedAt: Instant,
): readonly Holding[] {
  const { held, known, ring } = context;
  const deviceById = context.devices();
  const newSince = ring.status === 'active' && ring.leaves().length > 0 ? ring.now - NEW_MS : ring.now;
  return held.all().map(({ block, since }) => {
    const { digest } = block;
    const counted = counts.holders(digest);
    const ids = new Set([...known.holders(digest), ...handoffs.holders(digest), ...counted.keys()]);
    // Of a node that is neither near nor counted no device is known: it counts as on its own.
    const others = [...ids].map((nodeId) => {
      return { nodeId, device: deviceById.get(nodeId) ?? counted.get(nodeId) ?? nodeId };
    });
    return { block, others, isNew: Math.max(since, changedAt) > newSince };
  });
}
