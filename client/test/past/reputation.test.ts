// Whom a node believes about copies, and for how long not.

import { expect, test } from 'vitest';
import { type Failure, Reputation } from '../../src/core/past/reputation.ts';
import { id } from './world.ts';

const PEER = id('4');
const MINUTE_MS = 60_000;

/** A reputation, with a clock that is moved by hand. */
function atZero(): { reputation: Reputation; clock: { now: number } } {
  const clock = { now: 0 };
  return {
    reputation: new Reputation(
      () => clock.now,
      () => undefined,
    ),
    clock,
  };
}

/** Whether the peer is still believed after these failures, `pauseMs` between each two. */
function isBelievedAfter(failures: readonly Failure[], pauseMs: number): boolean {
  const { reputation, clock } = atZero();
  for (const failure of failures) {
    reputation.failed(PEER, failure);
    clock.now += pauseMs;
  }
  return reputation.isBelieved(PEER);
}

test('P31: one wrong hash, two silences or three denials, each at another time, and a node is not believed', () => {
  expect(isBelievedAfter(['wrong'], 0)).toBe(false);
  expect(isBelievedAfter(['silent'], MINUTE_MS)).toBe(true);
  expect(isBelievedAfter(['silent', 'silent'], MINUTE_MS)).toBe(false);
  expect(isBelievedAfter(['denied', 'denied'], MINUTE_MS)).toBe(true);
  expect(isBelievedAfter(['denied', 'denied', 'denied'], MINUTE_MS)).toBe(false);
  expect(isBelievedAfter(['denied', 'denied', 'denied'], 6 * MINUTE_MS)).toBe(false);
  expect(isBelievedAfter(['denied', 'denied', 'denied'], 11 * MINUTE_MS)).toBe(true);
});

test('P31: a disk that cannot be read, or a machine that stands still, for a moment has failed once', () => {
  expect(isBelievedAfter(['denied', 'denied', 'denied', 'denied', 'denied'], 2_000)).toBe(true);
  expect(isBelievedAfter(['silent', 'silent'], 0)).toBe(true);
  expect(isBelievedAfter(['denied', 'silent', 'denied', 'silent'], 2_000)).toBe(true);
  expect(isBelievedAfter(['denied', 'silent', 'wrong'], 2_000)).toBe(false);
});

test('P31: who is believed again and fails once more is not, for twice as long', () => {
  const { reputation, clock } = atZero();
  reputation.failed(PEER, 'wrong');
  expect(reputation.disbeliefMs(PEER)).toBe(10 * MINUTE_MS);
  clock.now = 10 * MINUTE_MS;
  expect(reputation.isBelieved(PEER)).toBe(true);
  reputation.failed(PEER, 'denied');
  expect(reputation.disbeliefMs(PEER)).toBe(20 * MINUTE_MS);
});
