// Which links serve the leaf set: those to its members, and to nodes between them, which belong into it. And which the
// routing table.

import type { Inspection } from '../core/io.ts';
import { clockwiseDistance, type NodeId } from '../core/pastry/id.ts';

/** A half that has lost members likely reaches as far, for each missing one, as for one that is there; nodes lie unevenly. */
const MARGIN = 2;

/** Says of a node whether it is in the leaf set or would be, as far as can be guessed while that is short; of no node while there is none. */
export function leafPins(
  { handle, leafSet }: Pick<Inspection, 'handle' | 'leafSet'>,
  leafSetSize: number,
): (peer: NodeId) => boolean {
  const self = handle.nodeId;
  const { cw, ccw } = leafSet;
  const [lastCw, lastCcw] = [cw.at(-1), ccw.at(-1)];
  if (lastCw === undefined || lastCcw === undefined) return () => false;
  const reachCw = reach(clockwiseDistance(self, lastCw), cw.length, leafSetSize / 2);
  const reachCcw = reach(clockwiseDistance(lastCcw, self), ccw.length, leafSetSize / 2);
  return (peer) => clockwiseDistance(self, peer) <= reachCw || clockwiseDistance(peer, self) <= reachCcw;
}

/** Says of a node whether it is in the routing table. */
export function tableEntries({ routingTable }: Pick<Inspection, 'routingTable'>): (peer: NodeId) => boolean {
  const entries = new Set(routingTable.map(({ nodeId }) => nodeId));
  return (peer) => entries.has(peer);
}

/** How far a half goes: to its farthest member if it is full. */
function reach(farthest: bigint, count: number, full: number): bigint {
  return count >= full ? farthest : (farthest * BigInt(MARGIN * full)) / BigInt(count);
}
