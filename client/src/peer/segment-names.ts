// The segments of a file, by its manifest.

import type { FileSeal } from '../vault/file-seal.ts';
import { blockRef } from './block-ref.ts';
import type { SegmentName } from './file-blocks.ts';
import { segmentsOf } from './manifest.ts';
import { openManifest } from './open-manifest.ts';
import { withAbort } from './parallel.ts';
import type { FileParts } from './store-file.ts';

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
