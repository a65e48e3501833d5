// The blocks of a file: its manifest, and the segments that it names.

import type { BlockRef } from '../core/past/block.ts';
import { blockRef, type Salts } from './block-ref.ts';

/** Digest and size of a segment's block. */
export type SegmentName = [digest: string, size: number];

/** The manifest first. */
export function blocksOf(
  fileId: string,
  segments: readonly Readonly<SegmentName>[],
  digits: number,
  salts?: Salts,
): BlockRef[] {
  return [[fileId, 0] as const, ...segments].map(([digest, size]) => blockRef(digest, size, digits, salts));
}
