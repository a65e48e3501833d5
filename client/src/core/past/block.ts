// A block: the unit that PAST places, verifies and repairs. Segments and manifests are blocks (PAST, section 2).

import type { Key } from '../pastry/id.ts';

/** Names immutable bytes. */
export interface BlockRef {
  /** Where it lives: on the k nodes closest to this key. */
  readonly key: Key;
  /** SHA-256 of the bytes, 64 lower-case hex characters. */
  readonly digest: string;
  /** Length of the bytes. */
  readonly size: number;
}

/** Why a store gave up. Copies that were made are forgotten by their holders unless another file shares the block. */
export type StoreFailure = 'full' | 'timed-out' | 'left';
/** Why a fetch gave up. */
export type FetchFailure = 'not-found' | 'corrupt' | 'timed-out' | 'left';
