// Stores a file: cuts it into segments, stores each under its digest, and last the manifest that names them
// (PAST, section 2.1: insert). A few segments travel at once; the file is never in memory as a whole. Segments and manifest
// go through the file's seal, so that holders see of a private file only what the seal makes of it.

import { type BlockRef, saltOf } from '../core/past/block.ts';
import type { RingParams } from '../core/pastry/params.ts';
import type { FileSeal, Place } from '../vault/file-seal.ts';
import type { DeriveSeal } from '../vault/private-seal.ts';
import type { FileSource, TransferOptions } from './api.ts';
import { blockRef, type Salts } from './block-ref.ts';
import { ByteProgress } from './byte-progress.ts';
import { CopyTally } from './copy-tally.ts';
import { PeerError } from './errors.ts';
import type { SegmentName } from './file-blocks.ts';
import type { LeaseTerms } from './lease-signer.ts';
import { MAX_INLINE_BYTES, STORE_PARALLEL } from './limits.ts';
import { encodeManifest, type Manifest, maxFileBytes, segmentCount, segmentsOf } from './manifest.ts';
import { type Deadlines, forEachParallel, withAbort } from './parallel.ts';
import type { Sha256 } from './ports.ts';
import type { Requests, Stored, StoredBlock } from './requests.ts';
import type { StoreJournal, StoreJournals } from './store-journal.ts';
import type { StoreLeases } from './store-leases.ts';

export interface FileParts {
  /** Undefined: a store that is broken off is begun anew. */
  readonly journals?: StoreJournals | undefined;
  readonly requests: Requests;
  readonly sha256: Sha256;
  /** Undefined: the platform's best. */
  readonly deriveSeal?: DeriveSeal | undefined;
  readonly params: RingParams;
  readonly deadlines: Deadlines;
}

export interface StoredBlocks {
  readonly fileId: string;
  /** Of the manifest. */
  readonly stored: Stored;
  readonly segments: readonly SegmentName[];
  /** Of those blocks that are not at their first places. */
  readonly salts: Salts;
  /** Goes on counting after the store is acknowledged. */
  readonly tally: CopyTally;
  /** For how long its blocks are kept. */
  readonly terms: LeaseTerms;
}

/** What is written of a store while it is under way. */
export interface StoreBooks {
  readonly leases: StoreLeases;
  /** Undefined: if it is broken off it is begun anew. */
  readonly journal: StoreJournal | undefined;
}

/** The file's key has sealed other bytes before, or it is not known what: nothing more may be sealed with it. */
export class KeyIsUsed extends Error {}

/** Resolves once a quorum holds every block. Rejects with KeyIsUsed if the journal does not agree, and with a PeerError: too-large, storage, full, timed-out, left, aborted. */
export async function storeFile(
  parts: FileParts,
  file: FileSource,
  seal: FileSeal,
  options: TransferOptions,
  books: StoreBooks,
): Promise<StoredBlocks> {
  const { requests, sha256, params } = parts;
  const maxBytes = maxFileBytes(params.segmentBytes - seal.overheadBytes);
  if (file.size > maxBytes)
    throw new PeerError('too-large', `the file has ${file.size} bytes; this ring takes files up to ${maxBytes}`);
  const tally = new CopyTally();
  const salts: Record<string, number> = {};
  const { name, type, size } = file;
  const progress = new ByteProgress(size, options.onProgress);
  const content =
    size <= MAX_INLINE_BYTES
      ? ({ kind: 'inline', bytes: await readSlice(file, 0, size) } as const)
      : await storeSegments(parts, file, seal, options.signal, { tally, progress, salts, ...books });
  const folder = file.folder?.();
  const bytes = await seal.sealManifest(encodeManifest({ name, type, size, content, folder }));
  const fileId = await sha256(bytes);
  const block = blockRef(fileId, bytes.length, params.digits);
  const lease = await books.leases.lease(fileId, content.kind === 'inline' ? 'whole' : 'short');
  const stored = await withAbort(options.signal, (ended) =>
    requests.store(
      { block, lease },
      async () => bytes,
      ended,
      (copies) => tally.set(fileId, copies),
    ),
  );
  const isWhole = content.kind === 'inline';
  noteSalt(salts, stored.block);
  if (!isWhole) await withAbort(options.signal, (ended) => books.leases.stored(stored.block, ended));
  const terms = await books.leases.finish(options.signal);
  if (isWhole) progress.whole('', size);
  const segments: SegmentName[] =
    content.kind === 'inline'
      ? []
      : segmentsOf(size, content).map((segment) => [segment.digest, segment.size + seal.overheadBytes]);
  return { fileId, stored, segments, salts, tally, terms };
}

interface Books extends StoreBooks {
  readonly tally: CopyTally;
  readonly progress: ByteProgress;
  readonly salts: Record<string, number>;
}

async function storeSegments(
  { requests, sha256, params }: FileParts,
  file: FileSource,
  seal: FileSeal,
  signal: AbortSignal | undefined,
  { tally, progress, salts, leases, journal }: Books,
): Promise<Manifest['content']> {
  const { digits } = params;
  const segmentBytes = params.segmentBytes - seal.overheadBytes;
  const digests = Array.from({ length: segmentCount(file.size, segmentBytes) }, () => '');
  // A segment that occurs twice in the file is stored once.
  const storedByDigest = new Map<string, Promise<StoredBlock>>();
  await forEachParallel(digests.keys(), STORE_PARALLEL, signal, async (index, ended) => {
    const start = index * segmentBytes;
    const end = Math.min(file.size, start + segmentBytes);
    const place: Place = { index, isLast: end === file.size };
    const read = async (): Promise<Uint8Array> => seal.sealSegment(place, await readSlice(file, start, end));
    let bytes: Uint8Array | undefined = await read();
    const digest = await sha256(bytes);
    digests[index] = digest;
    await noted(journal, index, digest);
    if (ended.aborted) return;
    let stored = storedByDigest.get(digest);
    if (stored === undefined) {
      // From memory until the quorum; after that a late copy is read from the file once more.
      const source = async (): Promise<Uint8Array> => bytes ?? unchanged(file, await read(), digest, sha256);
      const block = blockRef(digest, bytes.length, digits);
      const lease = leases.lease(digest, 'short');
      const copied = (copies: number): void => tally.set(digest, copies);
      const travelled = (bytes: number): void => progress.travelling(digest, bytes, end - start);
      stored = lease.then((signed) => requests.store({ block, lease: signed }, source, ended, copied, travelled));
      storedByDigest.set(digest, stored);
      const { block: placed } = await stored;
      noteSalt(salts, placed);
      await leases.stored(placed, ended);
    }
    await stored;
    bytes = undefined;
    progress.whole(digest, end - start);
  });
  return { kind: 'segments', segmentBytes, digests };
}

function noteSalt(salts: Record<string, number>, block: BlockRef): void {
  const salt = saltOf(block) ?? 0;
  if (salt > 0) salts[block.digest] = salt;
}

/** Before the segment leaves this node. A segment that the ring has already is offered, and not sent. */
async function noted(journal: StoreJournal | undefined, index: number, digest: string): Promise<void> {
  let agrees: boolean | undefined;
  try {
    agrees = await journal?.agrees(index, digest);
  } catch (error) {
    throw new KeyIsUsed('what the key seals cannot be noted', { cause: error });
  }
  if (agrees === false) throw new KeyIsUsed('the file is another one than before');
}

/** Other bytes than were stored must not leave this node: sealed under the same key and place they would betray both. */
async function unchanged(file: FileSource, bytes: Uint8Array, digest: string, sha256: Sha256): Promise<Uint8Array> {
  if ((await sha256(bytes)) === digest) return bytes;
  throw new PeerError('storage', `"${file.name}" has changed since it was stored: store it again`);
}

async function readSlice(file: FileSource, start: number, end: number): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch (error) {
    // Who gave it knows more.
    if (error instanceof PeerError) throw error;
    throw new PeerError('storage', `"${file.name}" cannot be read; was it changed or removed? Choose it again`, error);
  }
  if (bytes.length === end - start) return bytes;
  throw new PeerError('storage', `"${file.name}" has changed while it was being read: choose it again`);
}
