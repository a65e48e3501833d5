// What went wrong with a file that somebody opens, and the next step: for people who were sent a link and know nothing of how it
// works.

import type { PeerErrorCode } from '../../peer/errors.ts';
import { type OpenProblem, openMoreWords } from './words/en/open-more.ts';

const CODES = [
  'bad-link',
  'wrong-key',
  'not-found',
  'timed-out',
  'corrupt',
  'full',
  'storage',
  'left',
] as const satisfies readonly PeerErrorCode[];

/** alone: it was not found, and nobody else is in the ring. */
export type OpenCase = (typeof CODES)[number] | 'alone' | 'other';

/** `isAlone`: nobody else is in the ring. */
export function openProblem(code: PeerErrorCode | undefined, isAlone: boolean): OpenProblem {
  const { problems } = openMoreWords();
  if (code === 'not-found' && isAlone) return problems.alone;
  return problems[CODES.find((known) => known === code) ?? 'other'];
}
