// Errors in words. A PeerError's message already says what happened and what to do; others get a frame.

import { PeerError } from '../../peer/errors.ts';

/** What happened and what to do, for the page. */
export function errorText(error: unknown): string {
  if (error instanceof PeerError) return sentence(error.message);
  // A file chosen and then changed, moved or deleted: the browser says so by this name.
  if (error instanceof DOMException && error.name === 'NotReadableError') {
    return 'The file can no longer be read: it was changed, moved or deleted after you chose it. Choose it again.';
  }
  const what = error instanceof Error ? error.message : String(error);
  return `Something unexpected went wrong: ${what}. Try again; if it happens again, reload the page.`;
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
