// What is computed over many bytes, as messages: digests and seals, by WebCrypto or, on a page without it, by noble. Noble takes
// some 100 ms for a segment, and Chromium's WebCrypto, which computes on the thread that asks, 10 to 20: a page that did it would
// draw late, so a worker does (bulk-worker.ts, bulk-thread.ts).

import { plainBytes } from '../core/plain-bytes.ts';
import type { SealKey } from './key-suite.ts';
import { sealKey } from './webcrypto-seal.ts';

/** A key of WebCrypto's, which need not be known to be used; else what noble derives one of: `about` says what it is for. */
export type BulkKey = CryptoKey | { readonly secret: Uint8Array; readonly about: string };

export type BulkWork =
  /** isGiven: the bytes are to come back. */
  | { readonly kind: 'sha256'; readonly bytes: Uint8Array; readonly isGiven: boolean }
  | { readonly kind: 'seal' | 'unseal'; readonly key: BulkKey; readonly nonce: Uint8Array; readonly bytes: Uint8Array };

/** As a worker gives it. */
export interface BulkAnswer {
  readonly result: Uint8Array | undefined;
  /** Of work whose bytes were given. */
  readonly back?: Uint8Array;
}

/** The digest, the sealed bytes, or the bytes that were sealed: undefined if they were not. */
export async function bulkResult(work: BulkWork): Promise<Uint8Array | undefined> {
  if (work.kind === 'sha256') return digestOf(work.bytes);
  const key = await openKey(work.key);
  return work.kind === 'seal' ? key.seal(work.nonce, work.bytes) : key.unseal(work.nonce, work.bytes);
}

async function digestOf(bytes: Uint8Array): Promise<Uint8Array> {
  // The types promise `subtle` always; insecure contexts lack it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle !== undefined) return new Uint8Array(await subtle.digest('SHA-256', plainBytes(bytes)));
  const { nobleSha256 } = await import('./noble-suite.ts');
  return nobleSha256(bytes);
}

async function openKey(key: BulkKey): Promise<SealKey> {
  if (!('secret' in key)) return sealKey(globalThis.crypto.subtle, key);
  const { nobleSeal } = await import('./noble-suite.ts');
  return nobleSeal(key.secret, key.about);
}
