import { expect, test } from 'vitest';
import type { PeerErrorCode } from '../../src/peer/errors.ts';
import { openProblem } from '../../src/web/text/open-text.ts';

/** All that fetching and saving may fail with. */
const CODES: readonly (PeerErrorCode | undefined)[] = [
  ...(['bad-link', 'wrong-key', 'not-found', 'timed-out', 'corrupt', 'full', 'storage', 'left'] as const),
  undefined,
];

test('each way to fail is told apart, in sentences with what to do, without words of the trade', () => {
  const told = CODES.flatMap((code) => [openProblem(code, false)]);
  expect(new Set(told.map(({ title }) => title)).size).toBe(CODES.length);
  for (const { title, advice } of told) {
    expect(title).toMatch(/^[A-Z][^.]+$/);
    expect(advice).toMatch(/^[A-Z].+\.$/);
    expect(`${title} ${advice}`).not.toMatch(/block|node|hex|segment|leaf/i);
  }
});

test('who is alone hears that nobody is here, and not that the file is gone', () => {
  expect(openProblem('not-found', true).title).toBe('Nobody is here');
  expect(openProblem('not-found', false).advice).toContain('past its time or deleted');
});
