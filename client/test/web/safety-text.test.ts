import { expect, test } from 'vitest';
import type { OwnFile } from '../../src/peer/api.ts';
import { keptText, safetyText } from '../../src/web/text/safety-text.ts';

const FILE: OwnFile = {
  ...{ fileId: 'ab'.repeat(32), link: '', isPublic: false, name: 'a.txt', type: '', size: 1, storedAt: 0 },
  ...{ copies: 3, devices: 3, wanted: 3, state: 'safe', isPinned: false, expires: undefined },
};

test('one word and one line say how safe a file is, and what helps', () => {
  expect(safetyText(FILE)).toEqual({ word: 'Safe', line: '3 of 3 copies on 3 devices' });
  expect(safetyText({ ...FILE, devices: 1, state: 'at-risk' })).toEqual({
    word: 'At risk',
    line: '3 of 3 copies on 1 device: open this page on more devices',
  });
  expect(safetyText({ ...FILE, copies: 1, devices: 1, state: 'only-here' })).toEqual({
    word: 'Only here',
    line: '1 of 3 copies on 1 device: it is gone while this tab is closed',
  });
  expect(safetyText({ ...FILE, copies: 0, devices: 0, state: 'unknown' }).line).toBe('not known yet');
});

test('the day is told on which it goes, or until which it is kept while it is pinned', () => {
  const expires = new Date(2026, 11, 6, 12).getTime();
  const day = new Date(expires).toLocaleDateString(undefined, { day: 'numeric', month: 'long' });
  expect(keptText(FILE)).toBeUndefined();
  expect(keptText({ ...FILE, expires })).toBe(`Gone on ${day} unless pinned.`);
  expect(keptText({ ...FILE, expires, isPinned: true })).toMatch(new RegExp(`^Kept until ${day}, and renewed`));
});
