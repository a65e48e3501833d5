// What became of the id that a tab had or asked for, in words.

import type { FormerLife, IdentityOutcome } from '../../stores/identity-lease.ts';
import { shortId, withoutDoubledDots } from './short-id.ts';
import { troubleWords } from './words/en/trouble.ts';

/** Undefined if all is as the user expects. */
export function identityText(facts: IdentityOutcome): string | undefined {
  const said = sentences(facts);
  return said && withoutDoubledDots(said);
}

function sentences(facts: IdentityOutcome): string | undefined {
  const words = troubleWords();
  const { nodeId, wantedId, former, refusal } = facts;
  const id = shortId(nodeId);
  if (former !== undefined && former.nodeId !== nodeId) return changedText(former, facts);
  if (former?.isStandIn === true && wantedId !== undefined) return words.goesOnAs(shortId(wantedId), id);
  if (wantedId === undefined || refusal === undefined) return undefined;
  return refusal === 'taken' ? words.idTaken(shortId(wantedId), id) : words.idNotFree(shortId(wantedId), id);
}

function changedText(former: FormerLife, { nodeId, refusal, blocks }: IdentityOutcome): string {
  const words = troubleWords();
  const changed = words.idChanged(shortId(former.nodeId), shortId(nodeId), reason(former, refusal));
  return blocks === 0 ? changed : `${changed}${words.whatItHeld(blocks)}`;
}

function reason({ keys }: FormerLife, refusal: IdentityOutcome['refusal']): string {
  const words = troubleWords();
  if (keys === 'lost') return words.keysLost;
  if (refusal === 'taken') return words.oldIdTaken;
  return keys === 'never' ? words.keysNever : words.oldIdUnknown;
}
