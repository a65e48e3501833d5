// The last hop but one may go to any node whose leaf set covers the key, not only to the entry of the key's own cell: of
// those that are known the nearest is taken. Deep in the table a cell's few nodes are far away (Pastry, section 3.2: the
// last hops make most of the delay), while the entries of the cells beside it often cover the key as well.

import { idAfter, isCloser, isOnArc, type Key, type NodeId, ringDistance, sharedPrefixLength } from '../id.ts';
import type { NodeHandle } from '../node-handle.ts';
import { knownNodes, type Tables } from '../tables/tables.ts';

/** Leaf sets are not all equally wide: a node at most this share (percent) of the own reach from the key covers it almost surely. */
const SURE_PERCENT = 60n;
/** With fewer leaves on a side the density is anybody's guess, and a hop taken on it may lead nowhere nearer. */
const MIN_LEAVES = 2;

/**
 * The routing table's `entry` for `key`, or a known node to be preferred: one whose leaf set, at the density of this node's
 * own surroundings, covers the key, nearer than the entry or saving a hop. The paper's conditions on a hop hold for it: it
 * shares a longer prefix with the key, or as long a one and is closer.
 */
export function shortcut(
  self: NodeId,
  key: Key,
  entry: NodeHandle,
  tables: Tables,
  avoid: (nodeId: NodeId) => boolean,
  distanceMs: (node: NodeHandle) => number,
): NodeHandle {
  const leaves = tables.leafSet.clockwise.length;
  if (leaves < MIN_LEAVES) return entry;
  const reach = tables.leafSet.reach();
  const spacing = reach / BigInt(leaves);
  const entryDistance = ringDistance(key, entry.nodeId);
  // It is likely to be the root itself.
  if (entryDistance <= spacing) return entry;
  const sure = (reach * SURE_PERCENT) / 100n;
  const [start, end] = [idAfter(key, -sure), idAfter(key, sure)];
  const shared = sharedPrefixLength(self, key);
  let best = entryDistance <= sure ? entry : undefined;
  let bestMs = best === undefined ? Number.POSITIVE_INFINITY : distanceMs(best);
  for (const node of knownNodes(tables)) {
    const { nodeId } = node;
    if (!isOnArc(nodeId, start, end) || sharedPrefixLength(nodeId, key) < shared || avoid(nodeId)) continue;
    if (!isCloser(key, nodeId, self)) continue;
    const ms = distanceMs(node);
    if (ms >= bestMs) continue;
    best = node;
    bestMs = ms;
  }
  return best ?? entry;
}
