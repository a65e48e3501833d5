import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budgets } from '../../src/core/budgets.ts';
import { TokenBucket } from '../../src/core/token-bucket.ts';
import { id } from '../peer/ids.ts';

const RATE = { burst: 5, perSecond: 2 };

describe('a token bucket', () => {
  test('allows a burst, then a rate, and never more than both together', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 100 }), (pauses) => {
        const bucket = new TokenBucket(RATE, 0);
        let now = 0;
        let taken = 0;
        for (const pause of pauses) {
          now += pause;
          if (bucket.take(now)) taken += 1;
          expect(taken).toBeLessThanOrEqual(RATE.burst + (now / 1_000) * RATE.perSecond);
        }
      }),
    );
    const bucket = new TokenBucket(RATE, 0);
    expect(Array.from({ length: 6 }, () => bucket.take(0))).toEqual([true, true, true, true, true, false]);
    expect([bucket.take(499), bucket.take(500), bucket.take(999), bucket.take(1_000)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  test('takes back what was not needed, up to its burst, and survives a clock that stands or goes back', () => {
    const bucket = new TokenBucket(RATE, 1_000);
    bucket.giveBack();
    expect(bucket.isFull(1_000)).toBe(true);
    for (let count = 0; count < 5; count += 1) bucket.take(1_000);
    expect([bucket.take(900), bucket.isFull(900)]).toEqual([false, false]);
    bucket.giveBack();
    expect([bucket.take(900), bucket.take(900)]).toEqual([true, false]);
    expect(bucket.isFull(4_000)).toBe(true);
  });
});

test('each node has a budget of its own, and many nodes cost no more memory than some', () => {
  const budgets = new Budgets(RATE);
  const drained = (nodeId: ReturnType<typeof id>): boolean[] =>
    Array.from({ length: 6 }, () => budgets.take(nodeId, 0));
  expect(drained(id('a')).at(-1)).toBe(false);
  expect(drained(id('b'))).toEqual([true, true, true, true, true, false]);
  budgets.giveBack(id('a'));
  expect(budgets.take(id('a'), 0)).toBe(true);
  for (let number = 0; number < 2_000; number += 1) budgets.take(id(`c${number.toString(16)}`), 0);
  // Forgotten by now, and so new again.
  expect(drained(id('a'))[0]).toBe(true);
});
