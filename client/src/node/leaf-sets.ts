// Whether the leaf sets of some peers are what follows from their ids, as far as one who knows only these peers can tell.

import type { NodeId } from '../core/pastry/id.ts';
import type { PeerInspection } from '../peer/api.ts';

/** The peers that are not active or whose leaf sets are wrong. Nodes that are not among `peers` do not count. */
export function wrongLeafSets(peers: readonly PeerInspection[]): readonly NodeId[] {
  const ring = peers.map(({ nodeId }) => nodeId).sort();
  const placeById = new Map(ring.map((nodeId, place) => [nodeId, place]));
  const isRight = ({ nodeId, status, leafSet, params }: PeerInspection): boolean => {
    const place = placeById.get(nodeId) ?? 0;
    const half = params.leafSetSize / 2;
    const isWalk = (leaves: readonly NodeId[], step: 1 | -1): boolean => {
      const known = leaves.filter((leaf) => placeById.has(leaf));
      // Strangers in it leave less room for these peers.
      const wanted = Math.min(half - (leaves.length - known.length), ring.length - 1);
      return (
        known.length === wanted &&
        known.every((leaf, index) => leaf === ring.at((place + step * (index + 1)) % ring.length))
      );
    };
    return status === 'active' && isWalk(leafSet.cw, 1) && isWalk(leafSet.ccw, -1);
  };
  return peers.filter((peer) => !isRight(peer)).map(({ nodeId }) => nodeId);
}
