// SHA-256 by WebCrypto; on a page that is no secure context (http on a LAN address) by the audited noble library, which is
// loaded only there.

import { plainBytes } from '../core/plain-bytes.ts';
import { toHex } from './bytes.ts';

/** SHA-256 of `bytes` as 64 lower-case hex characters. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // The types promise `subtle` always; insecure contexts lack it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle !== undefined) return toHex(new Uint8Array(await subtle.digest('SHA-256', plainBytes(bytes))));
  const { offThreadSha256 } = await import('../trust/noble-thread.ts');
  return toHex(await offThreadSha256(bytes));
}
