import { expect, test } from 'vitest';
import { closingText } from '../../src/web/text/closing-text.ts';

const nothing = { files: [], blocks: 0 };
const blocks = { files: [], blocks: 2 };

test('a tab says whether it may be closed, and after it has left what it took with it', () => {
  expect(closingText({ safe: true, lost: nothing, atRisk: nothing }, false)).toMatchObject({ kind: 'safe' });
  expect(closingText({ safe: false, lost: blocks, atRisk: nothing }, false)).toEqual({
    kind: 'lossy',
    text: 'Do not close this tab yet: no other node holds 2 blocks of others’ files.',
  });
  expect(closingText({ safe: false, lost: nothing, atRisk: blocks }, false)).toEqual({
    kind: 'thin',
    text: 'Closing this tab loses nothing, but few others hold 2 blocks of others’ files.',
  });
  expect(closingText({ safe: false, lost: blocks, atRisk: nothing }, true).text).toMatch(/^No other node holds now: 2/);
  expect(closingText({ safe: false, lost: nothing, atRisk: blocks }, true).kind).toBe('safe');
});
