// Which errors the page makes itself, and which are none to it.

import { PeerError } from '../../peer/errors.ts';

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

/** True if the user stopped it: no error to show. */
export function isAborted(error: unknown): boolean {
  return (
    (error instanceof PeerError && error.code === 'aborted') || (error instanceof Error && error.name === 'AbortError')
  );
}
