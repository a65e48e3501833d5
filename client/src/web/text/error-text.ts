// Errors in words. A PeerError's message already says in English what happened and what to do; in other languages its code does.

import { PeerError } from '../../peer/errors.ts';
import { PageError } from './page-error.ts';
import { troubleWords } from './words/en/trouble.ts';

/** What happened and what to do, for the page. */
export function errorText(error: unknown): string {
  const words = troubleWords();
  if (error instanceof PeerError) return sentence(words.error(error.code, error.message));
  if (error instanceof PageError)
    return error.what.why === undefined ? words.leftOutMore : words.leftOut(error.what.why);
  // A file chosen and then changed, moved or deleted: the browser says so by this name.
  if (error instanceof DOMException && error.name === 'NotReadableError') return words.fileChanged;
  return words.unexpected(error instanceof Error ? error.message : String(error));
}

/** A message as a sentence of its own: programs print it after a colon, the page does not. */
function sentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}
