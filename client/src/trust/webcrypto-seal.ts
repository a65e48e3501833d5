// Sealing by WebCrypto: AES-256-GCM under a key that HKDF-SHA-256 derives of a secret.

import { plainBytes } from '../core/plain-bytes.ts';
import type { SealKey } from './key-suite.ts';

const encoder = new TextEncoder();

/** `about` says what the key is for: other words, another key. */
export async function webCryptoSeal(
  subtle: SubtleCrypto,
  secret: ArrayBuffer | Uint8Array<ArrayBuffer>,
  about: string,
): Promise<SealKey> {
  return sealKey(subtle, await derivedKey(subtle, secret, about));
}

/** The key alone, which other threads can be given too. */
export async function derivedKey(
  subtle: SubtleCrypto,
  secret: ArrayBuffer | Uint8Array<ArrayBuffer>,
  about: string,
): Promise<CryptoKey> {
  const source = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: encoder.encode(about) };
  const aes = { name: 'AES-GCM', length: 256 };
  return subtle.deriveKey(derivation, source, aes, false, ['encrypt', 'decrypt']);
}

export function sealKey(subtle: SubtleCrypto, key: CryptoKey): SealKey {
  return {
    async seal(nonce, bytes) {
      return new Uint8Array(
        await subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(nonce) }, key, plainBytes(bytes)),
      );
    },
    async unseal(nonce, sealed) {
      try {
        return new Uint8Array(
          await subtle.decrypt({ name: 'AES-GCM', iv: new Uint8Array(nonce) }, key, plainBytes(sealed)),
        );
      } catch {
        return undefined; // WebCrypto tells a forgery by an exception
      }
    },
  };
}
