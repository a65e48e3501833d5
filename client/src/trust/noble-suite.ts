// Keys and digests by the audited noble libraries, where WebCrypto lacks them: pages that came by plain http, and browsers of
// before 2025. Loaded only there.

import { gcm } from '@noble/ciphers/aes.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { fromBase64url, toBase64url } from './base64url.ts';
import { KEY_BYTES, SIGNATURE_BYTES } from './certificate.ts';
import type { KeySuite, OwnKeys, SealKey } from './key-suite.ts';
import { hkdf, sha256 } from './noble-hashes.ts';

const encoder = new TextEncoder();

export const nobleSuite: KeySuite = {
  // There are no keys that the page cannot read.
  create: async () => ownKeys(ed25519.utils.randomSecretKey(), x25519.utils.randomSecretKey()),
  async open(stored) {
    const sign = stored.kind === 'raw' ? fromBase64url(stored.sign, KEY_BYTES) : undefined;
    const agree = stored.kind === 'raw' ? fromBase64url(stored.agree, KEY_BYTES) : undefined;
    if (sign === undefined || agree === undefined) throw new TypeError('keys that can be used on secure origins only');
    return ownKeys(sign, agree);
  },
  async verify(signKey, signature, statement) {
    const [raw, bytes] = [fromBase64url(signKey, KEY_BYTES), fromBase64url(signature, SIGNATURE_BYTES)];
    if (raw === undefined || bytes === undefined) return false;
    try {
      // As RFC 8032 has it, and WebCrypto: without ZIP 215's looser rules.
      return ed25519.verify(bytes, encoder.encode(statement), raw, { zip215: false });
    } catch {
      return false; // 32 bytes that are no point of the curve
    }
  },
};

/** SHA-256. */
export function nobleSha256(bytes: Uint8Array): Uint8Array {
  return sha256(bytes);
}

function ownKeys(sign: Uint8Array, agree: Uint8Array): OwnKeys {
  return {
    signKey: toBase64url(ed25519.getPublicKey(sign)),
    agreeKey: toBase64url(x25519.getPublicKey(agree)),
    stored: { kind: 'raw', sign: toBase64url(sign), agree: toBase64url(agree) },
    sign: async (statement) => toBase64url(ed25519.sign(encoder.encode(statement), sign)),
    async agree(agreeKey, about) {
      const raw = fromBase64url(agreeKey, KEY_BYTES);
      if (raw === undefined) throw new TypeError('not a key to agree with');
      const shared = x25519.getSharedSecret(agree, raw);
      return nobleSeal(shared, about);
    },
  };
}

/** AES-256-GCM under a key that HKDF-SHA-256 derives of a secret; `about` says what it is for. */
export function nobleSeal(secret: Uint8Array, about: string): SealKey {
  const key = hkdf(sha256, secret, new Uint8Array(0), encoder.encode(about), KEY_BYTES);
  return {
    seal: async (nonce, bytes) => gcm(key, nonce).encrypt(bytes),
    async unseal(nonce, sealed) {
      try {
        return gcm(key, nonce).decrypt(sealed);
      } catch {
        return undefined; // noble tells a forgery by an exception
      }
    },
  };
}
