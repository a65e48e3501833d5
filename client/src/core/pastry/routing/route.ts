// Where a message goes next: Pastry's three cases (section 2.3, table 1), and a choice among equals (shortcut.ts).

import { isCloser, type Key, type NodeId, ringDistance, sharedPrefixLength } from '../id.ts';
import type { NodeHandle } from '../node-handle.ts';
import { knownNodes, type Tables } from '../tables/tables.ts';
import { shortcut } from './shortcut.ts';

/** A route longer than this is not Pastry's: log16 of any ring, plus repairs, is far below. */
export const MAX_ROUTE = 64;

export type Decision =
  | { readonly rule: 'root' }
  | { readonly rule: 'leaf-set' | 'routing-table' | 'rare-case'; readonly nextHop: NodeId };

/**
 * Decides the next hop for `key`. `avoid` names nodes to route around (suspected ones); the root itself is never
 * routed around, because any other node would deliver a key that is not its own. `joiner`, a node whose own join this is,
 * counts as absent: tables may still know its former incarnation. `distanceMs` tells how near a known node is; without it there
 * are the paper's three cases only.
 */
export function decide(
  self: NodeId,
  key: Key,
  tables: Tables,
  avoid: (nodeId: NodeId) => boolean,
  joiner?: NodeId,
  distanceMs?: (node: NodeHandle) => number,
): Decision {
  if (key === self) return { rule: 'root' };
  if (tables.leafSet.covers(key)) {
    const closest = tables.leafSet.closest(key, joiner);
    return closest === self ? { rule: 'root' } : { rule: 'leaf-set', nextHop: closest };
  }
  const entry = tables.routingTable.nextHop(key);
  if (entry !== undefined && !avoid(entry.nodeId)) {
    const next = distanceMs === undefined ? entry : shortcut(self, key, entry, tables, avoid, distanceMs);
    return { rule: 'routing-table', nextHop: next.nodeId };
  }
  const other = rareCase(self, key, tables, avoid) ?? entry?.nodeId ?? rareCase(self, key, tables, () => false);
  return other === undefined ? { rule: 'root' } : { rule: 'rare-case', nextHop: other };
}

/** Of all known nodes that share at least as long a prefix with `key` and are closer to it than self, the best. */
function rareCase(self: NodeId, key: Key, tables: Tables, avoid: (nodeId: NodeId) => boolean): NodeId | undefined {
  const shared = sharedPrefixLength(self, key);
  const ownDistance = ringDistance(key, self);
  let best: NodeId | undefined;
  let bestShared = shared;
  for (const { nodeId } of knownNodes(tables)) {
    const length = sharedPrefixLength(nodeId, key);
    if (length < bestShared || nodeId === best || avoid(nodeId)) continue;
    if (ringDistance(key, nodeId) >= ownDistance) continue;
    if (best === undefined || length > bestShared || isCloser(key, nodeId, best)) {
      best = nodeId;
      bestShared = length;
    }
  }
  return best;
}
