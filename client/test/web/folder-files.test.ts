// The list of a folder: in which order, what a filter leaves of it, and what a row says.

import { afterEach, expect, test } from 'vitest';
import { PeerError } from '../../src/peer/errors.ts';
import { inOrder, matching } from '../../src/web/text/folder-files.ts';
import { partNews, partText } from '../../src/web/text/part-text.ts';
import { inEnglish, inGerman } from './in-language.ts';

afterEach(inEnglish);

const paths = (...given: readonly string[]) => given.map((path) => ({ path }));

test('numbers in names are numbers, and the files of a folder stand together', () => {
  const given = paths('10.jpg', 'b/1.txt', '2.jpg', 'a-1.txt', 'a/10.txt', 'a/9.txt', '1.jpg', 'a/x/1.txt', 'B.txt');
  expect(inOrder(given).map(({ path }) => path)).toEqual([
    ...['1.jpg', '2.jpg', '10.jpg', 'a-1.txt', 'B.txt'],
    ...['a/9.txt', 'a/10.txt', 'a/x/1.txt', 'b/1.txt'],
  ]);
});

test('as many as a folder can have are put in order at once', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => ({ path: `photos/IMG_${(index * 7_919) % 100_000}.jpg` }));
  expect(inOrder(many)[99_999]?.path).toBe('photos/IMG_99999.jpg');
});

test('a filter leaves those that have all its words in their paths', () => {
  const given = paths('summer/Beach 1.jpg', 'summer/town.jpg', 'winter/beach 2.jpg');
  const found = (wanted: string) => matching(given, wanted).map(({ path }) => path);
  expect(found('')).toHaveLength(3);
  expect(found(' beach ')).toEqual(['summer/Beach 1.jpg', 'winter/beach 2.jpg']);
  expect(found('BEACH summer')).toEqual(['summer/Beach 1.jpg']);
  expect(found('.png')).toEqual([]);
});

test('a row says shortly how far its file is, and a sentence says it to who does not see it', () => {
  const error = new PeerError('not-found', 'nobody has it');
  const running = { phase: 'running', totalBytes: 100, rate: undefined } as const;
  const states = [
    { phase: 'waiting', reason: 'begin' },
    { ...running, doneBytes: 0 },
    { ...running, doneBytes: 41 },
    { phase: 'done', result: { kind: 'browser', name: 'a.txt' } },
    { phase: 'failed', error, code: error.code },
    { phase: 'cancelled' },
  ] as const;
  expect(partText(undefined)).toBeUndefined();
  const short = ['Saving…', 'Saving…', 'saving, 41%', 'saved', 'failed', undefined];
  expect(states.map((state) => partText(state))).toEqual(short);
  expect(states.map((state) => partNews('a.txt', state))).toEqual([
    ...['Saving a.txt.', 'Saving a.txt.', 'Saving a.txt.'],
    ...['a.txt: the browser saves it as a.txt.', 'a.txt: Nobody has it.', 'a.txt: cancelled.'],
  ]);
  inGerman();
  expect(partText(states[3])).toBe('gespeichert');
});
