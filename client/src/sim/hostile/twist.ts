// What hostile nodes change in what an honest one would say: they name only each other and invented nodes, claim to be near
// to whoever listens, and report the living dead.

import type { Message } from '../../core/messages.ts';
import { COLUMNS, type NodeId, randomIdWith, sharedPrefixLength } from '../../core/pastry/id.ts';
import type { LeafSetMessage } from '../../core/pastry/messages.ts';
import type { Coordinate, Hearsay, Incarnation, NodeHandle } from '../../core/pastry/node-handle.ts';
import type { Colluders } from './colluders.ts';

/** Nodes named in place of true ones. */
const MAX_NAMED = 16;
/** Share of invented ones among those named in rows, and of leaf sets that report a death. */
const INVENTED_SHARE = 0.25;
const FORGED_DEATH_SHARE = 0.1;
/** As near as one may claim to be without being at the same place. */
const NEAR_MS = 0.5;

/** What `self` sends to `to` in place of `message`. `half`: leaves on a side. */
export function twisted(message: Message, self: NodeId, to: NodeId, half: number, colluders: Colluders): Message {
  if (colluders.has(to)) return message;
  const near = nearTo(colluders.placeOf(to));
  switch (message.type) {
    case 'ping':
    case 'pong':
      return { ...message, self: placed(message.self, near) };
    case 'ack':
      return near === undefined ? message : { ...message, coordinate: near };
    case 'leaf-set':
      return { ...message, self: placed(message.self, near), ...falseLeaves(message, self, to, half, colluders) };
    case 'row':
      return { ...message, self: placed(message.self, near), entries: message.asks ? [] : named(to, near, colluders) };
    case 'entries':
      return { ...message, self: placed(message.self, near), entries: named(to, near, colluders) };
    case 'cells':
      return { ...message, self: placed(message.self, near) };
    default:
      return message;
  }
}

/** Colluders for each cell that `to` has for them, and nodes that do not exist. */
export function named(to: NodeId, near: Coordinate | undefined, colluders: Colluders): Hearsay[] {
  const { rng } = colluders;
  const entries = new Map<NodeId, Hearsay>();
  for (let count = 0; count < MAX_NAMED; count += 1) {
    const row = rng.int(3);
    const prefix = to.slice(0, row) + rng.int(COLUMNS).toString(COLUMNS);
    const point = randomIdWith(prefix, to.length, () => rng.float());
    const [closest] = colluders.closest(point, 1, to);
    const nodeId = rng.chance(INVENTED_SHARE) || closest === undefined ? point : closest;
    if (nodeId === to || sharedPrefixLength(nodeId, to) < row) continue;
    const coordinate = near ?? { x: 0, y: 0, height: NEAR_MS, error: 0.1 };
    entries.set(nodeId, { ...colluders.lifeOf(nodeId), coordinate });
  }
  return [...entries.values()];
}

/** The leaf set that a node would have if there were only colluders. */
export function cliqueLeaves(nodeId: NodeId, half: number, colluders: Colluders, except?: NodeId): Incarnation[] {
  const { cw, ccw } = colluders.ids.leafSet(nodeId, half);
  const leaves = new Set([...cw, ...ccw]);
  return [...leaves].filter((leaf) => leaf !== except).map((leaf) => colluders.lifeOf(leaf));
}

function falseLeaves(
  { failed }: LeafSetMessage,
  self: NodeId,
  to: NodeId,
  half: number,
  colluders: Colluders,
): Pick<LeafSetMessage, 'members' | 'failed'> {
  const members = cliqueLeaves(self, half, colluders, to);
  if (!colluders.rng.chance(FORGED_DEATH_SHARE)) return { members, failed };
  const { cw, ccw } = colluders.everybody.leafSet(to, half);
  const honest = [...cw, ...ccw].filter((nodeId) => !colluders.has(nodeId) && nodeId !== to);
  const victim = colluders.rng.pick(honest);
  return { members, failed: victim === undefined ? [] : [{ nodeId: victim, epoch: 1 }] };
}

function placed(handle: NodeHandle, near: Coordinate | undefined): NodeHandle {
  return near === undefined ? handle : { ...handle, coordinate: near };
}

function nearTo(place: Coordinate | undefined): Coordinate | undefined {
  return place === undefined ? undefined : { x: place.x, y: place.y, height: NEAR_MS, error: 0.05 };
}
