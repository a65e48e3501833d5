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
