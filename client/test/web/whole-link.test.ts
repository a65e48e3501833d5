// A file that is open is handed on with its key, though the address bar does not show it.

import { expect, test } from 'vitest';
import { fileLink } from '../../src/peer/file-link.ts';
import { parseFileLink } from '../../src/peer/parse-file-link.ts';
import { wholeLink } from '../../src/web/text/whole-link.ts';

const FILE_ID = 'ab'.repeat(32);
const KEY = `${'k'.repeat(42)}A`;

test('its link is the one that its owner hands on, wherever in the page one is', () => {
  const source = `#/f/${FILE_ID}.${KEY}`;
  const own = fileLink('https://ring.example/x/r/class-3b', parseFileLink(source));
  for (const here of ['', `#/f/${FILE_ID}`, '#/ring', `?id=3f#/f/${FILE_ID}`, 'index.html?lesson'])
    expect(wholeLink(source, `https://ring.example/x/r/class-3b/${here}`)).toBe(own);
});
