// Keys by WebCrypto: in browsers on secure origins, and in Node.

import { fromBase64url, toBase64url } from './base64url.ts';
import { KEY_BYTES, SIGNATURE_BYTES } from './certificate.ts';
import type { KeySuite, OwnKeys, StoredKeys } from './key-suite.ts';
import { webCryptoSeal } from './webcrypto-seal.ts';

/** PKCS #8 of a private key is this and its 32 bytes (RFC 8410, section 7). */
const PKCS8_HEADER = {
  Ed25519: [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
  X25519: [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20],
} as const;
/** Imported keys of others that are remembered: importing one takes as long as a signature. */
const MAX_REMEMBERED_KEYS = 512;

const encoder = new TextEncoder();

/** Ed25519 with WebCrypto's keys. */
export interface Signatures {
  sign(privateKey: CryptoKey, bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer | Uint8Array>;
  /** May reject where the key is no point of the curve. */
  verify(publicKey: CryptoKey, signature: Uint8Array<ArrayBuffer>, bytes: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

/** Undefined where WebCrypto is missing, or lacks Ed25519 or X25519. `signatures`: default, WebCrypto's own. */
export async function createWebCryptoSuite(signatures?: Signatures): Promise<KeySuite | undefined> {
  // The types promise `subtle` always; insecure contexts lack it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle === undefined) return undefined;
  const { sign, verify }: Signatures = signatures ?? {
    sign: (key, bytes) => subtle.sign('Ed25519', key, bytes),
    verify: (key, signature, bytes) => subtle.verify('Ed25519', key, signature, bytes),
  };
  try {
    await Promise.all([generate(subtle, 'Ed25519', false), generate(subtle, 'X25519', false)]);
  } catch {
    return undefined; // a browser of before 2025
  }
  const publicKeys = new Map<string, Promise<CryptoKey>>();
  return {
    async create(kind) {
      const pairs = await Promise.all([
        generate(subtle, 'Ed25519', kind === 'raw'),
        generate(subtle, 'X25519', kind === 'raw'),
      ]);
      return ownKeys({ subtle, sign }, kind, ...pairs);
    },
    open: async (stored) => ownKeys({ subtle, sign }, stored.kind, ...(await openPairs(subtle, stored))),
    async verify(signKey, signature, statement) {
      const bytes = fromBase64url(signature, SIGNATURE_BYTES);
      if (bytes === undefined) return false;
      let key = publicKeys.get(signKey);
      if (key === undefined) {
        const raw = fromBase64url(signKey, KEY_BYTES);
        if (raw === undefined) return false;
        key = subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
        publicKeys.set(signKey, key);
        const [oldest] = publicKeys.keys();
        if (publicKeys.size > MAX_REMEMBERED_KEYS && oldest !== undefined) publicKeys.delete(oldest);
      }
      try {
        return await verify(await key, bytes, encoder.encode(statement));
      } catch {
        return false; // 32 bytes that are no point of the curve
      }
    },
  };
}

type Curve = 'Ed25519' | 'X25519';

async function generate(subtle: SubtleCrypto, curve: Curve, extractable: boolean): Promise<CryptoKeyPair> {
  const pair = await subtle.generateKey(curve, extractable, usages(curve));
  if (!('publicKey' in pair)) throw new TypeError('not a pair of keys');
  return pair;
}

function usages(curve: Curve): KeyUsage[] {
  return curve === 'Ed25519' ? ['sign', 'verify'] : ['deriveBits'];
}

async function openPairs(subtle: SubtleCrypto, stored: StoredKeys): Promise<[CryptoKeyPair, CryptoKeyPair]> {
  if (stored.kind === 'raw') {
    return Promise.all([importPair(subtle, 'Ed25519', stored.sign), importPair(subtle, 'X25519', stored.agree)]);
  }
  const { sign, agree } = stored;
  if (!isPair(sign) || !isPair(agree)) throw new TypeError('these are no keys');
  return [sign, agree];
}

function isPair(value: unknown): value is CryptoKeyPair {
  return (
    typeof value === 'object' &&
    value !== null &&
    'publicKey' in value &&
    'privateKey' in value &&
    value.publicKey instanceof CryptoKey &&
    value.privateKey instanceof CryptoKey
  );
}

async function importPair(subtle: SubtleCrypto, curve: Curve, secret: string): Promise<CryptoKeyPair> {
  const bytes = fromBase64url(secret, KEY_BYTES);
  if (bytes === undefined) throw new TypeError('not a private key');
  const pkcs8 = new Uint8Array([...PKCS8_HEADER[curve], ...bytes]);
  const [use = 'sign'] = usages(curve);
  const privateKey = await subtle.importKey('pkcs8', pkcs8, curve, true, [use]);
  const { x = '' } = await subtle.exportKey('jwk', privateKey);
  const publicBytes = fromBase64url(x, KEY_BYTES);
  if (publicBytes === undefined) throw new TypeError('not a private key');
  const publicKey = await subtle.importKey('raw', publicBytes, curve, true, curve === 'Ed25519' ? ['verify'] : []);
  return { privateKey, publicKey };
}

async function ownKeys(
  { subtle, sign: signBytes }: { readonly subtle: SubtleCrypto; readonly sign: Signatures['sign'] },
  kind: StoredKeys['kind'],
  sign: CryptoKeyPair,
  agree: CryptoKeyPair,
): Promise<OwnKeys> {
  const publicKey = async ({ publicKey }: CryptoKeyPair) =>
    toBase64url(new Uint8Array(await subtle.exportKey('raw', publicKey)));
  const secret = async ({ privateKey }: CryptoKeyPair) => (await subtle.exportKey('jwk', privateKey)).d ?? '';
  return {
    signKey: await publicKey(sign),
    agreeKey: await publicKey(agree),
    stored: kind === 'browser' ? { kind, sign, agree } : { kind, sign: await secret(sign), agree: await secret(agree) },
    async sign(statement) {
      return toBase64url(new Uint8Array(await signBytes(sign.privateKey, encoder.encode(statement))));
    },
    async agree(agreeKey, about) {
      const raw = fromBase64url(agreeKey, KEY_BYTES);
      if (raw === undefined) throw new TypeError('not a key to agree with');
      const other = await subtle.importKey('raw', raw, 'X25519', false, []);
      const shared = await subtle.deriveBits({ name: 'X25519', public: other }, agree.privateKey, 8 * KEY_BYTES);
      return webCryptoSeal(subtle, shared, about);
    },
  };
}
