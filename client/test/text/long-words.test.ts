import { expect, test } from 'vitest';
import { withoutLongWords } from '../../src/text/long-words.ts';

test.each([
  ['short ones stay: a/b.txt', 'short ones stay: a/b.txt'],
  [`cannot write ${'x'.repeat(290)}: why`, `cannot write ${'x'.repeat(290)}: why`],
  [`unknown command "${'x'.repeat(100_000)}": see help`, `unknown command "${'x'.repeat(79)}…": see help`],
])('a word that fills the screen is cut: %#', (text, expected) => {
  expect(withoutLongWords(text)).toBe(expected);
});
