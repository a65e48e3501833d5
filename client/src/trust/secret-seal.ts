// Seals under a secret that is no identity's, such as a file's key: WebCrypto where there is any, noble's where not.

import { bulkThread } from './bulk-loader.ts';
import type { SealKey } from './key-suite.ts';
import { derivedKey, webCryptoSeal } from './webcrypto-seal.ts';

/** `secret`: uniformly random bytes; `about` says what the key is for: other words, another key. */
export async function secretSeal(secret: Uint8Array<ArrayBuffer>, about: string): Promise<SealKey> {
  // The types promise `subtle` always; insecure contexts lack it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  // Node computes off its own thread anyway.
  const thread = subtle === undefined || typeof Worker !== 'undefined' ? await bulkThread() : undefined;
  if (thread !== undefined)
    return thread.offThreadSeal(subtle === undefined ? { secret, about } : await derivedKey(subtle, secret, about));
  if (subtle !== undefined) return webCryptoSeal(subtle, secret, about);
  throw new Error('what seals is not loaded: the server of this page is away');
}
