// Errors in words. A PeerError's message already says what happened and what to do; others get a frame.

import { PeerError } from '../../peer/errors.ts';

/** What happened and what to do, for the page. */
export function errorText(error: unknown): string {
  if (error instanceof PeerError) return error.message;
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
