// What names no file: said before anybody is asked, or when nobody has such a name.

import { expect, test } from 'vitest';
import { checkUnknownName, checkWanted } from '../../src/prompt/wanted-file.ts';

const ID = '0123456789abcdef'.repeat(4);

test.each([
  ['', 'names no file: give a link, an id, or the name of a public file'],
  ['  ', 'names no file'],
  ['folder/', 'names no file'],
  ['http://localhost:8080', "neither a file's link nor its id: give a link that has #/f/"],
  ['https://ring.example/r/blue/', "neither a file's link nor its id"],
  [`https://ring.example/#/f/${ID.slice(1)}`, 'these are 63'],
])('%j is told before anybody is asked', (wanted, words) => {
  expect(() => checkWanted(wanted)).toThrow(words);
});

test.each(['report.pdf', './cafe', 'cafe', ID, `id ${ID}`, `https://ring.example/#/F/${ID}`])(
  '%j may be one',
  (name) => {
    checkWanted(name);
  },
);

test.each([
  [ID.slice(1), 'these are 63'],
  [`id ${ID.slice(1)}`, 'these are 63'],
  [`${ID}0`, 'these are 65'],
  [ID.replace('0', 'O'), '"O" is no hex digit'],
])('%s is nearly an id', (name, words) => {
  expect(() => checkUnknownName(name)).toThrow(words);
});

test.each(['report.pdf', 'd41d8cd98f00b204e9800998ecf8427e', 'a'.repeat(40), 'incomprehensibilities'.repeat(3)])(
  '%s is just a name',
  (name) => checkUnknownName(name),
);
