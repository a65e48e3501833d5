// The seal of private files: AES-256-GCM under keys that HKDF-SHA-256 derives of the file's key. A segment's nonce is its
// place, with a mark on the last one, so that none can be dropped, repeated, swapped or cut off unseen (STREAM: Hoang,
// Reyhanitabar, Rogaway, Vizár, CRYPTO 2015; the layout of nonces is that of the age format).

import type { SealKey } from '../trust/key-suite.ts';
import { secretSeal } from '../trust/secret-seal.ts';
import { type FileKey, fileKeyBytes } from './file-key.ts';
import type { FileSeal, Place } from './file-seal.ts';
import { pad, unpad } from './padding.ts';

const CONTENT = 'tabring file content 1';
const MANIFEST = 'tabring file manifest 1';
const NONCE_BYTES = 12;
/** Of AES-GCM. */
const TAG_BYTES = 16;

/** How keys come of secrets. */
export type DeriveSeal = (secret: Uint8Array<ArrayBuffer>, about: string) => Promise<SealKey>;

/**
 * `maxManifestBytes`: of a sealed manifest. The key may seal one content only: other bytes at the same place would give both
 * away. A manifest has a nonce by chance, for it may be written twice.
 */
export async function privateSeal(
  fileKey: FileKey,
  maxManifestBytes: number,
  derive: DeriveSeal = secretSeal,
): Promise<FileSeal> {
  const secret = fileKeyBytes(fileKey);
  const [content, manifest] = await Promise.all([derive(secret, CONTENT), derive(secret, MANIFEST)]);
  return {
    overheadBytes: TAG_BYTES,
    isPlain: false,
    sealSegment: (place, bytes) => content.seal(nonceOf(place), bytes),
    openSegment: (place, sealed) => content.unseal(nonceOf(place), sealed),
    async sealManifest(bytes) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const sealed = await manifest.seal(nonce, pad(bytes, maxManifestBytes - NONCE_BYTES - TAG_BYTES));
      return joined(nonce, sealed);
    },
    async openManifest(sealed) {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const padded = await manifest.unseal(sealed.slice(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES));
      return padded === undefined ? undefined : unpad(padded);
    },
  };
}

/** Eleven bytes of index, big-endian, and one that is 1 for the last segment. */
function nonceOf({ index, isLast }: Place): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  new DataView(nonce.buffer).setBigUint64(3, BigInt(index));
  nonce[NONCE_BYTES - 1] = isLast ? 1 : 0;
  return nonce;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
