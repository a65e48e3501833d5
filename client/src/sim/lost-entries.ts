// Which routing-table entries a mass failure costs, and how many come back (Pastry, section 3.3).

import { COLUMNS } from '../core/pastry/id.ts';
import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';

/** A cell that held a dead node and that some live node fits. */
interface LostCell {
  readonly host: Host;
  readonly row: number;
  readonly column: string;
}

export interface LostEntries {
  /** Cells that held a dead node. */
  readonly missing: number;
  /** Those that some live node fits. */
  readonly recoverable: readonly LostCell[];
}

/** To be called right after the failures. */
export function findLostEntries(cluster: Cluster): LostEntries {
  const { ring } = cluster.truth;
  const recoverable: LostCell[] = [];
  let missing = 0;
  for (const host of cluster.hosts) {
    for (const { row, column, nodeId } of host.machine.inspect().routingTable) {
      if (ring.has(nodeId)) continue;
      missing += 1;
      if (ring.hasPrefix(host.nodeId.slice(0, row) + column, host.nodeId)) recoverable.push({ host, row, column });
    }
  }
  return { missing, recoverable };
}

/** How many of the recoverable cells hold a live node now. */
export function countRecovered(cluster: Cluster, lost: LostEntries): number {
  const { ring } = cluster.truth;
  const cellsByHost = new Map<Host, Set<number>>();
  let recovered = 0;
  for (const { host, row, column } of lost.recoverable) {
    let cells = cellsByHost.get(host);
    if (cells === undefined) {
      cells = new Set();
      for (const cell of host.machine.inspect().routingTable) {
        if (ring.has(cell.nodeId)) cells.add(cell.row * COLUMNS + Number.parseInt(cell.column, 16));
      }
      cellsByHost.set(host, cells);
    }
    if (cells.has(row * COLUMNS + Number.parseInt(column, 16))) recovered += 1;
  }
  return recovered;
}
