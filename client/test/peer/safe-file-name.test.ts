import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SAFE_NAME_BYTES, safeFileName } from '../../src/peer/safe-file-name.ts';
import { isClean } from '../../src/text/clean-text.ts';

const long = (name: string): string => name.repeat(300);

describe('a stranger’s file name', () => {
  it.each([
    ['naïve 日本 😀.txt', 'naïve 日本 😀.txt'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['C:\\windows\\a.exe', 'C__windows_a.exe'],
    ['a\u0000b\u001b[31m\nc', 'ab[31mc'],
    ['invoice\u202etxt.exe', 'invoicetxt.exe'],
    ['what? "<it>" is*.txt', 'what_ __it__ is_.txt'],
    ['  a  ', 'a'],
    ['-rf', '_rf'],
    ['--help.txt', '_help.txt'],
    ['.bashrc', '_bashrc'],
    ['\u200b.bashrc', '_bashrc'],
    [' \u001b-\u202e-o', '_o'],
    ['~root', '_root'],
    ['a.txt. .', 'a.txt'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['com¹ .tar.gz', '_com¹ .tar.gz'],
    ['console.log', 'console.log'],
    ['_', '_'],
  ])('%j is proposed as %j', (name, safe) => expect(safeFileName(name)).toBe(safe));

  it.each(['', '-', '.', '..', '///', ' \n', '\u202e', '---', '-.-'])('%j is no name', (name) =>
    expect(safeFileName(name)).toBe('unnamed file'),
  );

  it('is cut before its ending, and between characters', () => {
    expect(safeFileName(`${long('a')}.pdf`)).toBe(`${'a'.repeat(MAX_SAFE_NAME_BYTES - 4)}.pdf`);
    expect(safeFileName(`${long('é')}.tar.gz`)).toBe(`${'é'.repeat((MAX_SAFE_NAME_BYTES - 8) / 2)}.tar.gz`);
    expect(safeFileName(long('👨‍👩‍👧'))).toBe('👨‍👩‍👧'.repeat(Math.floor(MAX_SAFE_NAME_BYTES / 18)));
    // One character of more bytes than fit.
    expect(safeFileName(`a${long('\u0301')}.pdf`)).toBe('unnamed file.pdf');
  });

  it('is harmless whatever it is, and stays so when it is made safe again', () => {
    const hostile = fc.array(
      fc.oneof(
        fc.constantFrom(
          '.',
          '-',
          '/',
          '\\',
          ' ',
          '~',
          '\u0000',
          '\u001b',
          '\u202e',
          '\ud800',
          ':',
          'con',
          'nul.',
          '\n',
          '_',
        ),
        fc.string({ unit: 'binary', maxLength: 60 }),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(hostile, (parts) => {
        const safe = safeFileName(parts.join(''));
        expect(isClean(safe)).toBe(true);
        expect(safe).not.toMatch(/^[-.~\s]|[.\s]$|[/\\:*?"<>|]|^$/);
        expect(safe).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
        expect(new TextEncoder().encode(safe).length).toBeLessThanOrEqual(MAX_SAFE_NAME_BYTES);
        expect(safeFileName(safe)).toBe(safe);
      }),
      { numRuns: 5_000 },
    );
  });
});
