// Where a block of given bytes lives: its key is the first digits of its digest.

import { assert } from '../core/assert.ts';
import type { BlockRef } from '../core/past/block.ts';
import { isId } from '../core/pastry/id.ts';

/** `digest`: 64 lower-case hex characters; `size` 0: unknown. */
export function blockRef(digest: string, size: number, digits: number): BlockRef {
  const key = digest.slice(0, digits);
  assert(isId(key, digits), 'a digest has as many digits as an id, or more');
  return { key, digest, size };
}
