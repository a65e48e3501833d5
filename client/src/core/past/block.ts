// A block: the unit that PAST places, verifies and repairs. Segments, manifests and name records are blocks (PAST, section 2).

import { assert } from '../assert.ts';
import { isId, type Key } from '../pastry/id.ts';

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

/** How often another place is tried for a block that has no room at its first (PAST, section 3.4: file diversion). */
export const MAX_SALT = 3;
/** Hexadecimal characters of a digest by which its places differ: 64 bits, which no two nodes' distance comes near. */
const SALT_DIGITS = 16;

/** A block of this digest at the place of a salt, from 0 to MAX_SALT. A digest is as random in each quarter as another hash of it would be. */
export function placedBlock(digest: string, size: number, digits: number, salt: number): BlockRef {
  const turned = digest.slice(SALT_DIGITS * salt) + digest.slice(0, SALT_DIGITS * salt);
  const key = turned.slice(0, digits);
  assert(isId(key, digits), 'a digest has as many digits as an id, or more');
  return { key, digest, size };
}

/** The salt of the place where a block is to live; undefined for a name record. */
export function saltOf({ key, digest, size }: BlockRef): number | undefined {
  for (let salt = 0; salt <= MAX_SALT; salt += 1) {
    if (placedBlock(digest, size, key.length, salt).key === key) return salt;
  }
  return undefined;
}

/** The same block at its other places; a name record has none. */
export function elsewhere(block: BlockRef): readonly BlockRef[] {
  const { key, digest, size } = block;
  if (isNameRecord(block)) return [];
  const others: BlockRef[] = [];
  for (let salt = 0; salt <= MAX_SALT; salt += 1) others.push(placedBlock(digest, size, key.length, salt));
  return others.filter((other) => other.key !== key);
}

/** True for a name record: it lives where its name says, every other block at one of the places of its own digest. */
export function isNameRecord(block: BlockRef): boolean {
  return !block.digest.startsWith(block.key) && saltOf(block) === undefined;
}

/** Why a store gave up. Copies that were made go when their lease is over. */
export type StoreFailure = 'full' | 'too-many' | 'malformed' | 'unleased' | 'timed-out' | 'left';
/** Why a fetch gave up. */
export type FetchFailure = 'not-found' | 'corrupt' | 'timed-out' | 'left';
/** Why the name records of a key could not be listed. */
export type ListFailure = 'timed-out' | 'left';
