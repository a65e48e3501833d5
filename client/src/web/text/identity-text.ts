// What became of the id that a tab had or asked for, in words. Pure.

import type { FormerLife, IdentityOutcome } from '../../stores/identity-lease.ts';
import { formatCount, shortId } from './format.ts';

/** Undefined if all is as the user expects. */
export function identityText(facts: IdentityOutcome): string | undefined {
  // A short id brings its own dots.
  return sentences(facts)?.replaceAll('….', '…');
}

function sentences(facts: IdentityOutcome): string | undefined {
  const { nodeId, wantedId, former, refusal } = facts;
  if (former !== undefined && former.nodeId !== nodeId) return changedText(former, facts);
  if (former?.isStandIn === true && wantedId !== undefined) {
    return `The address asks for the id ${shortId(wantedId)}, which was not given to this tab before, so it goes on as ${shortId(nodeId)}. To ask again, open the address in a new tab.`;
  }
  if (wantedId === undefined || refusal === undefined) return undefined;
  return refusal === 'taken'
    ? `The id ${shortId(wantedId)} belongs to another tab, so this one got ${shortId(nodeId)} instead.`
    : `The Discovery node lets nobody choose an id from where you are, so this tab got ${shortId(nodeId)} instead of ${shortId(wantedId)}.`;
}

function changedText(former: FormerLife, { nodeId, refusal, blocks }: IdentityOutcome): string {
  const held = blocks === 0 ? '' : ` What it held goes on with it: ${formatCount(blocks, 'block')}.`;
  return `This tab was ${shortId(former.nodeId)} and is ${shortId(nodeId)} from now on: ${reason(former, refusal)}.${held}`;
}

function reason({ keys }: FormerLife, refusal: IdentityOutcome['refusal']): string {
  if (keys === 'lost') return 'this browser no longer has the keys that prove the right to the old id';
  if (refusal === 'taken') return 'the old id belongs to another tab by now';
  return keys === 'never'
    ? 'an earlier version of Tabring kept no keys that prove the right to the old id, and the Discovery node lets nobody choose one from where you are'
    : 'the Discovery node does not know the old id any more, and lets nobody choose one from where you are';
}
