import { expect, test } from 'vitest';
import type { PeerErrorCode } from '../../src/peer/errors.ts';
import { fileHash } from '../../src/web/text/address.ts';
import { openProblem } from '../../src/web/text/open-text.ts';

/** All that fetching and saving may fail with. */
const CODES: readonly (PeerErrorCode | undefined)[] = [
  ...(['bad-link', 'wrong-key', 'not-found', 'timed-out', 'corrupt', 'full', 'storage', 'left'] as const),
  undefined,
];

const FILE = { source: '#/f/ab', origin: 'https://ring.example', isAlone: false };

test('each way to fail is told apart, in sentences with what to do, without words of the trade', () => {
  const told = CODES.flatMap((code) => [openProblem(code, FILE)]);
  expect(new Set(told.map(({ title }) => title)).size).toBe(CODES.length);
  for (const { title, advice } of told) {
    expect(title).toMatch(/^[A-Z][^.]+$/);
    expect(advice).toMatch(/^[A-Z].+\.$/);
    expect(`${title} ${advice}`).not.toMatch(/block|node|hex|segment|leaf/i);
  }
});

test('who is alone hears that nobody is here, and not that the file is gone', () => {
  expect(openProblem('not-found', { ...FILE, isAlone: true }).title).toBe('Nobody is here');
  expect(openProblem('not-found', FILE).advice).toContain('past its time or deleted');
});

test('who opens an invitation as if it were a file hears that he is in that ring, or how to get there', () => {
  const titleOf = (link: string): string => openProblem('bad-link', { ...FILE, source: fileHash(link) }).title;
  const path = 'tabring/r/class-3b/#/join/gZ7bq-_kT3yPv0aWm2Xc1Q';
  expect(titleOf(`https://ring.example/${path}`)).toBe('You are in this ring already');
  expect(titleOf(`https://other.example/${path}`)).toBe('This is an invitation to a ring');
  expect(titleOf('https://ring.example/#/ring')).toBe('This link is not whole');
});
