import { expect, test } from 'vitest';
import type { OwnFile } from '../../src/peer/api.ts';
import { lastCopiesText, statusText } from '../../src/prompt/status-text.ts';

const file = (name: string): OwnFile => ({
  ...{ fileId: 'f'.repeat(64), link: '', isPublic: true, name, type: '', size: 1, storedAt: 0 },
  ...{ copies: 1, devices: 1, wanted: 3, state: 'only-here', isPinned: true, expires: 0 },
});

test('a status is a count and a word, with the devices where they are fewer', () => {
  expect(statusText({ copies: 3, devices: 3, wanted: 3, state: 'safe' })).toBe('3 of 3 copies: safe');
  expect(statusText({ copies: 3, devices: 2, wanted: 3, state: 'copying' })).toBe(
    '3 of 3 copies on 2 devices: more copies to come',
  );
  expect(statusText({ copies: 3, devices: 1, wanted: 3, state: 'at-risk' })).toBe('3 of 3 copies on 1 device: at risk');
  expect(statusText({ copies: 1, devices: 1, wanted: 1, state: 'safe' })).toBe('1 of 1 copy: safe');
  expect(statusText({ copies: 0, devices: 0, wanted: 3, state: 'lost' })).toBe('0 of 3 copies: lost');
  expect(statusText({ copies: 0, devices: 0, wanted: 3, state: 'unknown' })).toBe('not counted yet');
});

test('what nobody else holds is named, a few files and how many blocks', () => {
  expect(lastCopiesText({ lost: { files: [], blocks: 0 } })).toBeUndefined();
  expect(lastCopiesText({ lost: { files: [file('a'), file('b')], blocks: 1 } })).toBe('a, b, 1 block of others’ files');
  const many = Array.from({ length: 7 }, (_, index) => file(`${index}`));
  expect(lastCopiesText({ lost: { files: many, blocks: 0 } })).toBe('0, 1, 2, 3, 4, 2 more files');
});
