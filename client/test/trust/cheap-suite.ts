// Keys for tests that make many: signatures that are no cryptography, at once and for next to nothing. Who has not got the
// keys cannot make one, as long as nobody tries.

import { toBase64url } from '../../src/trust/base64url.ts';
import { KEY_BYTES, SIGNATURE_BYTES } from '../../src/trust/certificate.ts';
import type { KeySuite, OwnKeys } from '../../src/trust/key-suite.ts';

/** By the public key. */
const secretByKey = new Map<string, string>();
let lastSecret = 0;

export const cheapSuite: KeySuite = {
  async create() {
    lastSecret += 1;
    return ownKeys(`secret ${lastSecret}`);
  },
  async open(stored) {
    return ownKeys(String(stored.sign));
  },
  async verify(signKey, signature, statement) {
    const secret = secretByKey.get(signKey);
    return secret !== undefined && signature === hashed(`${secret} ${statement}`, SIGNATURE_BYTES);
  },
};

function ownKeys(secret: string): OwnKeys {
  const signKey = hashed(`key of ${secret}`, KEY_BYTES);
  secretByKey.set(signKey, secret);
  return {
    signKey,
    agreeKey: hashed(`agreement of ${secret}`, KEY_BYTES),
    stored: { kind: 'raw', sign: secret, agree: secret },
    sign: async (statement) => hashed(`${secret} ${statement}`, SIGNATURE_BYTES),
    agree: () => Promise.reject(new Error('these keys only sign')),
  };
}

/** So many bytes that depend on all of `text` (FNV-1a, each byte from where the one before left off), base64url. */
function hashed(text: string, bytes: number): string {
  let hash = 0x811c9dc5;
  const next = (code: number): void => {
    hash = Math.imul(hash ^ code, 0x01000193) >>> 0;
  };
  for (let at = 0; at < text.length; at += 1) next(text.charCodeAt(at));
  const result = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 1) {
    next(at);
    result[at] = hash >>> 16;
  }
  return toBase64url(result);
}
