// The key of a private file: 256 random bits, of which whoever has the link can read the file and nobody else.

import { fromBase64url, toBase64url } from '../trust/base64url.ts';

const FILE_KEY_BYTES = 32;
/** Characters of a key in a link. */
export const FILE_KEY_CHARACTERS = 43;

/** As it stands in a link: base64url without padding. Never to be logged or shown but as part of its link. */
export type FileKey = string & { readonly fileKey: unique symbol };

export function newFileKey(): FileKey {
  return toBase64url(crypto.getRandomValues(new Uint8Array(FILE_KEY_BYTES))) as FileKey;
}

/** Undefined if `text` is no key: another spelling of the same bits is none. */
export function parseFileKey(text: string): FileKey | undefined {
  return fromBase64url(text, FILE_KEY_BYTES) === undefined ? undefined : (text as FileKey);
}

export function fileKeyBytes(key: FileKey): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64url(key, FILE_KEY_BYTES);
  if (bytes === undefined) throw new TypeError('not a file key');
  return bytes;
}
