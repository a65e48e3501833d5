// The three tables of a node (Pastry, section 2.2).

import type { NodeHandle } from '../node-handle.ts';
import type { LeafSet } from './leaf-set.ts';
import type { NeighborhoodSet } from './neighborhood-set.ts';
import type { RoutingTable } from './routing-table.ts';

export interface Tables {
  readonly leafSet: LeafSet;
  readonly routingTable: RoutingTable;
  readonly neighborhoodSet: NeighborhoodSet;
}

/** L, R and M; a node may come more than once. */
export function* knownNodes(tables: Tables): Iterable<NodeHandle> {
  yield* tables.leafSet.clockwise;
  yield* tables.leafSet.counterclockwise;
  yield* tables.routingTable.entries();
  yield* tables.neighborhoodSet.members();
}
