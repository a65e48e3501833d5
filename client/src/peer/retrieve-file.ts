// Retrieves a file: its manifest by the fileId, then its segments from whichever nodes hold them, several at once
// (PAST, section 2.1: lookup). Every block's digest has been checked before its bytes come here.

import type { RetrievedFile, TransferOptions } from './api.ts';
import { blockRef } from './block-ref.ts';
import { plainBytes } from './bytes.ts';
import { PeerError } from './errors.ts';
import { RETRIEVE_PARALLEL } from './limits.ts';
import { decodeManifest, type Manifest } from './manifest.ts';
import { forEachParallel, withAbort } from './parallel.ts';
import { safeFileName } from './safe-file-name.ts';
import type { FileParts } from './store-file.ts';

/** Takes segments as they arrive, in any order. A sink that writes to disk would bound memory for any size. */
type SegmentSink = (index: number, bytes: Uint8Array) => void;

/** Rejects with a PeerError: not-found, corrupt, timed-out, left, aborted. */
export async function retrieveFile(parts: FileParts, fileId: string, options: TransferOptions): Promise<RetrievedFile> {
  const { requests, params } = parts;
  const block = blockRef(fileId, 0, params.digits);
  const bytes = await withAbort(options.signal, (ended) => requests.fetch(block, ended));
  const manifest = decodeManifest(bytes, params.segmentBytes);
  const { name, type, size } = manifest;
  // Blobs, so that the browser may move them out of memory.
  const pieces: Blob[] = [];
  await fetchContent(parts, manifest, options, (index, bytes) => {
    pieces[index] = new Blob([plainBytes(bytes)]);
  });
  return { name: safeFileName(name), type, size, blob: async () => new Blob(pieces, { type }) };
}

async function fetchContent(
  { requests, params }: FileParts,
  { size, content }: Manifest,
  { onProgress, signal }: TransferOptions,
  sink: SegmentSink,
): Promise<void> {
  let doneBytes = 0;
  const take = (index: number, bytes: Uint8Array): void => {
    sink(index, bytes);
    doneBytes += bytes.length;
    onProgress?.({ doneBytes, totalBytes: size });
  };
  onProgress?.({ doneBytes, totalBytes: size });
  if (content.kind === 'inline') return take(0, content.bytes);
  const { segmentBytes, digests } = content;
  await forEachParallel(digests.entries(), RETRIEVE_PARALLEL, signal, async ([index, digest], ended) => {
    const expectedBytes = Math.min(segmentBytes, size - index * segmentBytes);
    const bytes = await requests.fetch(blockRef(digest, expectedBytes, params.digits), ended);
    if (bytes.length !== expectedBytes) throw new PeerError('corrupt', 'the file is not as long as it says');
    take(index, bytes);
  });
}
