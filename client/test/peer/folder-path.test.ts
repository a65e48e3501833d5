// Paths in a folder: whatever a stranger writes, what is taken of it leads to one place below the folder.

import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caseless, safePath, withoutCollisions } from '../../src/peer/folder-path.ts';
import { isClean } from '../../src/text/clean-text.ts';

/** Pieces of which bad paths are made, and good ones. */
const piece = fc.constantFrom(
  ...['..', '.', '/', '\\', '\0', '\n', '\u001b[31m', '\u202e', '\u200b', 'C:', 'aux', 'NUL.txt', 'e\u0301', 'é', ' '],
  ...['a', 'A', '.git', '-rf', '~', '日本', 'x'.repeat(300), '*', 'COM¹', 'ß'],
);
const hostile = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const safe = fc
  .oneof(hostile, fc.string({ unit: 'binary' }))
  .map(safePath)
  .filter((path) => path !== undefined);

describe('P55: a path', () => {
  test('that leads out of the folder, or to no place in it, is refused', () => {
    for (const path of [
      '',
      '/',
      '/etc/passwd',
      '..',
      '../a',
      'a/../../b',
      'a/./b',
      'a//b',
      'a/',
      './a',
      'a\0b',
      'a/..',
    ])
      expect([path, safePath(path)]).toEqual([path, undefined]);
    expect(safePath('a/'.repeat(64))).toBeUndefined();
    expect(safePath('a'.repeat(2_001))).toBeUndefined();
  });

  test('is cleaned of what is no name somewhere; hidden files keep theirs', () => {
    expect(safePath('.git/config')).toBe('.git/config');
    expect(safePath('-rf/~a b')).toBe('-rf/~a b');
    expect(safePath('C:\\Windows/..\\x')).toBe('C__Windows/.._x');
    expect(safePath('aux.txt/com1')).toBe('_aux.txt/_com1');
    expect(safePath('a\u202etxt.exe\n/b. ')).toBe('atxt.exe/b');
    expect(safePath('.\u200b./\u200b')).toBe('unnamed file/unnamed file');
    expect(safePath('e\u0301')).toBe('\u00e9');
  });

  test('that is taken stays below any folder, on any system, and is taken as it is the next time', () => {
    fc.assert(
      fc.property(safe, (path) => {
        for (const { resolve, sep } of [posix, win32]) {
          const top = resolve('/top');
          expect(resolve(top, path)).toBe(top + sep + path.replaceAll('/', sep));
        }
        expect(safePath(path)).toBe(path);
        expect([isClean(path), path.normalize('NFC')]).toEqual([true, path]);
        for (const part of path.split('/')) expect(new TextEncoder().encode(part).length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('P55: paths that would be one', () => {
  test('get numbers, before their endings; a file makes way for a folder', () => {
    const exact = (path: string): string => path;
    expect(withoutCollisions(['a.txt', 'a.txt', 'a.txt', 'a (2).txt'], [], exact)).toEqual([
      ...['a.txt', 'a (2).txt', 'a (3).txt', 'a (2) (2).txt'],
    ]);
    expect(withoutCollisions(['x', 'x/y', 'E', 'e'], ['E'], exact)).toEqual(['x (2)', 'x/y', 'E (2)', 'e']);
    expect(withoutCollisions(['readme', 'README', 'Dir/a', 'dir/A', 'straße', 'STRASSE'], [], caseless)).toEqual([
      ...['readme', 'README (2)', 'Dir/a', 'dir/A (2)', 'straße', 'STRASSE (2)'],
    ]);
    expect(withoutCollisions(['.bashrc', '.bashrc'], [], exact)).toEqual(['.bashrc', '.bashrc (2)']);
  });

  test('are all different afterwards, and none is where a folder is', () => {
    const few = fc.array(fc.constantFrom('a', 'A', 'a (2)', 'b.c', 'B.c', 'a/b', 'a/B', 'A/b/c'), { maxLength: 30 });
    fc.assert(
      fc.property(
        few,
        few,
        fc.constantFrom(caseless, (path: string) => path),
        (files, folders, keyOf) => {
          const paths = withoutCollisions(files, folders, keyOf);
          const keys = paths.map(keyOf);
          expect(new Set(keys).size).toBe(files.length);
          const above = [...paths, ...folders.map((folder) => `${folder}/x`)].flatMap((path) => {
            const parts = path.split('/');
            return parts.slice(1).map((_, index) => keyOf(parts.slice(0, index + 1).join('/')));
          });
          expect(keys.filter((key) => above.includes(key))).toEqual([]);
        },
      ),
    );
  });

  test('in a list of tens of thousands that are all alike take no time to speak of', () => {
    const paths = withoutCollisions(
      Array.from({ length: 50_000 }, () => 'same.txt'),
      [],
      (path) => path,
    );
    expect([paths[1], paths.at(-1)]).toEqual(['same (2).txt', 'same (50000).txt']);
  });
});
