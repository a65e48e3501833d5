import { expect, test } from 'vitest';
import { closingText } from '../../src/web/text/closing-text.ts';

const nothing = { files: [], blocks: 0 };
const blocks = { files: [], blocks: 2 };

test('a tab says whether it may be closed, and after it has left what it took with it', () => {
  expect(closingText({ safe: true, known: true, lost: nothing, atRisk: nothing }, false)).toEqual({
    kind: 'safe',
    text: 'Safe to close',
  });
  expect(closingText({ safe: false, known: true, lost: blocks, atRisk: nothing }, false)).toEqual({
    kind: 'lossy',
    text: 'Do not close yet: no other tab has 2 parts of others’ files',
  });
  expect(closingText({ safe: false, known: true, lost: nothing, atRisk: blocks }, false)).toEqual({
    kind: 'thin',
    text: 'Closing loses nothing, but few others have 2 parts of others’ files',
  });
  expect(closingText({ safe: false, known: true, lost: blocks, atRisk: nothing }, true).text).toMatch(
    /^No other tab has 2 parts of others’ files now/,
  );
  expect(closingText({ safe: false, known: true, lost: nothing, atRisk: blocks }, true).kind).toBe('safe');
});
