// Work that can be cancelled, and a bounded number of such works at once.

import { PeerError } from './errors.ts';

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

export function aborted(): PeerError {
  return new PeerError('aborted', 'cancelled');
}
