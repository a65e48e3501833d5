// Work that can be cancelled, and a bounded number of such works at once.

import { PeerError } from './errors.ts';

/** The reason of an abort by which the user does not give up what is being done: it has to stop now and may go on later. */
export const STOPPED = 'stopped';

/** True if the user does not want it any more, and nothing of it is to stay. */
export function isCancelled(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && signal.reason !== STOPPED;
}

/**
 * Does `work`. As soon as `signal` is aborted, rejects with a PeerError of code aborted, without waiting for `work`.
 * The signal that `work` gets is aborted when the result is decided, so that what still runs can stop.
 */
export async function withAbort<T>(
  signal: AbortSignal | undefined,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal?.aborted === true) throw aborted();
  const ended = new AbortController();
  try {
    const isAborted = new Promise<never>((_, reject) => {
      // The second signal takes this listener off the caller's, which may live on.
      signal?.addEventListener('abort', () => reject(aborted()), { once: true, signal: ended.signal });
    });
    return await Promise.race([isAborted, work(ended.signal)]);
  } finally {
    ended.abort();
  }
}

/** Calls `work` for each item, at most `limit` at once; rejects with the first rejection, or as withAbort does. */
export async function forEachParallel<T>(
  items: Iterable<T>,
  limit: number,
  signal: AbortSignal | undefined,
  work: (item: T, ended: AbortSignal) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  await withAbort(signal, async (ended) => {
    const worker = async (): Promise<void> => {
      for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
        if (ended.aborted) return;
        await work(next.value, ended);
      }
    };
    await Promise.all(Array.from({ length: limit }, worker));
  });
}

/** Calls `fire` in `delayMs` or later, unless cancelled or set anew under the same name. */
export interface Deadlines {
  after(name: string, delayMs: number, fire: () => void): void;
  cancel(name: string): void;
}

let lastDeadline = 0;

/** Does `work` as withAbort does, but for `limitMs` at most; undefined if it takes longer. */
export async function within<T>(
  deadlines: Deadlines,
  limitMs: number,
  signal: AbortSignal | undefined,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  lastDeadline += 1;
  const name = `within:${lastDeadline}`;
  const isOver = new Promise<undefined>((resolve) => deadlines.after(name, limitMs, () => resolve(undefined)));
  try {
    return await withAbort(signal, (ended) => Promise.race([work(ended), isOver]));
  } finally {
    deadlines.cancel(name);
  }
}

export function aborted(): PeerError {
  return new PeerError('aborted', 'cancelled');
}
