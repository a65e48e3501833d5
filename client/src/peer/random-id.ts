// Ids of messages, of the browser's or Node's own cryptographic randomness: who could guess one could answer in another's name.

import { toHex } from './bytes.ts';

const ID_BYTES = 16;
/** Drawn at once: a draw costs as much for many bytes as for few. */
const IDS_AT_ONCE = 64;

/** Of ids to come, in hex. */
let drawn = '';

/** 128 random bits as lower-case hex characters. */
export function randomId(): string {
  if (drawn === '') drawn = toHex(crypto.getRandomValues(new Uint8Array(ID_BYTES * IDS_AT_ONCE)));
  const id = drawn.slice(0, 2 * ID_BYTES);
  drawn = drawn.slice(2 * ID_BYTES);
  return id;
}
