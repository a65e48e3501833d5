// Manifests, links and names of files: what people paste and what hostile nodes store.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Counters } from '../../src/peer/counters.ts';
import { PeerError } from '../../src/peer/errors.ts';
import { fileLink, parseFileLink } from '../../src/peer/file-link.ts';
import { MAX_INLINE_BYTES, MAX_NAME_CHARACTERS } from '../../src/peer/limits.ts';
import { decodeManifest, encodeManifest, type Manifest, maxFileBytes } from '../../src/peer/manifest.ts';
import { OwnFiles } from '../../src/peer/own-files.ts';
import { safeFileName } from '../../src/peer/safe-file-name.ts';
import { sha256 } from '../../src/peer/sha256.ts';
import { MemorySettings } from '../../src/stores/memory-settings.ts';
import { MAX_MANIFEST_BYTES } from '../../src/wire/limits.ts';

const SEGMENT_BYTES = 1024 * 1024;
const digest = 'ab'.repeat(32);

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'no error';
  } catch (error) {
    return error instanceof PeerError ? error.code : String(error);
  }
}

function decodeJson(json: unknown): Manifest {
  return decodeManifest(new TextEncoder().encode(JSON.stringify(json)), SEGMENT_BYTES);
}

describe('a manifest', () => {
  it('comes back equal, whatever the name and bytes', () => {
    const name = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(name, fc.string({ maxLength: 50 }), fc.uint8Array({ maxLength: 500 }), (name, type, bytes) => {
        const manifest: Manifest = { name, type, size: bytes.length, content: { kind: 'inline', bytes } };
        expect(decodeManifest(encodeManifest(manifest), SEGMENT_BYTES)).toEqual(manifest);
      }),
    );
  });

  it('of segments comes back equal, and is the same bytes each time', () => {
    const content = { kind: 'segments', segmentBytes: 1000, digests: [digest, digest, digest] } as const;
    const manifest: Manifest = { name: 'naïve 日本 😀.txt', type: 'text/plain', size: 2001, content };
    expect(decodeManifest(encodeManifest(manifest), SEGMENT_BYTES)).toEqual(manifest);
    expect(encodeManifest(manifest)).toEqual(encodeManifest({ ...manifest }));
  });

  it('of the largest file keeps its bound, and of a larger one is refused', () => {
    const size = maxFileBytes(SEGMENT_BYTES);
    const name = '\u0001'.repeat(MAX_NAME_CHARACTERS);
    const digests = Array.from({ length: size / SEGMENT_BYTES }, () => digest);
    const content = { kind: 'segments', segmentBytes: SEGMENT_BYTES, digests } as const;
    expect(encodeManifest({ name, type: '', size, content }).length).toBeLessThanOrEqual(MAX_MANIFEST_BYTES);
    const more = { ...content, digests: [...digests, ...digests] };
    expect(codeOf(() => encodeManifest({ name, type: '', size: 2 * size, content: more }))).toBe('too-large');
    expect(codeOf(() => encodeManifest({ name: `${name}x`, type: '', size, content }))).toBe('too-large');
  });

  const good = { version: 1, name: 'a', type: '', size: 1, segmentBytes: 1, segments: [digest] };
  it('like this one is taken', () => expect(decodeJson(good).size).toBe(1));
  it.each<[string, unknown]>([
    ['another version', { ...good, version: 2 }],
    ['a missing name', { ...good, name: undefined }],
    ['a name too long', { ...good, name: 'x'.repeat(MAX_NAME_CHARACTERS + 1) }],
    ['a negative size', { ...good, size: -1 }],
    ['a size that is no integer', { ...good, size: 0.5 }],
    ['more segments than the size needs', { ...good, segments: [digest, digest] }],
    ['fewer segments than the size needs', { ...good, size: 2 }],
    ['a size without segments', { ...good, size: 2 ** 52, segments: [] }],
    ['segments of no bytes', { ...good, segmentBytes: 0 }],
    ['segments larger than the ring’s', { ...good, segmentBytes: SEGMENT_BYTES + 1 }],
    ['a digest that is none', { ...good, segments: ['x'.repeat(64)] }],
    ['a field too many', { ...good, extra: 1 }],
    ['both kinds of content', { ...good, inline: 'AA==' }],
    ['inline bytes that are not its size', { version: 1, name: 'a', type: '', size: 2, inline: 'AA==' }],
    ['inline bytes that are no base64', { version: 1, name: 'a', type: '', size: 1, inline: '?' }],
    ['no object', [1]],
  ])('with %s is refused as corrupt', (_, json) => {
    expect(codeOf(() => decodeJson(json))).toBe('corrupt');
  });

  it('never is what it is not: random bytes are corrupt', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(codeOf(() => decodeManifest(bytes, SEGMENT_BYTES))).toBe('corrupt');
      }),
    );
    const inline = Buffer.alloc(MAX_INLINE_BYTES + 1).toString('base64');
    const tooLong = { version: 1, name: '', type: '', size: MAX_INLINE_BYTES + 1, inline };
    expect(codeOf(() => decodeJson(tooLong))).toBe('corrupt');
  });
});

describe('a file’s link', () => {
  it('is read as a whole, from its fragment on, as an id alone, with blanks, in capitals', () => {
    const link = fileLink('https://ring.example/path', digest);
    expect(link).toBe(`https://ring.example/path/#/f/${digest}`);
    for (const text of [link, `#/f/${digest}`, `/#/f/${digest}`, digest, ` ${digest}\n`, digest.toUpperCase()]) {
      expect(parseFileLink(text)).toBe(digest);
    }
  });

  it.each(['', 'report.pdf', digest.slice(1), `${digest}0`, 'https://ring.example/', `https://x/#/f/${digest}/more`])(
    'is not "%s", and the error says what is expected',
    (text) => {
      expect(codeOf(() => parseFileLink(text))).toBe('bad-link');
      expect(() => parseFileLink(text)).toThrow('#/f/ and 64 hex characters');
    },
  );
});

describe('a file’s name', () => {
  it.each([
    ['naïve 日本 😀.txt', 'naïve 日本 😀.txt'],
    ['../../etc/passwd', '....etcpasswd'],
    ['C:\\windows\\a.exe', 'C:windowsa.exe'],
    ['a\u0000b\u001b[31m\nc', 'ab[31mc'],
    ['invoice\u202etxt.exe', 'invoicetxt.exe'],
    ['  a  ', 'a'],
    ['', 'unnamed file'],
    ['..', 'unnamed file'],
    ['///', 'unnamed file'],
  ])('%j is proposed as %j', (name, safe) => expect(safeFileName(name)).toBe(safe));
});

describe('sha256', () => {
  const abc = new TextEncoder().encode('abc');
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  it('is right with WebCrypto', async () => {
    expect(await sha256(abc)).toBe(expected);
    expect(await sha256(Uint8Array.of(0, ...abc).subarray(1))).toBe(expected);
  });

  it('is right without, as on an insecure page', async () => {
    const subtle = Object.getOwnPropertyDescriptor(Crypto.prototype, 'subtle');
    Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined, configurable: true });
    try {
      expect(await sha256(abc)).toBe(expected);
    } finally {
      if (subtle !== undefined) Object.defineProperty(Crypto.prototype, 'subtle', subtle);
    }
  });
});

describe('the list of own files', () => {
  const file = { fileId: digest, name: 'a', type: '', size: 1, storedAt: 5, copies: 2, wanted: 3 };

  it('survives a reload, with the copies as last known', async () => {
    const settings = new MemorySettings();
    let changes = 0;
    const first = new OwnFiles(settings, 'https://x', new Counters(), () => {
      changes += 1;
    });
    first.add(file);
    first.setCopies(digest, 3);
    first.setCopies(digest, 3);
    await new Promise((resolve) => setImmediate(resolve));
    expect(changes).toBe(2);
    const second = new OwnFiles(settings, 'https://y', new Counters(), () => undefined);
    await second.load();
    expect(second.list()).toEqual([{ ...file, copies: 3, link: `https://y/#/f/${digest}` }]);
  });

  it('is begun anew, and that counted, if what was saved is damaged or cannot be read', async () => {
    const settings = new MemorySettings();
    await settings.set('own-files', [{ ...file, fileId: 7 }]);
    const counters = new Counters();
    const files = new OwnFiles(settings, 'https://x', counters, () => undefined);
    await files.load();
    expect(files.list()).toEqual([]);
    const broken = { get: () => Promise.reject(new Error('gone')), set: () => Promise.reject(new Error('gone')) };
    const others = new OwnFiles(broken, 'https://x', counters, () => undefined);
    await others.load();
    others.add(file);
    await new Promise((resolve) => setImmediate(resolve));
    expect(others.list()).toHaveLength(1);
    expect(counters.snapshot([])).toEqual({
      'list of own files is damaged': 1,
      'settings failed to read': 1,
      'settings failed to write': 1,
    });
  });
});
