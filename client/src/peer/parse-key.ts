// A key as a user writes it: hex digits, of which the missing last ones are zeros.

import { idFromPrefix, type Key } from '../core/pastry/id.ts';
import { PeerError } from './errors.ts';

/** Of a key that is none, so many characters are shown. */
const SHOWN_CHARACTERS = 80;

/** Throws a PeerError of code bad-id. */
export function parseKey(text: string, digits: number): Key {
  const prefix = text.trim();
  // Nothing would be the key 0: more likely a variable that nobody has set.
  const key = prefix === '' ? undefined : idFromPrefix(prefix, digits);
  if (key !== undefined) return key;
  const shown = prefix.slice(0, SHOWN_CHARACTERS);
  throw new PeerError('bad-id', `"${shown}" is no key of this ring: give 1 to ${digits} hex characters`);
}
