// What became of the id that a node had or asked for, in one line.

import type { FormerLife, IdentityOutcome } from '../stores/identity-lease.ts';

/** Undefined if all is as the user expects. */
export function identityText({ nodeId, wantedId, former, refusal, blocks }: IdentityOutcome): string | undefined {
  if (former !== undefined && former.nodeId !== nodeId) {
    const held =
      blocks === 0 ? '' : `; what it held goes on with it (${blocks === 1 ? '1 block' : `${blocks} blocks`})`;
    return `this node was ${former.nodeId} and is ${nodeId} from now on: ${reason(former, refusal)}${held}`;
  }
  if (former?.isStandIn === true && wantedId !== undefined) {
    return `${wantedId} was not given to this node before, so it goes on as ${nodeId}`;
  }
  if (wantedId === undefined || refusal === undefined) return undefined;
  return refusal === 'taken'
    ? `another node has the id asked for, so this one got ${nodeId}`
    : `the Discovery node lets nobody choose an id from where this node is, so it got ${nodeId}`;
}

function reason({ keys }: FormerLife, refusal: IdentityOutcome['refusal']): string {
  if (keys === 'lost') return 'the keys that prove the right to the old id are gone';
  if (refusal === 'taken') return 'another node has the old id by now';
  return keys === 'never'
    ? 'an earlier version of Tabring kept no keys that prove the right to the old id, and the Discovery node lets nobody choose one from here'
    : 'the Discovery node does not know the old id any more, and lets nobody choose one from here';
}
