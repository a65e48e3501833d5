// The links of a node as inspect() tells of them: with the leaves that the ring's relays reach for want of one.

import type { NodeId } from '../core/pastry/id.ts';
import type { LinkInfo } from './ports.ts';

/** `relayed`: nodes without a link, by the node that carries their messages. */
export function withRelayed(links: readonly LinkInfo[], relayed: ReadonlyMap<NodeId, NodeId>): readonly LinkInfo[] {
  const isOpen = new Set(links.filter(({ state }) => state === 'open').map(({ nodeId }) => nodeId));
  const throughRing = [...relayed].filter(([nodeId]) => !isOpen.has(nodeId));
  // A link to such a node is tried again from time to time: until it opens, nothing changes for the user.
  const others = links.filter(({ nodeId, state }) => state === 'open' || !relayed.has(nodeId));
  return [
    ...others,
    ...throughRing.map(([nodeId, carrier]) => ({ nodeId, state: 'relayed' as const, path: 'ring' as const, carrier })),
  ];
}
