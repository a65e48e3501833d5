// Where the name records of a file are: at a key that follows from the file's name alone, so that who knows the name can
// look it up. A ring of 16-bit ids is a classroom's and hashes names as its course does.

import { assert } from '../core/assert.ts';
import { isId, type Key } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import type { Sha256 } from './ports.ts';

/** Digits of an id in the course's ring: 16 bits. */
const CLASSROOM_DIGITS = 4;
/** So that a name's key has nothing to do with that of a block of the same bytes. */
const PREFIX = 'tabring name ';

/** True for a ring as in the course: files in it are public and their keys are the course's. */
export function isClassroomRing({ digits }: Pick<RingParams, 'digits'>): boolean {
  return digits === CLASSROOM_DIGITS;
}

/** A name as it is looked up: without folders, and composed, since some systems take "ï" apart. */
export function plainName(name: string): string {
  return (name.split(/[/\\]/).at(-1) ?? '').normalize('NFC');
}

/** The key of a file's name; of a path its last part counts. */
export async function nameKey(name: string, digits: number, sha256: Sha256): Promise<Key> {
  const plain = plainName(name);
  const hash = isClassroomRing({ digits })
    ? courseHash(plain)
    : await sha256(new TextEncoder().encode(`${PREFIX}${plain}`));
  const key = hash.slice(0, digits);
  assert(isId(key, digits), 'a hash has as many digits as an id, or more');
  return key;
}

/** The lowest 16 bits of Java's String.hashCode(): test.png is 46cd. */
function courseHash(name: string): string {
  let hash = 0;
  for (let index = 0; index < name.length; index += 1) hash = (Math.imul(31, hash) + name.charCodeAt(index)) | 0;
  return (hash & 0xffff).toString(16).padStart(CLASSROOM_DIGITS, '0');
}
