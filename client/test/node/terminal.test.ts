// What a terminal shows and a pipe does not.

import { describe, expect, test } from 'vitest';
import { painter } from '../../src/node/colours.ts';
import { Progress, progressLine } from '../../src/node/progress.ts';

describe('colours', () => {
  const isColoured = (isTTY: boolean, environment: Record<string, string>) =>
    painter({ isTTY }, environment)('good', 'stored') !== 'stored';

  test('are for terminals that want them', () => {
    expect(isColoured(true, {})).toBe(true);
    expect(isColoured(false, {})).toBe(false);
    expect(isColoured(true, { NO_COLOR: '1' })).toBe(false);
    expect(isColoured(true, { TERM: 'dumb' })).toBe(false);
    expect(painter({}, {})('bad', 'x')).toBe('x');
    expect(painter({ isTTY: true }, {})('bad', 'x')).toBe('\u001b[31mx\u001b[39m');
  });
});

describe('a progress bar', () => {
  const amount = (doneBytes: number, totalBytes: number) => ({ doneBytes, totalBytes });

  const rate = (bytesPerSecond: number, leftMs?: number) => ({ bytesPerSecond, leftMs });

  test.each([
    [amount(0, 100e6), undefined, '[------------------------]   0 % of 100 MB: a'],
    [amount(43e6, 100e6), rate(21.5e6, 2_651), '[##########--------------]  43 % of 100 MB, 22 MB/s, 3 s left: a'],
    [amount(1e6, 1e9), rate(1e5, 9.99e6), '[------------------------]   0 % of 1.0 GB, 100 KB/s, 2 h 46 min left: a'],
    [amount(50e6, 1e8), rate(555_556, 9e4), '[############------------]  50 % of 100 MB, 556 KB/s, 1 min 30 s left: a'],
    [amount(50e6, 100e6), rate(0), '[############------------]  50 % of 100 MB, standing still: a'],
    [amount(0, 0), undefined, '[########################] 100 % of 0 bytes: a'],
    [amount(5, 5), rate(5, 0), '[########################] 100 % of 5 bytes, 5 bytes/s, 0 s left: a'],
  ])('of %j at %j', (done, speed, line) => expect(progressLine('a', done, speed)).toBe(line));

  test('is not drawn where nobody watches', () => {
    const written: unknown[] = [];
    const { write } = process.stderr;
    process.stderr.write = (text: unknown) => written.push(text) > 0;
    try {
      for (const isWatched of [false, true]) {
        const progress = new Progress({ isWatched }, 'a'.repeat(500));
        progress.show(amount(1, 2));
        progress.show(amount(2, 2));
        progress.end();
        progress.end();
        if (!isWatched) expect(written).toEqual([]);
      }
    } finally {
      process.stderr.write = write;
    }
    // Drawn once, no wider than the terminal, and taken back.
    expect(written).toEqual([expect.stringContaining('\r\u001b[2K[###'), '\r\u001b[2K']);
    expect(String(written[0]).length).toBeLessThan(400);
  });
});
