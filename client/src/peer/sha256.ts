// SHA-256 by WebCrypto; on a page that is no secure context (http on a LAN address) by the audited noble library, which is
// loaded only there. Of many bytes by a worker, where there are any.

import { plainBytes } from '../core/plain-bytes.ts';
import { bulkBytes } from '../trust/bulk-bytes.ts';
import { bulkThread } from '../trust/bulk-loader.ts';
import { toHex } from './bytes.ts';
import { PeerError } from './errors.ts';

/** As Sha256 in ports.ts. */
export async function sha256(bytes: Uint8Array, back?: (bytes: Uint8Array) => void): Promise<string> {
  // The types promise `subtle` always; insecure contexts lack it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  const isBulk = bytes.length >= bulkBytes() && typeof Worker !== 'undefined';
  const thread = isBulk || subtle === undefined ? await bulkThread() : undefined;
  if (thread !== undefined) return toHex(await thread.offThreadSha256(bytes, back));
  if (subtle === undefined) throw new PeerError('storage', 'the page has not loaded all that it needs: reload it');
  return toHex(new Uint8Array(await subtle.digest('SHA-256', plainBytes(bytes))));
}
