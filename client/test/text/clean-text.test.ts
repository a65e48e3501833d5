import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText, isClean, visibleText } from '../../src/text/clean-text.ts';

/** Any UTF-16, halves of characters included, with what does harm more often than chance would have it. */
const hostile = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom(
        ...['\u001b[31m', '\u009b2J', '\r', '\n', '\u2028', '\u202e', '\u2066', '\u200b', '\ufeff', '\u200d', '\ufe0f'],
        ...['\u{e0041}', '\u{e0100}', '\ud800', '\udc00', '👩', 'ا', 'क', '葛', 'a', '"', '\\'],
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** Written out by hand, unlike in the code: what no way out may carry. */
const HARMFUL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/u;

const LONE = /\p{Cs}/u;

describe('cleaning', () => {
  test.each([
    ['plan.txt', 'plan.txt'],
    ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['\u009b2J', '\\u009b2J'],
    ['done\r\nwritten to x', 'done\\u000d\\u000awritten to x'],
    ['a\u2028b\u2029c\u0085d', 'a\\u2028b\\u2029c\\u0085d'],
    ['photo\u202egnp.exe', 'photo\\u202egnp.exe'],
    ['\u2066a\u2069', '\\u2066a\\u2069'],
    ['pay\u200bpal\ufeff', 'pay\\u200bpal\\ufeff'],
    ['half \ud83d of one', 'half \\ud83d of one'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['a\u200db', 'a\\u200db'],
    ['a\ufe0f', 'a\\ufe0f'],
    ['\ufe0f\u200d👩', '\\ufe0f\\u200d👩'],
    ['\u180b\ufe0f', '\\u180b\\ufe0f'],
    ['\u061c\u200cم', '\\u061c\\u200cم'],
    ['م\u200c\u061c', 'م\\u200c\\u061c'],
  ])('%j is shown as %j', (text, clean) => expect(cleanText(text)).toBe(clean));

  test.each(['naïve café.txt', 'Ελληνικά', '家族👨‍👩‍👧.jpg', '❤️', '1️⃣', 'می‌خواهم', 'क्‍ष', '葛󠄀', 'a  b', 'עברית'])(
    '%s stays as it is',
    (text) => {
      expect(cleanText(text)).toBe(text);
      expect(isClean(text)).toBe(true);
      expect(visibleText(text)).toBe(text);
    },
  );

  test('leaves nothing harmful of any text, and changes nothing the second time', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(HARMFUL);
        expect(clean).not.toMatch(LONE);
        expect(cleanText(clean)).toBe(clean);
        expect(visibleText(text)).not.toMatch(HARMFUL);
        expect(visibleText(text)).not.toMatch(LONE);
      }),
      { numRuns: 5_000 },
    );
  });

  test('of a line of JSON the same JSON comes out', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, value) => {
        const json = JSON.stringify({ [name]: value });
        expect(JSON.parse(cleanText(json))).toEqual(JSON.parse(json));
      }),
      { numRuns: 2_000 },
    );
  });
});
