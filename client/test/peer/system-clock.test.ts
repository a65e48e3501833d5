// The real clock, under Vitest's fake timers.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SystemClock } from '../../src/peer/system-clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the system’s clock', () => {
  it('wakes at the instant or later, never before, and once', () => {
    const clock = new SystemClock();
    const woken: number[] = [];
    const start = clock.now();
    clock.setAlarm(start + 10.4, () => woken.push(clock.now() - start));
    vi.advanceTimersByTime(1000);
    expect(woken).toEqual([11]);
  });

  it('has one alarm: a new one replaces the old, undefined takes it away', () => {
    const clock = new SystemClock();
    const woken: string[] = [];
    clock.setAlarm(clock.now() + 10, () => woken.push('first'));
    clock.setAlarm(clock.now() - 5, () => woken.push('second'));
    vi.advanceTimersByTime(20);
    clock.setAlarm(clock.now() + 10, () => woken.push('third'));
    clock.setAlarm(undefined, () => woken.push('never'));
    vi.advanceTimersByTime(20);
    expect(woken).toEqual(['second']);
  });

  it('counts the time that the machine slept, which performance.now() left out', () => {
    const clock = new SystemClock();
    const before = clock.now();
    vi.setSystemTime(Date.now() + 90_000);
    expect(clock.now() - before).toBe(90_000);
    vi.advanceTimersByTime(1_000);
    expect(clock.now() - before).toBe(91_000);
  });

  it('does not mind a time of day that is put right, forward by little or back by much, and never goes back', () => {
    const clock = new SystemClock();
    const before = clock.now();
    for (const ms of [-3_600_000, 2_000, 2_000, 2_000]) {
      vi.setSystemTime(Date.now() + ms);
      expect(clock.now()).toBe(before);
    }
  });

  it('does not take a far alarm for one that is due', () => {
    const clock = new SystemClock();
    let wakes = 0;
    clock.setAlarm(clock.now() + 2 ** 40, () => {
      wakes += 1;
    });
    vi.advanceTimersByTime(60 * 60 * 1000);
    expect(wakes).toBe(0);
  });
});
