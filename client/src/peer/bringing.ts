// Whether this node brings a block of one node's to another (incoming.ts).

import type { NodeId } from '../core/pastry/id.ts';
import type { PeerNode } from './parts.ts';
import type { Bringing } from './shell.ts';

/** From a node of which others speak, and to which this one has no link, nothing is brought: it may be nobody. */
export function bringingOf(
  node: PeerNode,
  peer: NodeId,
  source: NodeId,
  isLinkedWithSource: boolean,
): Bringing | undefined {
  if (!isLinkedWithSource && !node.isNeighbour(source)) return undefined;
  return node.isNeighbour(peer) ? 'neighbour' : 'stranger';
}
