// The suites make and take the same signatures and seals, so that a page by plain http and one by https are in one ring.

import { describe, expect, test } from 'vitest';
import { nodeKeySuite } from '../../src/node/node-key-suite.ts';
import { fromBase64url, toBase64url } from '../../src/trust/base64url.ts';
import type { KeySuite } from '../../src/trust/key-suite.ts';
import { nobleSuite } from '../../src/trust/noble-suite.ts';
import { createWebCryptoSuite } from '../../src/trust/webcrypto-suite.ts';

const webCrypto = await createWebCryptoSuite();
if (webCrypto === undefined) throw new Error('Node has WebCrypto with Ed25519 and X25519');
const suites: readonly [string, KeySuite][] = [
  ['WebCrypto', webCrypto],
  ['Node', await nodeKeySuite()],
  ['noble', nobleSuite],
];
const pairs = suites.flatMap(([a, one]) => suites.map(([b, other]) => [a, b, one, other] as const));
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
/** Of orders 1, 2, 4 and 8. */
const SMALL_ORDER = [
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '00'.repeat(32),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
];
const NONCE = new Uint8Array(12).fill(7);
const TEXT = new TextEncoder().encode('what is sealed');

describe.each(pairs)('%s beside %s', (_a, _b, one, other) => {
  test('verifies what the other signed, and nothing else', async () => {
    const keys = await one.create('raw');
    const signature = await keys.sign('a statement');
    expect(await other.verify(keys.signKey, signature, 'a statement')).toBe(true);
    expect(await other.verify(keys.signKey, signature, 'another')).toBe(false);
    expect(await other.verify((await other.create('raw')).signKey, signature, 'a statement')).toBe(false);
    const forged = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect(await other.verify(keys.signKey, forged, 'a statement')).toBe(false);
  });

  test('unseals what the other sealed for the same purpose', async () => {
    const [mine, yours, third] = await Promise.all([one.create('raw'), other.create('raw'), other.create('raw')]);
    const sealed = await (await mine.agree(yours.agreeKey, 'ring, a to b')).seal(NONCE, TEXT);
    const key = await yours.agree(mine.agreeKey, 'ring, a to b');
    expect(await key.unseal(NONCE, sealed)).toEqual(TEXT);
    expect(await (await yours.agree(mine.agreeKey, 'ring, b to a')).unseal(NONCE, sealed)).toBeUndefined();
    expect(await (await third.agree(mine.agreeKey, 'ring, a to b')).unseal(NONCE, sealed)).toBeUndefined();
    sealed[3] = (sealed[3] ?? 0) ^ 1;
    expect(await key.unseal(NONCE, sealed)).toBeUndefined();
  });

  test('opens the keys that the other keeps in a file', async () => {
    const keys = await one.create('raw');
    const again = await other.open(keys.stored);
    expect([again.signKey, again.agreeKey]).toEqual([keys.signKey, keys.agreeKey]);
    expect(await one.verify(keys.signKey, await again.sign('x'), 'x')).toBe(true);
  });
});

test.each(suites)('%s takes no damage from what is no key or signature', async (_name, suite) => {
  const keys = await suite.create('raw');
  const signature = await keys.sign('x');
  const notOnTheCurve = `${'_'.repeat(42)}8`;
  for (const key of ['', 'x', '%', notOnTheCurve]) expect(await suite.verify(key, signature, 'x')).toBe(false);
  for (const bad of ['', signature.slice(1), `${signature}A`]) {
    expect(await suite.verify(keys.signKey, bad, 'x')).toBe(false);
  }
  await expect(keys.agree('not a key', 'x')).rejects.toThrow(TypeError);
  await expect(suite.open({ kind: 'raw', sign: 'x', agree: 'y' })).rejects.toThrow(TypeError);
});

test.each(suites)('%s takes no second form of a signature', async (_name, suite) => {
  const keys = await suite.create('raw');
  const signature = fromBase64url(await keys.sign('x')) ?? new Uint8Array();
  // S is a number below the order of the group (RFC 8032, section 5.1.7).
  let carry = 0n;
  for (let place = 0; place < 32; place += 1) {
    const sum = BigInt(signature[32 + place] ?? 0) + ((GROUP_ORDER >> BigInt(8 * place)) & 0xffn) + carry;
    signature[32 + place] = Number(sum & 0xffn);
    carry = sum >> 8n;
  }
  expect(await suite.verify(keys.signKey, toBase64url(signature), 'x')).toBe(false);
});

test('Node thinks of points of small order as its WebCrypto does, which has the same library', async () => {
  const node = await nodeKeySuite();
  for (const key of SMALL_ORDER) {
    for (const point of SMALL_ORDER) {
      const signature = toBase64url(new Uint8Array([...hexToBytes(point), ...new Uint8Array(32)]));
      const signKey = toBase64url(hexToBytes(key));
      expect(await node.verify(signKey, signature, 'x')).toBe(await webCrypto.verify(signKey, signature, 'x'));
    }
  }
});

test('keys of a browser can be used again and not be read', async () => {
  const keys = await webCrypto.create('browser');
  if (keys.stored.kind !== 'browser') throw new Error('another kind');
  const again = await webCrypto.open(structuredClone(keys.stored));
  expect(await webCrypto.verify(keys.signKey, await again.sign('x'), 'x')).toBe(true);
  const { sign } = keys.stored;
  const secret = typeof sign === 'object' && sign !== null && 'privateKey' in sign ? sign.privateKey : undefined;
  await expect(crypto.subtle.exportKey('pkcs8', secret as CryptoKey)).rejects.toThrow();
});

function hexToBytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
