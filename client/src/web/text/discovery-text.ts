// How this tab stands with the Discovery node, in words: as a state, and as news for the event log.

import type { DiscoveryStanding, RefusalReason } from '../../peer/api.ts';
import { refusalText } from './refusal-text.ts';
import { troubleWords } from './words/en/trouble.ts';

export interface DiscoveryState {
  readonly state: DiscoveryStanding;
  readonly message: string;
  readonly reason?: RefusalReason | undefined;
}

/** A line without a full stop. */
export function standingText(standing: DiscoveryState): string {
  const why = reasonOf(standing);
  return troubleWords().standings[standing.state](why === '' ? '' : `: ${why}`);
}

/** The same for who never heard of a Discovery node. */
export function serverText(standing: DiscoveryState): string {
  return troubleWords().plain(standingText(standing));
}

/** Sentences. */
export function standingNews(standing: DiscoveryState): string {
  const words = troubleWords();
  const { state } = standing;
  const why = reasonOf(standing);
  const detail = why === '' ? '' : ` ${why}`;
  if (state === 'away') return `${words.newsAway}${detail}`;
  if (state === 'removed') return `${words.newsRemoved}${detail}`;
  return state === 'registered' ? `${standingText(standing)}.${detail}` : `${standingText(standing)}.`;
}

function reasonOf({ state, message, reason }: DiscoveryState): string {
  const words = troubleWords();
  // The only thing that it ever says of it.
  if (state === 'registered') return message === '' ? '' : words.renewed;
  if (state === 'removed' && message === '') return words.noReason;
  return reason === undefined ? message : refusalText(reason, message, words.refusals);
}
