// Keys and what is done with them, behind one interface: WebCrypto where it can (webcrypto-suite.ts), the audited noble
// libraries where it lacks them, as on a page that came by plain http (noble-suite.ts). Both make the same signatures and
// seals: Ed25519 (RFC 8032), X25519 (RFC 7748), HKDF-SHA-256 (RFC 5869), AES-256-GCM.

import { createWebCryptoSuite } from './webcrypto-suite.ts';

/** The keys of one identity. The private ones are never shown. */
export interface OwnKeys {
  /** Public keys, base64url. */
  readonly signKey: string;
  readonly agreeKey: string;
  /** What to keep of them, for `open`. */
  readonly stored: StoredKeys;
  /** Ed25519 signature, base64url. */
  sign(statement: string): Promise<string>;
  /**
   * A key that only this node and the owner of `agreeKey` can make, for one purpose: `about` names the ring, both nodes and
   * the direction. Rejects if `agreeKey` is no key.
   */
  agree(agreeKey: string, about: string): Promise<SealKey>;
}

/** A key shared by two nodes. A nonce, of 12 bytes, must never be used for two messages. */
export interface SealKey {
  seal(nonce: Uint8Array, bytes: Uint8Array): Promise<Uint8Array>;
  /** Undefined if it is not what was sealed. */
  unseal(nonce: Uint8Array, sealed: Uint8Array): Promise<Uint8Array | undefined>;
}

/**
 * As kept. browser: CryptoKeys, in IndexedDB, of which not even the page can read the private part. raw: private keys of 32
 * bytes, base64url, in a file of mode 600 or where the browser has no such keys.
 */
export type StoredKeys =
  | { readonly kind: 'browser'; readonly sign: unknown; readonly agree: unknown }
  | { readonly kind: 'raw'; readonly sign: string; readonly agree: string };

export interface KeySuite {
  /** New keys of this kind. */
  create(kind: StoredKeys['kind']): Promise<OwnKeys>;
  /** Rejects if they are no keys, or not of this suite's kinds. */
  open(stored: StoredKeys): Promise<OwnKeys>;
  /** False also for what is no key or no signature. */
  verify(signKey: string, signature: string, statement: string): Promise<boolean>;
}

let suite: Promise<KeySuite> | undefined;

/** The best suite that there is here. */
export function keySuite(): Promise<KeySuite> {
  suite ??= choose();
  return suite;
}

async function choose(): Promise<KeySuite> {
  const webCrypto = await createWebCryptoSuite();
  if (webCrypto !== undefined) return webCrypto;
  const { nobleSuite } = await import('./noble-suite.ts');
  return nobleSuite;
}
