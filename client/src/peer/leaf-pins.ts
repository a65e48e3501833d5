// Which links serve the leaf set: those to its members, and to nodes between them, which belong into it.

import type { Inspection } from '../core/io.ts';
import { clockwiseDistance, type NodeId } from '../core/pastry/id.ts';

/** Says of a node whether it is in the leaf set or would be; of no node while there is no leaf set, and of all while it is short. */
export function leafPins(
  { handle, leafSet }: Pick<Inspection, 'handle' | 'leafSet'>,
  leafSetSize: number,
): (peer: NodeId) => boolean {
  const { cw, ccw } = leafSet;
  const [lastCw, lastCcw] = [cw.at(-1), ccw.at(-1)];
  if (lastCw === undefined || lastCcw === undefined) return () => false;
  if (Math.min(cw.length, ccw.length) < leafSetSize / 2) return () => true;
  const self = handle.nodeId;
  const reachCw = clockwiseDistance(self, lastCw);
  const reachCcw = clockwiseDistance(lastCcw, self);
  return (peer) => clockwiseDistance(self, peer) <= reachCw || clockwiseDistance(peer, self) <= reachCcw;
}
