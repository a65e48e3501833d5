// Who has left the ring, or died, as far as this tab was told by the moment that is shown. Pure.

import type { NodeId } from '../../../core/pastry/id.ts';
import type { Moment } from './moment.ts';

/** Those that said goodbye or were found dead, and have shown no sign of life since. `moments`: up to the one that is shown. */
export function goneOf(moments: readonly Moment[]): ReadonlySet<NodeId> {
  const gone = new Set<NodeId>();
  for (const { happening } of moments) {
    if (happening.kind !== 'event') continue;
    const { event } = happening;
    if (event.type === 'link' && event.state === 'up') gone.delete(event.nodeId);
    if (event.type !== 'trace') continue;
    switch (event.event.kind) {
      case 'failed':
      case 'departed':
        gone.add(event.event.nodeId);
        break;
      case 'leaf-added':
      case 'entry-added':
        gone.delete(event.event.nodeId);
        break;
    }
  }
  // It may have come back without a word: to the neighbourhood set, say.
  for (const nodeId of membersAt(moments)) gone.delete(nodeId);
  return gone;
}

/** In the tables of this tab at the moment that is shown; an open link alone may outlive its other end. */
function membersAt(moments: readonly Moment[]): readonly NodeId[] {
  const facts = moments.at(-1)?.facts;
  if (facts === undefined) return [];
  const { leafSet, routingTable, neighborhoodSet } = facts;
  return [...leafSet.cw, ...leafSet.ccw, ...routingTable.map(({ nodeId }) => nodeId), ...neighborhoodSet];
}
