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

/**
 * alone: it was not found, and nobody else is in the ring. entered, invitation: it is no file's link, but an invitation, to this
 * ring or to one elsewhere.
 */
export type OpenCase = (typeof CODES)[number] | 'alone' | 'entered' | 'invitation' | 'other';

/** Of a link that was opened as a file's, from `#/f/` on. */
const INVITATION = /^#\/f\/(https?:\/\/[^/]+)\/.*#\/join\/[\w-]+$/;

/** `source`: what was opened. `origin`: of the page; its other rings' links are opened there. `isAlone`: nobody else is in the ring. */
export function openProblem(
  code: PeerErrorCode | undefined,
  { source, origin, isAlone }: { readonly source: string; readonly origin: string; readonly isAlone: boolean },
): OpenProblem {
  const { problems } = openMoreWords();
  if (code === 'not-found' && isAlone) return problems.alone;
  const inviter = code === 'bad-link' ? INVITATION.exec(source)?.[1] : undefined;
  if (inviter !== undefined) return inviter === origin ? problems.entered : problems.invitation;
  return problems[CODES.find((known) => known === code) ?? 'other'];
}
