// The window of numbers against a plain set of all that were taken.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPLAY_WINDOW, ReplayWindow } from '../../src/gate/replay-window.ts';

describe('a replay window', () => {
  it('takes each number once, and none that is older than it can tell', () => {
    // Mostly near each other, now and then a leap: as numbers come that one sender gives to many receivers.
    const step = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -1_500, max: 3_000 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const window = new ReplayWindow();
        const taken = new Set<number>();
        let number = 5_000;
        let highest = 0;
        for (const difference of steps) {
          number = Math.max(1, number + difference);
          const isFresh = number > highest - REPLAY_WINDOW && !taken.has(number);
          expect(window.isFresh(number)).toBe(isFresh);
          if (!isFresh) continue;
          window.take(number);
          taken.add(number);
          highest = Math.max(highest, number);
        }
      }),
    );
  });

  it('works with the largest numbers there are', () => {
    const window = new ReplayWindow();
    window.take(Number.MAX_SAFE_INTEGER - 1);
    expect(window.isFresh(Number.MAX_SAFE_INTEGER - 1)).toBe(false);
    expect(window.isFresh(Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(window.isFresh(1)).toBe(false);
  });
});
