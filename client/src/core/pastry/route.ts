// Where a message goes next: Pastry's three cases, exactly as in the paper (section 2.3, table 1).

import { isCloser, type Key, type NodeId, ringDistance, sharedPrefixLength } from './id.ts';
import type { LeafSet } from './leaf-set.ts';
import type { NeighborhoodSet } from './neighborhood-set.ts';
import type { NodeHandle } from './node-handle.ts';
import type { RoutingTable } from './routing-table.ts';

export interface Tables {
  readonly leafSet: LeafSet;
  readonly routingTable: RoutingTable;
  readonly neighborhoodSet: NeighborhoodSet;
}

export type Decision =
  | { readonly rule: 'root' }
  | { readonly rule: 'leaf-set' | 'routing-table' | 'rare-case'; readonly nextHop: NodeId };

/**
 * Decides the next hop for `key`. `avoid` names nodes to route around (suspected ones); the root itself is never
 * routed around, because any other node would deliver a key that is not its own. `joiner`, a node whose own join this is,
 * counts as absent: tables may still know its former life.
 */
export function decide(
  self: NodeId,
  key: Key,
  tables: Tables,
  avoid: (nodeId: NodeId) => boolean,
  joiner?: NodeId,
): Decision {
  if (key === self) return { rule: 'root' };
  if (tables.leafSet.covers(key)) {
    const closest = tables.leafSet.closest(key, joiner);
    return closest === self ? { rule: 'root' } : { rule: 'leaf-set', nextHop: closest };
  }
  const entry = tables.routingTable.nextHop(key);
  if (entry !== undefined && !avoid(entry.nodeId)) {
    const nextHop = shortcut(self, key, entry.nodeId, tables, avoid) ?? entry.nodeId;
    return { rule: 'routing-table', nextHop };
  }
  const other = rareCase(self, key, tables, avoid) ?? entry?.nodeId ?? rareCase(self, key, tables, () => false);
  return other === undefined ? { rule: 'root' } : { rule: 'rare-case', nextHop: other };
}

/**
 * A node near by that will do the work of the entry and of the hop after it: as long a shared prefix, and so close to the
 * key that, at the density of this node's own surroundings, its leaf set covers it. The neighborhood set is full of nodes
 * as near as the entry, so this saves a hop and costs nothing; the paper's conditions on a hop all hold.
 */
function shortcut(
  self: NodeId,
  key: Key,
  entry: NodeId,
  tables: Tables,
  avoid: (nodeId: NodeId) => boolean,
): NodeId | undefined {
  const reach = tables.leafSet.reach();
  const needed = sharedPrefixLength(self, key) + 1;
  if (ringDistance(key, entry) <= reach) return undefined;
  for (const { nodeId } of tables.neighborhoodSet.members()) {
    if (sharedPrefixLength(nodeId, key) < needed || avoid(nodeId)) continue;
    if (ringDistance(key, nodeId) <= reach) return nodeId;
  }
  return undefined;
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

/** L, R and M; a node may come more than once. */
export function* knownNodes(tables: Tables): Iterable<NodeHandle> {
  yield* tables.leafSet.clockwise;
  yield* tables.leafSet.counterclockwise;
  yield* tables.routingTable.entries();
  yield* tables.neighborhoodSet.members();
}
