// A file's content as a stream, in its order: fetched as fast as its reader takes it, a few segments ahead.

import { plainBytes } from '../core/plain-bytes.ts';
import type { ByteProgress } from './byte-progress.ts';
import type { ByteRange, FileContent } from './file-content.ts';
import type { Segment } from './manifest.ts';
import { aborted } from './parallel.ts';
import type { RetrieveOptions } from './retrieved-file.ts';

/**
 * Each chunk is what the range has of a segment, and the reader's own. Fails with a PeerError before any wrong byte. Nothing is fetched before the
 * first is asked for; cancelling it, or `signal`, stops what is under way.
 */
export function segmentStream(
  content: FileContent,
  progress: ByteProgress,
  { signal, kept, ...range }: RetrieveOptions & ByteRange,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const ended = new AbortController();
  const have = async (segment: Segment): Promise<Uint8Array> => {
    const known = await content.kept(segment, kept);
    if (known !== undefined) return known;
    const bytes = await content.fetch(segment, 1, ended.signal);
    const [position = 0] = segment.positions;
    await kept?.put?.(position, bytes);
    return bytes;
  };
  const segments = content.inOrder(have, ended.signal, range);
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (controller) => {
        const abort = (): void => {
          ended.abort();
          controller.error(aborted());
        };
        signal?.addEventListener('abort', abort, { once: true, signal: ended.signal });
        if (signal?.aborted === true) abort();
      },
      pull: async (controller) => {
        try {
          const next = await segments.next();
          if (ended.signal.aborted) return;
          if (next.done === true) {
            ended.abort();
            return controller.close();
          }
          const { segment, position, bytes: all } = next.value;
          const bytes = all.subarray(Math.max(0, range.from - position), range.to - position);
          progress.whole(segment.digest, bytes.length);
          // The reader may take its bytes away; another place of the file, or the disk in memory of a peer, may have the same.
          controller.enqueue(
            content.isPlain || segment.positions.length > 1 || bytes.length < all.length
              ? new Uint8Array(bytes)
              : plainBytes(bytes),
          );
        } catch (error) {
          if (ended.signal.aborted) return;
          ended.abort();
          controller.error(error);
        }
      },
      cancel: () => ended.abort(),
    },
    // What waits to be read is among the segments fetched ahead, and not beside them.
    { highWaterMark: 0 },
  );
}

/** All of a small file's bytes, which came with its manifest. */
export function inlineStream(bytes: Uint8Array, progress: ByteProgress): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      progress.whole('', bytes.length);
      // An empty chunk is none.
      if (bytes.length > 0) controller.enqueue(new Uint8Array(bytes));
      controller.close();
    },
  });
}
