// Errors in words. A PeerError's message already says in English what happened and what to do; in other languages its code does.

import { PeerError } from '../../peer/errors.ts';
import { transferWords } from './words/en/transfer.ts';

/** Something that the page itself refuses, as a value. */
export class PageError extends Error {
  readonly what: LeftOut;

  constructor(what: LeftOut) {
    super('left out');
    this.what = what;
  }
}

/** `why`: of one file, in English. Undefined of the rest. */
interface LeftOut {
  readonly why: string | undefined;
}

/** What happened and what to do, for the page. */
export function errorText(error: unknown): string {
  const words = transferWords();
  if (error instanceof PeerError) return sentence(words.error(error.code, error.message));
  if (error instanceof PageError)
    return error.what.why === undefined ? words.leftOutMore : words.leftOut(error.what.why);
  // A file chosen and then changed, moved or deleted: the browser says so by this name.
  if (error instanceof DOMException && error.name === 'NotReadableError') return words.fileChanged;
  return words.unexpected(error instanceof Error ? error.message : String(error));
}

/** True if the user stopped it: no error to show. */
export function isAborted(error: unknown): boolean {
  return (
    (error instanceof PeerError && error.code === 'aborted') || (error instanceof Error && error.name === 'AbortError')
  );
}

/** A message as a sentence of its own: programs print it after a colon, the page does not. */
function sentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}
