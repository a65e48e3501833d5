// What a colluder answers for keys that are not its own: it is the root, the nodes round the key are colluders, and a block
// is with them.

import { isCloser, type Key, type NodeId, randomIdWith } from '../../core/pastry/id.ts';
import type { ReplyPayload, Routed } from '../../core/pastry/messages.ts';
import type { Colluders, Plan } from './colluders.ts';
import { cliqueLeaves, named } from './twist.ts';

/** Of a block, and rows of a join: as many as an honest node might name. */
const HOLDERS = 4;
const ROWS = 3;

type Claim = Extract<Plan, { type: 'claim' }>;

/** Names in the answer to who is closest to a key, and the share of them that are made up, beside the key, in a clique. */
const NAMED = 16;
const INVENTED_SHARE = 0.5;

/**
 * Whom a colluder names as closest to a key. clique: colluders alone, and nodes that do not exist but would be closer than all
 * others. thin: colluders, and of the others those that are farther away than the closest of them.
 */
export function falseClosest(key: Key, self: NodeId, plan: Plan, colluders: Colluders): NodeId[] {
  const { rng, everybody } = colluders;
  const [closest] = colluders.closest(key, 1);
  if (plan.type === 'claim' && plan.neighbours === 'thin' && closest !== undefined) {
    const all = everybody.closest(key, 2 * NAMED).filter((nodeId) => nodeId !== self);
    return all.filter((nodeId) => colluders.has(nodeId) || isCloser(key, closest, nodeId)).slice(0, NAMED);
  }
  const beside = key.slice(0, Math.min(6, key.length - 1));
  return colluders.closest(key, NAMED, self).map((nodeId) => {
    return rng.chance(INVENTED_SHARE) ? randomIdWith(beside, key.length, () => rng.float()) : nodeId;
  });
}

/** `route` ends with the colluder that answers; undefined: nothing is said. */
export function falseAnswer(
  { key, payload }: Routed,
  route: readonly NodeId[],
  { as }: Claim,
  half: number,
  colluders: Colluders,
): ReplyPayload | undefined {
  switch (payload.kind) {
    case 'lookup':
      return { kind: 'found', route };
    case 'locate':
      return { kind: 'holders', holders: colluders.rng.chance(0.5) ? colluders.closest(key, HOLDERS) : [], route };
    case 'join': {
      const { nodeId, coordinate } = payload.joiner;
      const rows = Array.from({ length: ROWS }, () => named(nodeId, coordinate, colluders));
      const leafSet = [colluders.lifeOf(as), ...cliqueLeaves(nodeId, half, colluders, as)];
      return { kind: 'welcome', rows, leafSet: leafSet.filter((life) => life.nodeId !== nodeId), route };
    }
    default:
      return undefined;
  }
}
