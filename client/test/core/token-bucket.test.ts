// The rate limit: a burst, then a steady rate, never more than the burst saved up.

import { expect, test } from 'vitest';
import { TokenBucket } from '../../src/core/token-bucket.ts';

function taken(bucket: TokenBucket, now: number, tries: number): number {
  let count = 0;
  for (let attempt = 0; attempt < tries; attempt += 1) if (bucket.take(now)) count += 1;
  return count;
}

test('a full bucket gives its burst and then its rate', () => {
  const bucket = new TokenBucket({ burst: 5, perSecond: 2 }, 1_000);
  expect(taken(bucket, 1_000, 10)).toBe(5);
  expect(taken(bucket, 1_400, 10)).toBe(0);
  expect(taken(bucket, 1_500, 10)).toBe(1);
  expect(taken(bucket, 3_000, 10)).toBe(3);
});

test('an empty bucket says when the next token comes, in whole seconds', () => {
  const bucket = new TokenBucket({ burst: 2, perSecond: 0.1 }, 0);
  expect(bucket.secondsUntilNext(0)).toBe(0);
  taken(bucket, 0, 2);
  expect(bucket.secondsUntilNext(0)).toBe(10);
  expect(bucket.secondsUntilNext(4_500)).toBe(6);
  expect(bucket.take(9_999)).toBe(false);
  expect(bucket.take(10_000)).toBe(true);
});

test('tokens do not pile up beyond the burst', () => {
  const bucket = new TokenBucket({ burst: 5, perSecond: 2 }, 0);
  expect(taken(bucket, 1_000_000, 10)).toBe(5);
});
