// The leases that a node knows, alone (core/past/lease-book.ts).

import { expect, test } from 'vitest';
import { LeaseBook } from '../../src/core/past/lease-book.ts';
import { block, LEASE_MS } from './world.ts';

test('P43: a lease that the book makes itself ends at a whole millisecond, whatever the clock gives', () => {
  const stored = block('5');
  const kept: number[] = [];
  const book = new LeaseBook({
    ringTime: () => 1_800_000_000_000.75,
    longestMs: LEASE_MS,
    keep: ({ leases }) => kept.push(...leases.map(({ expires }) => expires)),
  });
  book.adopt(stored);
  expect(book.of(stored.digest).map(({ expires }) => expires)).toEqual([1_800_000_000_000 + LEASE_MS]);
  expect(kept).toEqual([1_800_000_000_000 + LEASE_MS]);
});
