// The list of a folder: what is written is read again, in whatever pieces it comes, and nothing hostile gets through.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeLine, type FolderEntry, ListReader, MAX_ENTRIES, MAX_LIST_BYTES } from '../../src/peer/folder-list.ts';
import { openFolder } from '../../src/peer/folder-reader.ts';
import { decodeManifest, encodeManifest } from '../../src/peer/manifest.ts';
import { fileToStore, readFolder } from './read-folder.ts';

const utf8 = new TextEncoder();

function read(text: string | Uint8Array, listAt: number, pieceBytes = 7): readonly FolderEntry[] {
  const bytes = typeof text === 'string' ? utf8.encode(text) : text;
  const reader = new ListReader({ files: 0, listAt, listBytes: bytes.length });
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
  return reader.end();
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

const file = fc.record({
  kind: fc.constant('file' as const),
  size: fc.nat(),
  type: fc.constantFrom('', 'text/plain'),
  modified: fc.option(fc.integer(), { nil: undefined }),
  isExecutable: fc.boolean(),
});

describe('P54: a list', () => {
  test('says what was written to it, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(file, fc.nat())), fc.integer({ min: 1, max: 300 }), (items, pieceBytes) => {
        let offset = 0;
        let text = '';
        const files: FolderEntry[] = [];
        for (const [index, item] of items.entries()) {
          const size = typeof item === 'number' ? item : item.size;
          if (typeof item === 'number') text += encodeLine({ kind: 'gap', size });
          else {
            const entry = { ...item, path: `ordner ${index % 3}/é${index}` };
            text += encodeLine(entry);
            files.push({ ...entry, offset });
          }
          offset += size;
        }
        text += encodeLine({ kind: 'folder', path: 'empty/one' });
        expect(read(text, offset, pieceBytes)).toEqual([...files, { kind: 'folder', path: 'empty/one' }]);
      }),
    );
  });

  test('that is hostile is refused', () => {
    for (const [text, listAt, why] of [
      ['{"path":"a","size":5}\n', 4, 'more bytes than there are'],
      ['{"path":"a","size":5}\n', 6, 'do not add up'],
      ['{"path":"a","size":9007199254740991}\n{"path":"b","size":9007199254740991}\n', 9007199254740991, 'more bytes'],
      ['{"path":"a","size":-1}\n', 0, 'no list'],
      ['{"path":"a","size":0.5}\n', 0, 'no list'],
      ['{"path":"a","size":0,"offset":3}\n', 0, 'no list'],
      ['{"path":"../a","size":0}\n', 0, 'leads out of the folder'],
      ['{"path":"/a","size":0}\n', 0, 'leads out of the folder'],
      ['{"folder":"a/.."}\n', 0, 'leads out of the folder'],
      ['{"path":"a","size":0}', 0, 'its last line is cut'],
      ['\n', 0, 'no JSON'],
      [`${'['.repeat(13_000)}\n`, 0, 'no JSON'],
      [`{"path":"${'a'.repeat(20_000)}"`, 0, 'a line of it is too long'],
      [line({ path: `${'a/'.repeat(500)}a`, size: 0 }), 0, 'leads out of the folder, or nowhere'],
      [line({ path: 'a', size: 0, modified: 1e300 }), 0, 'no list'],
    ] as const)
      expect(() => read(text, listAt), text.slice(0, 60)).toThrow(why);
    expect(() => read(Uint8Array.of(0x22, 0xff, 0x22, 0x0a), 0)).toThrow('no JSON');
  });

  test('of millions of files is refused at a bound, and one that says so before anything is read', () => {
    const some = utf8.encode('{"gap":0}\n'.repeat(MAX_ENTRIES / 10));
    const reader = new ListReader({ files: 0, listAt: 0, listBytes: MAX_LIST_BYTES });
    for (let part = 0; part < 10; part += 1) reader.push(some);
    expect(() => reader.push(utf8.encode('{"gap":0}\n'))).toThrow('it is too long');
    expect(() => new ListReader({ files: MAX_ENTRIES + 1, listAt: 0, listBytes: 0 })).toThrow('it is too long');
    expect(() => new ListReader({ files: 0, listAt: 0, listBytes: MAX_LIST_BYTES + 1 })).toThrow('it is too long');
  });

  test('in which names clash keeps all of them', () => {
    const text = ['a', 'a', 'b/c', 'b', 'aux'].map((path) => line({ path, size: 1 })).join('');
    expect(read(`${text}${line({ folder: 'b' })}${line({ folder: 'e' })}${line({ folder: 'e' })}`, 5)).toMatchObject([
      { path: 'a', offset: 0 },
      { path: 'a (2)', offset: 1 },
      { path: 'b/c', offset: 2 },
      { path: 'b (2)', offset: 3 },
      { path: '_aux', offset: 4 },
      { kind: 'folder', path: 'e' },
    ]);
  });
});

test('P54: a manifest says where the list is, and one that is not among its bytes is refused', async () => {
  const content = { kind: 'inline', bytes: new Uint8Array(10) } as const;
  const folder = { files: 1, listAt: 4, listBytes: 6 };
  const bytes = encodeManifest({ name: 'f', type: '', size: 10, content, folder });
  expect(decodeManifest(bytes, 1_000).folder).toEqual(folder);
  const { whole } = await readFolder([fileToStore('a', 'a')]);
  for (const [listAt, listBytes] of [
    [1, whole.size],
    [whole.size + 1, 0],
    [Number.MAX_SAFE_INTEGER, 1],
  ] as const) {
    const wrong = openFolder({ ...whole, folder: { files: 1, listAt, listBytes } });
    await expect(wrong).rejects.toThrow('is not among its bytes');
  }
});
