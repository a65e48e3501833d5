import { afterEach, expect, test } from 'vitest';
import { PeerError, type PeerErrorCode } from '../../src/peer/errors.ts';
import { parseFileLink } from '../../src/peer/parse-file-link.ts';
import { fileHash } from '../../src/web/text/address.ts';
import { openProblem } from '../../src/web/text/open-text.ts';
import { inEnglish, inGerman } from './in-language.ts';

afterEach(inEnglish);

/** All that fetching and saving may fail with. */
const CODES: readonly (PeerErrorCode | undefined)[] = [
  ...(['bad-link', 'wrong-key', 'not-found', 'timed-out', 'corrupt', 'full', 'storage', 'left'] as const),
  undefined,
];
const ID = 'ab'.repeat(32);
const KEY = `${'k'.repeat(42)}A`;
const FILE = { source: `#/f/${ID}.${KEY}`, origin: 'https://ring.example', isAlone: false };

function failed(code: PeerErrorCode | undefined, message = 'the particulars') {
  return { code, error: code === undefined ? new Error(message) : new PeerError(code, message) };
}

/** Of what somebody pasted. */
function pasted(link: string) {
  expect(() => parseFileLink(link)).toThrow();
  return openProblem(failed('bad-link'), { ...FILE, source: fileHash(link) });
}

test('each way to fail is told apart, in sentences with what to do, without words of the trade', () => {
  const told = CODES.map((code) => openProblem(failed(code), FILE));
  expect(new Set(told.map(({ title }) => title)).size).toBe(CODES.length);
  for (const { title, advice } of told) {
    expect(title).toMatch(/^[A-Z][^.]+$/);
    expect(advice).toMatch(/^[A-Z].+\.$/);
    expect(`${title} ${advice}`).not.toMatch(/block|node|hex|segment|leaf/i);
  }
});

test('who is alone hears that nobody is here, and not that the file is gone', () => {
  expect(openProblem(failed('not-found'), { ...FILE, isAlone: true }).title).toBe('Nobody is here');
  expect(openProblem(failed('not-found'), FILE).advice).toContain('past its time or deleted');
});

test('who opens an invitation as if it were a file hears that he is in that ring, or how to get there', () => {
  const path = 'tabring/r/class-3b/#/join/gZ7bq-_kT3yPv0aWm2Xc1Q';
  expect(pasted(`https://ring.example/${path}`).title).toBe('You are in this ring already');
  expect(pasted(`https://other.example/${path}`).title).toBe('This is an invitation to a ring');
});

test('of a broken link it is said what is wrong with it', () => {
  const told = [
    'http://example.com/',
    'https://ring.example/#/ring',
    `https://ring.example/#/f/${ID}.${KEY.slice(0, -3)}`,
    `https://ring.example/#/f/${ID.slice(0, 40)}`,
    `https://ring.example/#/f/${ID.slice(0, 40)}x${ID.slice(41)}`,
    `https://ring.example/#/f/${ID}0`,
    'nonsense',
  ].map((link) => {
    const { title, seen } = pasted(link);
    return [title, seen];
  });
  expect(told).toEqual([
    ['This is no link to a file', 'It leads to example.com.'],
    ['This is no link to a file', 'It leads to ring.example.'],
    ['The link is cut', 'After the point there are 40 of 43 characters.'],
    ['The link is cut', 'After #/f/ there are 40 of 64 characters.'],
    ['This link is not whole', 'There is a “x” in it where only 0-9 and a-f can be.'],
    ['This link is not whole', ''],
    ['This link is not whole', ''],
  ]);
  expect(openProblem(failed('wrong-key'), { ...FILE, source: `#/f/${ID}` }).title).toContain('key is missing');
  expect(openProblem(failed('wrong-key'), FILE).title).toContain('wrong');
});

test('another try is offered only where it can help', () => {
  const helps = (code: PeerErrorCode | undefined, source = FILE.source) =>
    openProblem(failed(code), { ...FILE, source }).helps;
  expect(CODES.map((code) => [code, helps(code)])).toEqual([
    ['bad-link', 'another'],
    ['wrong-key', 'another'],
    ['not-found', 'again'],
    ['timed-out', 'again'],
    ['corrupt', 'again'],
    ['full', 'again'],
    ['storage', 'again'],
    ['left', 'reload'],
    [undefined, 'again'],
  ]);
  expect(pasted('https://example.com').helps).toBe('another');
});

test('what exactly happened is told only where that is more', () => {
  const exactly = () => CODES.map((code) => openProblem(failed(code), FILE).exactly);
  const nothing = [undefined, undefined, undefined, undefined];
  const more = 'The particulars.';
  expect(exactly()).toEqual([...nothing, more, more, more, undefined, expect.stringContaining('the particulars')]);
  inGerman();
  expect(exactly()).toEqual([...nothing, ...nothing, expect.stringContaining('the particulars')]);
});
