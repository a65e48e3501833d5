// A block: the unit that PAST places, verifies and repairs. Segments, manifests and name records are blocks (PAST, section 2).

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

/** A name record, bytes: a name of 1,024 UTF-16 units takes 6,144 of them when each is escaped. */
export const MAX_RECORD_BYTES = 8 * 1024;
/** Name records kept at one key. Whoever floods a name fills its list, not the disks: 64 records are half a megabyte. */
export const MAX_RECORDS_AT_KEY = 64;

/** Of these, records that one node stores under one name: versions of a file, say. */
export const MAX_RECORDS_OF_STORER = 8;

/** True for a name record: it lives where its name says, every other block at the first digits of its own digest. */
export function isNameRecord({ key, digest }: BlockRef): boolean {
  return !digest.startsWith(key);
}

/** Why a store gave up. Copies that were made go when their lease is over. */
export type StoreFailure = 'full' | 'too-many' | 'malformed' | 'unleased' | 'timed-out' | 'left';
/** Why a fetch gave up. */
export type FetchFailure = 'not-found' | 'corrupt' | 'timed-out' | 'left';
/** Why the name records of a key could not be listed. */
export type ListFailure = 'timed-out' | 'left';
