// What went wrong with a file that somebody opens, and the next step: for people who were sent a link and know nothing of how it
// works.

import type { PeerErrorCode } from '../../peer/errors.ts';
import { type BrokenLink, brokenLink } from './broken-link.ts';
import { errorText } from './error-text.ts';
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
type Code = (typeof CODES)[number];

/**
 * cut, elsewhere: of a broken link. no-key: it says only which file. alone: it was not found, and nobody else is in the ring.
 * entered, invitation: it is no file's link, but an invitation, to this ring or to one elsewhere.
 */
export type OpenCase = Code | BrokenLink['kind'] | 'no-key' | 'alone' | 'entered' | 'invitation' | 'other';

/** Of a link that was opened as a file's, from `#/f/` on. */
const INVITATION = /^#\/f\/(https?:\/\/[^/]+)\/.*#\/join\/[\w-]+$/;
/** A link that is wrong stays wrong. */
const IS_HOPELESS: ReadonlySet<OpenCase> = new Set([
  ...(['bad-link', 'cut', 'elsewhere', 'wrong-key', 'no-key', 'entered', 'invitation'] as const),
]);
/** Of which the error has more to say than the problem's words. */
const HAS_MORE: ReadonlySet<OpenCase> = new Set(['corrupt', 'full', 'storage', 'other']);

interface Failed {
  readonly code: PeerErrorCode | undefined;
  readonly error: unknown;
}

/** What was opened, and where. */
interface Circumstances {
  readonly source: string;
  /** Of the page; its other rings' links are opened there. */
  readonly origin: string;
  /** Nobody else is in the ring. */
  readonly isAlone: boolean;
}

interface ToldProblem extends OpenProblem {
  /** What is wrong with this link, a sentence; empty if it says nothing. */
  readonly seen: string;
  /** What the error says, if that is more. */
  readonly exactly: string | undefined;
  /** again: another try. reload: of the page. another: nothing but another link. */
  readonly helps: 'again' | 'reload' | 'another';
}

export function openProblem(failed: Failed, circumstances: Circumstances): ToldProblem {
  const { what, seen } = caseOf(failed.code, circumstances);
  return {
    ...openMoreWords().problems[what],
    seen,
    exactly: HAS_MORE.has(what) ? moreOf(failed, what) : undefined,
    helps: IS_HOPELESS.has(what) ? 'another' : what === 'left' ? 'reload' : 'again',
  };
}

function caseOf(
  code: PeerErrorCode | undefined,
  { source, origin, isAlone }: Circumstances,
): { readonly what: OpenCase; readonly seen: string } {
  if (code === 'bad-link') {
    const inviter = INVITATION.exec(source)?.[1];
    if (inviter !== undefined) return { what: inviter === origin ? 'entered' : 'invitation', seen: '' };
    const { kind, seen } = brokenLink(source);
    return { what: kind, seen };
  }
  if (code === 'not-found' && isAlone) return { what: 'alone', seen: '' };
  if (code === 'wrong-key' && !source.includes('.')) return { what: 'no-key', seen: '' };
  return { what: CODES.find((known) => known === code) ?? 'other', seen: '' };
}

/** In a language that knows an error by its code alone, that of a known one says no more than its problem. */
function moreOf({ error }: Failed, what: OpenCase): string | undefined {
  const text = errorText(error);
  const own = error instanceof Error ? error.message : '';
  return what === 'other' || text.toLowerCase().startsWith(own.toLowerCase()) ? text : undefined;
}
