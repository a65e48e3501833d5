// Stores a file: cuts it into segments, stores each under its digest, and last the manifest that names them
// (PAST, section 2.1: insert). A few segments travel at once; the file is never in memory as a whole.

import type { RingParams } from '../core/pastry/params.ts';
import type { FileSource, TransferOptions } from './api.ts';
import { blockRef } from './block-ref.ts';
import { CopyTally } from './copy-tally.ts';
import { PeerError } from './errors.ts';
import { MAX_INLINE_BYTES, STORE_PARALLEL } from './limits.ts';
import { encodeManifest, type Manifest, maxFileBytes, segmentCount } from './manifest.ts';
import { forEachParallel, withAbort } from './parallel.ts';
import type { Sha256 } from './ports.ts';
import type { Requests, Stored } from './requests.ts';

export interface FileParts {
  readonly requests: Requests;
  readonly sha256: Sha256;
  readonly params: RingParams;
}

export interface StoredBlocks {
  readonly fileId: string;
  /** Of the manifest. */
  readonly stored: Stored;
  /** Goes on counting after the store is acknowledged. */
  readonly tally: CopyTally;
}

/** Resolves once a quorum holds every block. Rejects with a PeerError: too-large, storage, full, timed-out, left, aborted. */
export async function storeFile(parts: FileParts, file: FileSource, options: TransferOptions): Promise<StoredBlocks> {
  const { requests, sha256, params } = parts;
  const maxBytes = maxFileBytes(params.segmentBytes);
  if (file.size > maxBytes)
    throw new PeerError('too-large', `the file has ${file.size} bytes; this ring takes files up to ${maxBytes}`);
  const tally = new CopyTally();
  const { name, type, size } = file;
  options.onProgress?.({ doneBytes: 0, totalBytes: size });
  const content =
    size <= MAX_INLINE_BYTES
      ? ({ kind: 'inline', bytes: await readSlice(file, 0, size) } as const)
      : await storeSegments(parts, file, options, tally);
  const bytes = encodeManifest({ name, type, size, content });
  const fileId = await sha256(bytes);
  const block = blockRef(fileId, bytes.length, params.digits);
  const stored = await withAbort(options.signal, (ended) =>
    requests.store(
      block,
      async () => bytes,
      ended,
      (copies) => tally.set(fileId, copies),
    ),
  );
  options.onProgress?.({ doneBytes: size, totalBytes: size });
  return { fileId, stored, tally };
}

async function storeSegments(
  { requests, sha256, params }: FileParts,
  file: FileSource,
  { onProgress, signal }: TransferOptions,
  tally: CopyTally,
): Promise<Manifest['content']> {
  const { segmentBytes, digits } = params;
  const digests = Array.from({ length: segmentCount(file.size, segmentBytes) }, () => '');
  // A segment that occurs twice in the file is stored once.
  const storedByDigest = new Map<string, Promise<Stored>>();
  let doneBytes = 0;
  await forEachParallel(digests.keys(), STORE_PARALLEL, signal, async (index, ended) => {
    const start = index * segmentBytes;
    const end = Math.min(file.size, start + segmentBytes);
    let bytes: Uint8Array | undefined = await readSlice(file, start, end);
    const digest = await sha256(bytes);
    digests[index] = digest;
    let stored = storedByDigest.get(digest);
    if (stored === undefined) {
      // From memory until the quorum; after that a late copy is read from the file once more.
      const source = async (): Promise<Uint8Array> => bytes ?? readSlice(file, start, end);
      const block = blockRef(digest, end - start, digits);
      stored = requests.store(block, source, ended, (copies) => tally.set(digest, copies));
      storedByDigest.set(digest, stored);
    }
    await stored;
    bytes = undefined;
    doneBytes += end - start;
    onProgress?.({ doneBytes, totalBytes: file.size });
  });
  return { kind: 'segments', segmentBytes, digests };
}

async function readSlice(file: FileSource, start: number, end: number): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch (error) {
    throw new PeerError('storage', `"${file.name}" cannot be read; was it changed or removed? Choose it again`, error);
  }
  if (bytes.length === end - start) return bytes;
  throw new PeerError('storage', `"${file.name}" has changed while it was being read: choose it again`);
}
