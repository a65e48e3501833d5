// SHA-256 by WebCrypto; on a page that is no secure context (http on a LAN address) by the audited noble library.

import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { plainBytes } from './bytes.ts';

/** SHA-256 of `bytes` as 64 lower-case hex characters. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // The types promise `subtle` always; insecure contexts lack it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle === undefined) return bytesToHex(nobleSha256(bytes));
  return bytesToHex(new Uint8Array(await subtle.digest('SHA-256', plainBytes(bytes))));
}
