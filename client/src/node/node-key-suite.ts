// Keys in Node: WebCrypto's, but used for signatures on the thread that asks. WebCrypto hands each signature to a pool of
// threads and back, which costs as much as the signature itself, and a peer makes and checks some 60 of them for a join.

import { KeyObject, sign, verify } from 'node:crypto';
import type { KeySuite } from '../trust/key-suite.ts';
import { createWebCryptoSuite } from '../trust/webcrypto-suite.ts';

const keyObjects = new WeakMap<CryptoKey, KeyObject>();
let suite: Promise<KeySuite> | undefined;

/** The suite of all peers of this process. */
export function nodeKeySuite(): Promise<KeySuite> {
  suite ??= create();
  return suite;
}

async function create(): Promise<KeySuite> {
  const created = await createWebCryptoSuite({
    sign: async (key, bytes) => sign(null, bytes, keyObject(key)),
    verify: async (key, signature, bytes) => verify(null, bytes, keyObject(key), signature),
  });
  if (created === undefined) throw new Error('This Node has no Ed25519 or X25519: use Node 20.19 or later.');
  return created;
}

function keyObject(key: CryptoKey): KeyObject {
  const known = keyObjects.get(key);
  if (known !== undefined) return known;
  const object = KeyObject.from(key);
  keyObjects.set(key, object);
  return object;
}
