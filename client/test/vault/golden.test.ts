// Fixed keys and contents, and the blocks that they must become in every version: docs/format.md's example.

import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { fileLink } from '../../src/peer/file-link.ts';
import { encodeManifest } from '../../src/peer/manifest.ts';
import { parseFileKey } from '../../src/vault/file-key.ts';
import { privateSeal } from '../../src/vault/private-seal.ts';
import { MAX_MANIFEST_BYTES } from '../../src/wire/limits.ts';
import { readFile } from './reader.mjs';

const KEY = parseFileKey('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8');
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('the example of docs/format.md', async () => {
  if (KEY === undefined) throw new Error('not a key');
  // A manifest's nonce is random; here it is twelve nines.
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    if (array instanceof Uint8Array) array.fill(9);
    return array;
  });
  const seal = await privateSeal(KEY, MAX_MANIFEST_BYTES);
  const parts = ['Hello, ', 'ring!'].map((text) => new TextEncoder().encode(text));
  const sealed = await Promise.all(parts.map((part, index) => seal.sealSegment({ index, isLast: index === 1 }, part)));
  const digests = sealed.map(digestOf);
  const content = { kind: 'segments', segmentBytes: 7, digests } as const;
  const manifest = await seal.sealManifest(encodeManifest({ name: 'a.txt', type: 'text/plain', size: 12, content }));
  vi.restoreAllMocks();
  expect(sealed.map((bytes) => Buffer.from(bytes).toString('hex'))).toMatchInlineSnapshot(`
    [
      "9286fd94fd74122574e508eebfcd279bda300c6d349525",
      "5a508d29d3aaadf2fcaa97353524053505ec8184b0",
    ]
  `);
  const fileId = digestOf(manifest);
  const link = fileLink('https://ring.example', { fileId, fileKey: KEY });
  expect(link).toMatchInlineSnapshot(
    `"https://ring.example/#/f/df36ef49f361f7e704df971f0e82225e922e2b59f7fa756886260e8b7f953504.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"`,
  );
  expect(manifest.length).toBe(12 + 1_024 + 16);
  const directory = await mkdtemp(join(tmpdir(), 'tabring-format-'));
  for (const [index, block] of [...sealed, manifest].entries()) await writeFile(join(directory, `${index}`), block);
  expect(readFile(link, [directory]).bytes.toString()).toBe('Hello, ring!');
  await rm(directory, { recursive: true });
});
