// The key of a link is taken out of the address bar, and found again.

import { expect, test } from 'vitest';
import { takeAddress } from '../../src/web/taken-address.ts';

const FILE_ID = 'ab'.repeat(32);
const LINK = `#/f/${FILE_ID}.${'k'.repeat(43)}`;

/** A window with one entry of history. */
function windowAt(href: string) {
  const location = new URL(href);
  const history = {
    state: null as unknown,
    replaceState: (state: unknown, _: string, path?: string) => {
      history.state = state;
      if (path !== undefined) location.href = new URL(path, location.href).href;
    },
  };
  return { location, history } as unknown as Pick<Window, 'location' | 'history'>;
}

test('the bar keeps the id alone, and the entry remembers the link', () => {
  const window = windowAt(`http://localhost/x/?id=3f${LINK}`);
  expect(takeAddress(window)).toMatchObject({ place: 'open', file: LINK, wantedId: '3f' });
  expect(window.location.href).toBe(`http://localhost/x/?id=3f#/f/${FILE_ID}`);
  expect(takeAddress(window).file).toBe(LINK);
});

test('who comes back to the id of the file that is open has its key still, also after a reload', () => {
  const window = windowAt(`http://localhost/#/f/${FILE_ID}`);
  expect(takeAddress(window).file).toBe(`#/f/${FILE_ID}`);
  expect(takeAddress(window, LINK).file).toBe(LINK);
  expect(window.location.href).not.toContain('kkk');
  expect(takeAddress(window).file).toBe(LINK);
});

test('another file’s key is not taken for it', () => {
  const window = windowAt(`http://localhost/#/f/${'cd'.repeat(32)}`);
  expect(takeAddress(window, LINK).file).toBe(`#/f/${'cd'.repeat(32)}`);
  expect(takeAddress(windowAt('http://localhost/'), LINK)).toMatchObject({ place: 'share', file: undefined });
});
