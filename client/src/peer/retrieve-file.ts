// Retrieves a file: its manifest by the fileId, then its segments from whichever nodes hold them, several at once
// (PAST, section 2.1: lookup). Every block's digest has been checked before its bytes come here. They go on as they come, to
// a stream's reader or a sink, so that memory is bounded whatever size a manifest states.

import { plainBytes } from '../core/plain-bytes.ts';
import type { FileSeal } from '../vault/file-seal.ts';
import type { TransferOptions } from './api.ts';
import { blockRef } from './block-ref.ts';
import { ByteProgress } from './byte-progress.ts';
import { FileContent } from './file-content.ts';
import { inlineStream, segmentStream } from './file-stream.ts';
import { itemsOf } from './folder-reader.ts';
import { RETRIEVE_PARALLEL } from './limits.ts';
import type { Manifest, Segment } from './manifest.ts';
import { openManifest } from './open-manifest.ts';
import { forEachParallel, withAbort } from './parallel.ts';
import type { FileHead, FileSink, RetrievedFile, RetrieveOptions } from './retrieved-file.ts';
import { safeFileName } from './safe-file-name.ts';
import type { FileParts } from './store-file.ts';

/** Resolves once it is known what the file is. Rejects with a PeerError: not-found, wrong-key, corrupt, timed-out, left, aborted. */
export async function retrieveFile(
  parts: FileParts,
  fileId: string,
  seal: FileSeal,
  options: RetrieveOptions,
): Promise<RetrievedFile> {
  const manifest = await fetchManifest(parts, fileId, seal, options.signal);
  const { size, content } = manifest;
  const head = headOf(manifest);
  const file: RetrievedFile = {
    ...head,
    stream: (part) => {
      const wishes = { from: 0, to: size, ...options, ...part };
      const progress = new ByteProgress(wishes.to - wishes.from, wishes.onProgress);
      if (content.kind === 'inline') return inlineStream(content.bytes.subarray(wishes.from, wishes.to), progress);
      return segmentStream(
        new FileContent(parts, size, content, seal, { progress, going: wishes.going }),
        progress,
        wishes,
      );
    },
    blob: async () => {
      const pieceByPosition = new Map<number, Blob>();
      await fetchContent(parts, manifest, seal, options, {
        isSequential: false,
        // Blobs, so that the browser may move them out of memory; one for all places at which the same bytes stand.
        write: async (bytes, positions) => {
          const piece = new Blob([plainBytes(bytes)]);
          for (const position of positions) pieceByPosition.set(position, piece);
        },
      });
      const pieces = [...pieceByPosition].sort(([a], [b]) => a - b).map(([, piece]) => piece);
      return new Blob(pieces, { type: head.type });
    },
  };
  return head.folder === undefined ? file : { ...file, entries: () => itemsOf(file, options.signal) };
}

/** Rejects as retrieveFile does, and with what `begin` or the sink rejects with. */
export async function retrieveInto(
  parts: FileParts,
  fileId: string,
  seal: FileSeal,
  begin: (head: FileHead) => Promise<FileSink>,
  options: TransferOptions,
): Promise<FileHead> {
  const manifest = await fetchManifest(parts, fileId, seal, options.signal);
  const head = headOf(manifest);
  await fetchContent(parts, manifest, seal, options, await begin(head));
  return head;
}

async function fetchManifest(
  { requests, params }: FileParts,
  fileId: string,
  seal: FileSeal,
  signal: AbortSignal | undefined,
): Promise<Manifest> {
  const block = blockRef(fileId, 0, params.digits);
  const bytes = await withAbort(signal, (ended) => requests.fetch(block, ended));
  return openManifest(seal, bytes, params);
}

function headOf({ name, type, size, folder }: Manifest): FileHead {
  return { name: safeFileName(name), type, size, folder };
}

async function fetchContent(
  parts: FileParts,
  { size, content }: Manifest,
  seal: FileSeal,
  { onProgress, signal, going }: RetrieveOptions,
  sink: FileSink,
): Promise<void> {
  const progress = new ByteProgress(size, onProgress);
  if (content.kind === 'inline') {
    await sink.write(content.bytes, [0]);
    return progress.whole('', content.bytes.length);
  }
  const file = new FileContent(parts, size, content, seal, { progress, going });
  if (sink.isSequential) return writeInOrder(file, size, progress, signal, sink);
  await forEachParallel(file.segments, RETRIEVE_PARALLEL, signal, async (segment, ended) => {
    const { digest, positions } = segment;
    const kept = await file.kept(segment, sink.kept);
    if (ended.aborted) return;
    const bytes = kept ?? (await file.fetch(segment, positions.length, ended));
    if (ended.aborted) return;
    const missing = kept === undefined ? positions : positions.slice(1);
    if (missing.length > 0) await sink.write(bytes, missing);
    progress.whole(digest, bytes.length * positions.length);
  });
}

async function writeInOrder(
  file: FileContent,
  size: number,
  progress: ByteProgress,
  signal: AbortSignal | undefined,
  sink: FileSink,
): Promise<void> {
  await withAbort(signal, async (ended) => {
    const fetch = (segment: Segment): Promise<Uint8Array> => file.fetch(segment, 1, ended);
    for await (const { segment, position, bytes } of file.inOrder(fetch, ended, { from: 0, to: size })) {
      await sink.write(bytes, [position]);
      progress.whole(segment.digest, bytes.length);
    }
  });
}
