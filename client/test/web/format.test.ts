import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatPercent,
  formatSpeed,
  formatTimeLeft,
  shortId,
} from '../../src/web/text/format.ts';

describe('format', () => {
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
    [7_000_000_000_000_000, '7000 TB'],
  ])('says %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('says a speed per second', () => expect(formatSpeed(12_300_000)).toBe('12 MB/s'));

  it.each([
    [0, 'almost done'],
    [400, '1 s left'],
    [59_000, '59 s left'],
    [60_000, '1 min left'],
    [3_540_000, '59 min left'],
    [3_600_000, '1 h 0 min left'],
    [9_000_000, '2 h 30 min left'],
  ])('says %d ms left as %s', (ms, text) => expect(formatTimeLeft(ms)).toBe(text));

  it('does not say 100 % before the end', () => {
    expect(formatPercent(999, 1000)).toBe('99 %');
    expect(formatPercent(1000, 1000)).toBe('100 %');
    expect(formatPercent(0, 0)).toBe('100 %');
  });

  it('counts things', () => {
    expect(formatCount(1, 'hop')).toBe('1 hop');
    expect(formatCount(0, 'hop')).toBe('0 hops');
  });

  it('shortens long ids only', () => {
    expect(shortId('3f2a91b2')).toBe('3f2a…');
    expect(shortId('3f2a')).toBe('3f2a');
  });

  it('says the time of day with two digits each', () => {
    expect(formatClock(new Date(2025, 0, 2, 3, 4, 5))).toBe('03:04:05');
  });
});
