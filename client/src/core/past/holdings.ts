// The blocks that this node holds, each with who else has shown that it holds it: what is at stake if this node goes.

import type { Holder } from '../io.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { CopyCounts } from './copy-counts.ts';
import type { Handoffs } from './handoffs.ts';

export interface Holding {
  readonly block: BlockRef;
  /** Other nodes that hold it, each by its own word. */
  readonly others: readonly Holder[];
}

export function holdingsOf(context: PastContext, counts: CopyCounts, handoffs: Handoffs): readonly Holding[] {
  const { held, known } = context;
  const deviceById = context.devices();
  return held.blocks().map((block) => {
    const { digest } = block;
    const counted = counts.holders(digest);
    const ids = new Set([...known.holders(digest), ...handoffs.holders(digest), ...counted.keys()]);
    // Of a node that is neither near nor counted no device is known: it counts as on its own.
    const others = [...ids].map((nodeId) => {
      return { nodeId, device: deviceById.get(nodeId) ?? counted.get(nodeId) ?? nodeId };
    });
    return { block, others };
  });
}
