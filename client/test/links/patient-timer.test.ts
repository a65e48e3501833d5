// A time-out that does not believe itself where it comes late.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BUSY_MS, CONNECT_AGAIN_MS, MAX_BUSY_CHECKS } from '../../src/links/limits.ts';
import { PatientTimer } from '../../src/links/patient-timer.ts';

/** Between the timers' own clock and the time that passes: as much as there was too much to do. */
let lateMs: number;
let timer: PatientTimer;
let fired: number[];
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  lateMs = 0;
  timer = new PatientTimer(() => Date.now() + lateMs);
  fired = [];
});
afterEach(() => {
  vi.useRealTimers();
});
const fire = (): void => {
  fired.push(Date.now());
};

test('comes in time', () => {
  timer.set(1_000, 50, fire);
  expect(timer.isSet).toBe(true);
  vi.advanceTimersByTime(5_000);
  expect(fired).toEqual([1_000]);
  expect(timer.isSet).toBe(false);
});

test('waits on each time it comes late, but not for ever', () => {
  timer.set(1_000, 50, fire);
  for (let late = 1; late <= MAX_BUSY_CHECKS; late += 1) {
    lateMs += BUSY_MS;
    vi.advanceTimersByTime(late === 1 ? 1_000 : 50);
    expect(fired).toEqual([]);
  }
  lateMs += BUSY_MS;
  vi.advanceTimersByTime(50);
  expect(fired).toHaveLength(1);
});

test('follows a limit that grows while it waits', () => {
  let limitMs = 15_000;
  timer.setLimit(() => limitMs, fire);
  vi.advanceTimersByTime(14_999);
  limitMs = 45_000;
  vi.advanceTimersByTime(30_000);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([45_000]);
});

test('reads first what came while it was late, then asks for its limit', () => {
  timer.setLimit(() => 15_000, fire);
  lateMs = BUSY_MS;
  vi.advanceTimersByTime(15_000);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(CONNECT_AGAIN_MS);
  expect(fired).toEqual([15_000 + CONNECT_AGAIN_MS]);
});

test('is stopped', () => {
  timer.set(1_000, 50, fire);
  timer.stop();
  vi.advanceTimersByTime(5_000);
  expect(fired).toEqual([]);
});
