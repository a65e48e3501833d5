// The content of a file, segment by segment, verified: from what an earlier try has left here, else from the ring
// (PAST, section 2.1: lookup). The file's seal opens what it sealed; nothing else is handed on.

import type { FileSeal, Place } from '../vault/file-seal.ts';
import { blockRef } from './block-ref.ts';
import type { ByteProgress } from './byte-progress.ts';
import { PeerError } from './errors.ts';
import type { KeptParts } from './kept-parts.ts';
import { RETRIEVE_PARALLEL } from './limits.ts';
import { type Manifest, type Segment, segmentsOf } from './manifest.ts';
import type { RetrieveOptions } from './retrieved-file.ts';
import type { FileParts } from './store-file.ts';

type Segmented = Extract<Manifest['content'], { readonly kind: 'segments' }>;

/** Bytes of a file: the first, and the one after the last. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

export class FileContent {
  /** Each once, by where it stands first. */
  readonly segments: readonly Segment[];
  readonly #parts: FileParts;
  readonly #seal: FileSeal;
  readonly #content: Segmented;
  readonly #progress: ByteProgress;
  readonly #going: RetrieveOptions['going'];

  constructor(
    parts: FileParts,
    size: number,
    content: Segmented,
    seal: FileSeal,
    { progress, going }: { readonly progress: ByteProgress; readonly going: RetrieveOptions['going'] },
  ) {
    this.#parts = parts;
    this.#seal = seal;
    this.#content = content;
    this.#progress = progress;
    this.#going = going;
    this.segments = segmentsOf(size, content);
  }

  /** What is fetched are the blocks' own bytes. */
  get isPlain(): boolean {
    return this.#seal.isPlain;
  }

  /** Its bytes from the ring. Rejects with a PeerError: not-found, corrupt, timed-out, left, aborted. */
  async fetch(segment: Segment, places: number, ended: AbortSignal): Promise<Uint8Array> {
    const { requests, params } = this.#parts;
    const { digest, size } = segment;
    // What is sealed for one place opens at no other.
    if (!this.#seal.isPlain && segment.positions.length > 1) throw forged();
    await this.#going?.();
    const sealedBytes = size + this.#seal.overheadBytes;
    const sealed = await requests.fetch(blockRef(digest, sealedBytes, params.digits), ended, (bytes) =>
      this.#progress.travelling(digest, bytes, size, places),
    );
    if (sealed.length !== sealedBytes) throw new PeerError('corrupt', 'the file is not as long as it says');
    const opened = await this.#seal.openSegment(this.#placeOf(segment), sealed);
    if (opened === undefined) throw forged();
    return opened;
  }

  /** Its bytes out of `kept`, if they are there and what the manifest names: sealing them gives the same block again. */
  async kept(segment: Segment, kept: KeptParts | undefined): Promise<Uint8Array | undefined> {
    const bytes = await kept?.get(segment.positions[0] ?? 0, segment.size);
    if (bytes?.length !== segment.size) return undefined;
    const sealed = await this.#seal.sealSegment(this.#placeOf(segment), bytes);
    return (await this.#parts.sha256(sealed)) === segment.digest ? bytes : undefined;
  }

  /**
   * One after the other, as they stand in the file, those in which the range has a byte, the next ones being had meanwhile. In memory are those alone, so one that
   * comes back much later is had again. Ends without a word when `ended` is aborted.
   */
  async *inOrder(
    have: (segment: Segment, ended: AbortSignal) => Promise<Uint8Array>,
    ended: AbortSignal,
    { from, to }: ByteRange,
  ): AsyncGenerator<{ readonly segment: Segment; readonly position: number; readonly bytes: Uint8Array }, void> {
    const inOrder = this.segments
      .flatMap((segment) => segment.positions.map((position) => ({ segment, position })))
      .filter(({ segment, position }) => position < to && position + segment.size > from)
      .sort((a, b) => a.position - b.position);
    const underWay = new Map<Segment, Promise<Uint8Array>>();
    for (const [index, { segment, position }] of inOrder.entries()) {
      const ahead = new Set(inOrder.slice(index, index + RETRIEVE_PARALLEL).map((next) => next.segment));
      for (const known of underWay.keys()) if (!ahead.has(known)) underWay.delete(known);
      for (const next of ahead) {
        if (underWay.has(next)) continue;
        const had = have(next, ended);
        // Its failure counts when its turn comes, if it comes.
        had.catch(() => undefined);
        underWay.set(next, had);
      }
      const bytes = await underWay.get(segment);
      if (ended.aborted || bytes === undefined) return;
      yield { segment, position, bytes };
    }
  }

  #placeOf({ positions }: Segment): Place {
    const { segmentBytes, digests } = this.#content;
    const index = (positions[0] ?? 0) / segmentBytes;
    return { index, isLast: index === digests.length - 1 };
  }
}

function forged(): PeerError {
  return new PeerError('corrupt', 'a part of the file is not what its owner stored');
}
