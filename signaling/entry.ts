// The door of a closed ring: a registration gets through with a proof of its password or of an invitation. Neither is here:
// what is kept of each checks proofs and makes none.

import type { TokenBucket } from '../client/src/core/token-bucket.ts';
import { type EntryTerms, type EntryVerifier, entryAnswer } from '../client/src/trust/ring-entry.ts';
import { entryStatement } from '../client/src/trust/statement.ts';
import type { RegisterRequest } from './protocol.ts';
import { type Answered, refused } from './refusals.ts';

export interface EntryRules {
  readonly terms: EntryTerms;
  /** Of the password and of each invitation; none: nobody gets in. */
  readonly verifiers: readonly EntryVerifier[];
}

/** Who asks, and on what connection. */
interface Caller {
  readonly ringKey: string;
  readonly challenge: string;
  /** Of its address: what it may still guess wrongly. */
  readonly wrongEntries: TokenBucket;
  readonly now: number;
}

/** What proves to a tab that its proof could be checked here. */
export function checkEntry(
  { verifiers }: EntryRules,
  { entry, signKey }: Pick<RegisterRequest, 'entry' | 'signKey'>,
  { ringKey, challenge, wrongEntries, now }: Caller,
): Answered<string> {
  if (entry === undefined) {
    return refused('entry-wanted', 'This ring is closed: its password or an invitation opens it. Ask who runs it.');
  }
  // Asked before anything is checked: who has guessed too often must not find out that he is right now.
  const waitSeconds = wrongEntries.secondsUntilNext(now);
  if (waitSeconds > 0) {
    const problem = 'Too many wrong passwords have come from your network address.';
    return refused('rate-limited', `${problem} Try again in ${waitSeconds} seconds.`, { retrySeconds: waitSeconds });
  }
  const text = entryStatement(ringKey, challenge, signKey);
  for (const verifier of verifiers) {
    const answer = entryAnswer(verifier, text, entry);
    if (answer !== undefined) return { answer };
  }
  wrongEntries.take(now);
  return refused('entry-wrong', 'That is not this ring’s password, or the invitation has been taken back.');
}
