// Manifests, links and names of files: what people paste and what hostile nodes store.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Counters } from '../../src/peer/counters.ts';
import { PeerError } from '../../src/peer/errors.ts';
import { fileLink } from '../../src/peer/file-link.ts';
import { MAX_INLINE_BYTES, MAX_NAME_CHARACTERS } from '../../src/peer/limits.ts';
import { decodeManifest, encodeManifest, type Manifest, maxFileBytes } from '../../src/peer/manifest.ts';
import { OwnFiles } from '../../src/peer/own-files.ts';
import { isLinkOrId, parseFileLink } from '../../src/peer/parse-file-link.ts';
import { sha256 } from '../../src/peer/sha256.ts';
import { MemorySettings } from '../../src/stores/memory-settings.ts';
import { newFileKey } from '../../src/vault/file-key.ts';
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
    const content = { kind: 'segments', segmentBytes: 1000, digests: [digest, digest, 'cd'.repeat(32)] } as const;
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
    ['one segment of two sizes', { ...good, size: 3, segmentBytes: 2, segments: [digest, digest] }],
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
  const fileKey = newFileKey();
  const open = `https://ring.example/path/#/f/${digest}`;
  const sealed = `${open}.${fileKey}`;

  it('is read as a whole, from its fragment on, as an id alone, with blanks, in capitals', () => {
    expect(fileLink('https://ring.example/path', { fileId: digest, fileKey: undefined })).toBe(open);
    expect(fileLink('https://ring.example/path', { fileId: digest, fileKey })).toBe(sealed);
    for (const text of [open, `#/f/${digest}`, `/#/f/${digest}`, digest, ` ${digest}\n`, digest.toUpperCase()]) {
      expect(parseFileLink(text)).toEqual({ fileId: digest, fileKey: undefined });
    }
    for (const text of [
      sealed,
      `#/f/${digest}.${fileKey}`,
      `${digest}.${fileKey}`,
      `${digest.toUpperCase()}.${fileKey}`,
    ]) {
      expect(parseFileLink(text)).toEqual({ fileId: digest, fileKey });
    }
  });

  it('is read as people paste it', () => {
    const around: readonly ((link: string) => string)[] = [
      (link) => `${link}.`,
      (link) => `${link})`,
      (link) => `<${link}>`,
      (link) => `"${link}",`,
      (link) => `“${link}”`,
      (link) => `**${link}**`,
      (link) => `${link}?utm_source=mail`,
      (link) => `${link}&fbclid=1`,
      (link) => link.replace('/#/', '/%23/'),
      (link) => link.replace('/#/f/', '/#/F/'),
      (link) => encodeURIComponent(link),
      (link) => `link ${link}`,
      (link) => link.replace(/.*#.f./, 'id '),
      (link) => `${link.slice(0, 70)}\r\n${link.slice(70)}`,
      (link) => `${link.slice(0, 40)} ${link.slice(40)}`,
    ];
    for (const paste of around) {
      expect(parseFileLink(paste(open)), paste(open)).toEqual({ fileId: digest, fileKey: undefined });
      expect(parseFileLink(paste(sealed)), paste(sealed)).toEqual({ fileId: digest, fileKey });
      for (const link of [open, sealed]) expect(isLinkOrId(paste(link)), paste(link)).toBe(true);
    }
  });

  it.each(['', 'report.pdf', digest.slice(1), `${digest}0`, 'https://ring.example/', `https://x/#/f/${digest}/more`])(
    'is not "%s", and the error says what is expected',
    (text) => {
      expect(codeOf(() => parseFileLink(text))).toBe('bad-link');
      expect(() => parseFileLink(text)).toThrow('64 hex characters');
    },
  );

  it.each(['g'.repeat(64), `${'0'.repeat(40)}O${'1'.repeat(23)}`])(
    'that has a letter that is no digit says which',
    (text) => {
      const stranger = text.startsWith('g') ? 'g' : 'O';
      expect(() => parseFileLink(`https://ring.example/#/f/${text}`)).toThrow(`"${stranger}" is no hex digit`);
    },
  );

  it('that is cut says so, and shows none of its key', () => {
    for (let length = 1; length < fileKey.length; length += 1) {
      const cut = `${open}.${fileKey.slice(0, length)}`;
      expect(codeOf(() => parseFileLink(cut))).toBe('bad-link');
      expect(() => parseFileLink(cut)).toThrow(`${length} of 43`);
    }
    const wrong = `${open}.${fileKey}x`;
    expect(() => parseFileLink(wrong)).toThrow(PeerError);
    expect(() => parseFileLink(wrong)).not.toThrow(fileKey.slice(0, 8));
  });
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
  const file = { fileId: digest, name: 'a', type: '', size: 1, storedAt: 5 };

  it('survives a reload, with the segments of each file', async () => {
    const settings = new MemorySettings();
    let changes = 0;
    const first = new OwnFiles(settings, 'https://x', new Counters(), () => {
      changes += 1;
    });
    first.add(file);
    first.update(digest, { segments: [[digest, 7]] });
    first.update('0'.repeat(64), { segments: [] });
    await new Promise((resolve) => setImmediate(resolve));
    expect(changes).toBe(2);
    const second = new OwnFiles(settings, 'https://y', new Counters(), () => undefined);
    await second.load();
    expect(second.list()).toMatchObject([{ ...file, segments: [[digest, 7]], link: `https://y/#/f/${digest}` }]);
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
