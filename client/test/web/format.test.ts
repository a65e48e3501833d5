import { afterEach, describe, expect, it } from 'vitest';
import { shortId } from '../../src/web/text/short-id.ts';
import { runningText, timeLeftText } from '../../src/web/text/transfer-text.ts';
import { bytes, count, percent, speed } from '../../src/web/text/words/amounts.ts';
import { clock, day } from '../../src/web/text/words/dates.ts';
import { inEnglish, inGerman } from './in-language.ts';

afterEach(inEnglish);

describe('amounts', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 KB'],
    [9_949, '9.9 KB'],
    [9_960, '10 KB'],
    [999_499, '999 KB'],
    [999_600, '1.0 MB'],
    [25_000_000, '25 MB'],
    [4_194_304, '4.2 MB'],
    [3_200_000_000, '3.2 GB'],
    [7_000_000_000_000_000, '7,000 TB'],
  ])('say %d bytes as %s', (number, text) => expect(bytes(number)).toBe(text));

  it('say a speed per second', () => expect(speed(12_300_000)).toBe('12 MB/s'));

  it.each([
    [0, 'almost done'],
    [400, '1 s left'],
    [59_000, '59 s left'],
    [60_000, '1 min left'],
    [3_540_000, '59 min left'],
    [3_600_000, '1 h 0 min left'],
    [9_000_000, '2 h 30 min left'],
  ])('say %d ms left as %s', (ms, text) => expect(timeLeftText(ms)).toBe(text));

  it('do not say 100% before the end', () => {
    expect(percent(999, 1000)).toBe('99%');
    expect(percent(1000, 1000)).toBe('100%');
    expect(percent(0, 0)).toBe('100%');
  });

  it('count things', () => {
    const hops = { one: '# hop', other: '# hops' };
    expect([0, 1, 2, 1_234].map((number) => count(number, hops))).toEqual(['0 hops', '1 hop', '2 hops', '1,234 hops']);
  });

  it('are written as the language writes them', () => {
    inGerman('de-DE');
    expect([bytes(1), bytes(12), bytes(4_194_304)]).toEqual(['1\u00a0Byte', '12 Byte', '4,2 MB']);
    expect(runningText(410_000, 1_000_000, { bytesPerSecond: 12_300_000, leftMs: 59_000 })).toBe(
      '41\u00a0% von 1,0 MB, 12 MB/s, noch 59 s',
    );
    expect(day(Date.UTC(2026, 11, 6, 12))).toBe('6. Dezember');
    inGerman('de-CH');
    // One apostrophe or another, as the data of the languages are newer or older.
    expect(count(12_345, { one: '# Datei', other: '# Dateien' })).toMatch(/^12['’]345 Dateien$/);
  });

  it('are one or several, and told with the number', () => {
    const files = { one: '# file', other: '# files' };
    expect([0, 1, 2, 999].map((number) => count(number, files))).toEqual(['0 files', '1 file', '2 files', '999 files']);
    expect(count(1, { other: '# files' })).toBe('1 files');
  });
});

it('ids are shortened if they are long', () => {
  expect(shortId('3f2a91b2')).toBe('3f2a…');
  expect(shortId('3f2a')).toBe('3f2a');
});

it('the time of day has two digits each', () => {
  expect(clock(new Date(2025, 0, 2, 3, 4, 5))).toBe('03:04:05');
});
