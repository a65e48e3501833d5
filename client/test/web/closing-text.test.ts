import { expect, test } from 'vitest';
import type { OwnFile } from '../../src/peer/api.ts';
import { closingText } from '../../src/web/text/closing-text.ts';

const nothing = { files: [], blocks: 0 };
const blocks = { files: [], blocks: 2 };
const file: OwnFile = {
  ...{ fileId: '0'.repeat(64), link: '', isPublic: true, name: 'a.txt', type: '', size: 1, storedAt: 1 },
  ...{ copies: 2, devices: 2, wanted: 3, state: 'safe', isPinned: true, expires: undefined },
};

test('a tab says whether it may be closed, and after it has left what it took with it', () => {
  expect(closingText({ safe: true, known: true, lost: nothing, atRisk: nothing }, false, false)).toEqual({
    kind: 'safe',
    text: 'Safe to close',
  });
  expect(closingText({ safe: false, known: true, lost: blocks, atRisk: nothing }, false, false)).toEqual({
    kind: 'lossy',
    text: 'Do not close yet: no other tab has 2 parts of others’ files',
  });
  const few = { files: [file], blocks: 2 };
  expect(closingText({ safe: false, known: true, lost: nothing, atRisk: few }, false, false)).toEqual({
    kind: 'thin',
    text: 'Closing loses nothing, but few others have a.txt',
  });
  expect(closingText({ safe: false, known: true, lost: blocks, atRisk: nothing }, true, false).text).toMatch(
    /^No other tab has 2 parts of others’ files now/,
  );
  expect(closingText({ safe: false, known: true, lost: nothing, atRisk: blocks }, true, false).kind).toBe('safe');
});

test('of others’ files alone it alarms nobody who could do nothing about it', () => {
  expect(closingText({ safe: false, known: true, lost: nothing, atRisk: blocks }, false, false)).toEqual({
    kind: 'safe',
    text: 'Closing loses nothing',
  });
  const unknown = { safe: false, known: false, lost: blocks, atRisk: blocks };
  expect(closingText(unknown, false, false)).toMatchObject({ kind: 'unknown' });
});

test('while a file is stored or saved it is not to be closed, whatever it holds', () => {
  const safe = { safe: true, known: true, lost: nothing, atRisk: nothing };
  expect(closingText(safe, false, true)).toEqual({ kind: 'busy', text: 'Do not close yet: a file is on its way' });
  expect(closingText({ ...safe, safe: false, lost: { files: [file], blocks: 0 } }, false, true).kind).toBe('lossy');
});
