// The blocks of a file: its manifest, and the segments that it names.

import type { BlockRef } from '../core/past/block.ts';
import type { FileSeal } from '../vault/file-seal.ts';
import { blockRef } from './block-ref.ts';
import { segmentsOf } from './manifest.ts';
import { openManifest } from './open-manifest.ts';
import { withAbort } from './parallel.ts';
import type { FileParts } from './store-file.ts';

/** Digest and size of a segment's block. */
export type SegmentName = [digest: string, size: number];

/** The manifest first. */
export function blocksOf(fileId: string, segments: readonly Readonly<SegmentName>[], digits: number): BlockRef[] {
  return [blockRef(fileId, 0, digits), ...segments.map(([digest, size]) => blockRef(digest, size, digits))];
}

/** Asks the ring for the manifest. Rejects as a fetch does, and with a PeerError: wrong-key, corrupt. */
export async function fetchSegmentNames(
  { requests, params }: FileParts,
  fileId: string,
  seal: FileSeal,
  signal: AbortSignal | undefined,
): Promise<SegmentName[]> {
  const bytes = await withAbort(signal, (ended) => requests.fetch(blockRef(fileId, 0, params.digits), ended));
  const { size, content } = await openManifest(seal, bytes, params);
  if (content.kind === 'inline') return [];
  return segmentsOf(size, content).map((segment) => [segment.digest, segment.size + seal.overheadBytes]);
}
