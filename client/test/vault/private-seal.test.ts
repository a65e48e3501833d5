// The seal of private files: what goes wrong is found, by WebCrypto and by the library alike.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nobleSeal } from '../../src/trust/noble-suite.ts';
import { secretSeal } from '../../src/trust/secret-seal.ts';
import { type FileKey, newFileKey, parseFileKey } from '../../src/vault/file-key.ts';
import type { FileSeal, Place } from '../../src/vault/file-seal.ts';
import { type DeriveSeal, privateSeal } from '../../src/vault/private-seal.ts';

const MAX_MANIFEST_BYTES = 64 * 1024;
const byNoble: DeriveSeal = async (secret, about) => nobleSeal(secret, about);
const SUITES: readonly (readonly [string, DeriveSeal])[] = [
  ['WebCrypto', secretSeal],
  ['noble', byNoble],
];
const place = fc.record<Place>({ index: fc.nat({ max: 2 ** 31 }), isLast: fc.boolean() });
const bytes = fc.uint8Array({ maxLength: 2_000 });

function flipped(sealed: Uint8Array, at: number): Uint8Array {
  const copy = sealed.slice();
  const index = at % copy.length;
  copy[index] = (copy[index] ?? 0) ^ (1 << (at % 8));
  return copy;
}

describe.each(SUITES)('a seal by %s', (_, derive) => {
  const sealOf = (key: FileKey): Promise<FileSeal> => privateSeal(key, MAX_MANIFEST_BYTES, derive);

  it('opens what it sealed, at its place alone', async () => {
    const seal = await sealOf(newFileKey());
    await fc.assert(
      fc.asyncProperty(place, place, bytes, async (at, other, content) => {
        const sealed = await seal.sealSegment(at, content);
        expect(sealed.length).toBe(content.length + seal.overheadBytes);
        expect(await seal.openSegment(at, sealed)).toEqual(content);
        const isSame = at.index === other.index && at.isLast === other.isLast;
        if (!isSame) expect(await seal.openSegment(other, sealed)).toBeUndefined();
        // Cut off, a file would end with a segment that is not its last.
        expect(await seal.openSegment({ ...at, isLast: !at.isLast }, sealed)).toBeUndefined();
      }),
    );
  });

  it('opens nothing in which a bit is another, or bytes are missing', async () => {
    const seal = await sealOf(newFileKey());
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(), async (content, at) => {
        const first = { index: 0, isLast: true };
        const sealed = await seal.sealSegment(first, content);
        const manifest = await seal.sealManifest(content);
        expect(await seal.openSegment(first, flipped(sealed, at))).toBeUndefined();
        expect(await seal.openManifest(flipped(manifest, at))).toBeUndefined();
        expect(await seal.openSegment(first, sealed.slice(0, at % sealed.length))).toBeUndefined();
        expect(await seal.openManifest(manifest.slice(0, at % manifest.length))).toBeUndefined();
        // Nor one for the other.
        expect(await seal.openManifest(sealed)).toBeUndefined();
        expect(await seal.openSegment(first, manifest)).toBeUndefined();
      }),
    );
  });

  it('opens nothing with a key that differs in any character', async () => {
    const key = newFileKey();
    const content = new TextEncoder().encode('canary');
    const seal = await sealOf(key);
    const [segment, manifest] = [
      await seal.sealSegment({ index: 0, isLast: true }, content),
      await seal.sealManifest(content),
    ];
    for (let index = 0; index < key.length; index += 1) {
      const other = parseFileKey(`${key.slice(0, index)}${key[index] === 'A' ? 'E' : 'A'}${key.slice(index + 1)}`);
      if (other === undefined) throw new Error('not a key');
      const wrong = await sealOf(other);
      expect(await wrong.openSegment({ index: 0, isLast: true }, segment)).toBeUndefined();
      expect(await wrong.openManifest(manifest)).toBeUndefined();
    }
  });

  it('hides how long a manifest is, and brings it back', async () => {
    const seal = await sealOf(newFileKey());
    const lengthOf = async (length: number): Promise<number> => {
      const content = new Uint8Array(length).fill(7);
      const sealed = await seal.sealManifest(content);
      expect(await seal.openManifest(sealed)).toEqual(content);
      return sealed.length;
    };
    expect(await lengthOf(0)).toBe(await lengthOf(1_020));
    expect(await lengthOf(5_000)).toBe(await lengthOf(5_100));
    for (const length of [1_021, 10_000, 60_000]) expect(await lengthOf(length)).toBeLessThan(1.13 * length + 32);
    // The largest fits, padded as far as there is room.
    expect(await lengthOf(MAX_MANIFEST_BYTES - 32)).toBe(MAX_MANIFEST_BYTES);
  });
});

it('WebCrypto and noble make the same seals', async () => {
  const key = newFileKey();
  const [one, other] = [
    await privateSeal(key, MAX_MANIFEST_BYTES),
    await privateSeal(key, MAX_MANIFEST_BYTES, byNoble),
  ];
  const content = crypto.getRandomValues(new Uint8Array(1_000));
  const at = { index: 7, isLast: false };
  expect(await one.sealSegment(at, content)).toEqual(await other.sealSegment(at, content));
  expect(await other.openManifest(await one.sealManifest(content))).toEqual(content);
});
