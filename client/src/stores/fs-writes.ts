// The writes to a directory that its process gives back one day: one at a time, in order, and none once it is closed, since another
// process may have it then.

import { PeerError } from '../peer/errors.ts';

export class FsWrites {
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** Rejects as `write` does, and with a PeerError: storage (closed). */
  run(write: () => Promise<void>): Promise<void> {
    if (this.#isClosed) return Promise.reject(new PeerError('storage', 'the directory has been closed'));
    const done = this.#last.catch(() => undefined).then(write);
    this.#last = done;
    return done;
  }

  /** Waits for what is being written, and for what is written as soon as that is done. */
  async close(): Promise<void> {
    for (let awaited: Promise<void> | undefined; awaited !== this.#last; ) {
      awaited = this.#last;
      await awaited.catch(() => undefined);
    }
    this.#isClosed = true;
  }
}
