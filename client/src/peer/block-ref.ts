// Where a block of given bytes lives: its key is the first digits of its digest, or other ones if there was no room (P64).

import { type BlockRef, placedBlock } from '../core/past/block.ts';

/** By digest, the salts of blocks that are not at their first places. */
export type Salts = Readonly<Record<string, number>>;

/** `digest`: 64 lower-case hex characters; `size` 0: unknown. */
export function blockRef(digest: string, size: number, digits: number, salts: Salts = {}): BlockRef {
  return placedBlock(digest, size, digits, salts[digest] ?? 0);
}
