// The lines that the Discovery node prints. One fixed form each, so that people can grep them.

import type { Id } from '../client/src/core/pastry/id.ts';

/** Digits of an id that are printed: enough to tell 10,000 tabs apart by eye. */
const SHOWN_DIGITS = 8;

export type RemovalReason =
  | 'disconnected'
  | 'timed out'
  | 'left'
  | 'asked for another id'
  | 'by the operator'
  | 'too many refused requests';

export function registeredLine(nodeId: Id, nodes: number): string {
  return `registered ${shortId(nodeId)} (${count(nodes)})`;
}

export function removedLine(nodeId: Id, reason: RemovalReason, nodes: number): string {
  return `removed ${shortId(nodeId)}: ${reason} (${count(nodes)})`;
}

/** How many are registered now. */
function count(nodes: number): string {
  return nodes === 1 ? '1 node' : `${nodes} nodes`;
}

function shortId(id: Id): string {
  return id.length > SHOWN_DIGITS ? `${id.slice(0, SHOWN_DIGITS)}…` : id;
}
