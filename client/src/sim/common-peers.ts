// What rule R30 takes for granted: who cannot open a link to somebody has links to a node that can. Where each tenth pair has no
// path, a ring that has shrunk to a handful of nodes may have a pair for which that is not so.

import type { NodeId } from '../core/pastry/id.ts';

/** Two nodes with no path between them, and no node that has one to both; undefined if there are none. */
export function pairApart(
  ids: readonly NodeId[],
  canLink: (a: NodeId, b: NodeId) => boolean,
): readonly [NodeId, NodeId] | undefined {
  for (const [index, a] of ids.entries()) {
    for (const b of ids.slice(index + 1)) {
      if (canLink(a, b)) continue;
      if (!ids.some((id) => id !== a && id !== b && canLink(id, a) && canLink(id, b))) return [a, b];
    }
  }
  return undefined;
}
