// Virtual time: order, ties, limits.

import { describe, expect, it } from 'vitest';
import { Rng } from '../../src/sim/rng.ts';
import { Schedule } from '../../src/sim/schedule.ts';

describe('schedule', () => {
  it('does actions in order of time and, at equal times, in the order in which they came', () => {
    const rng = new Rng(7);
    const schedule = new Schedule();
    const expected: { at: number; order: number }[] = [];
    const done: { at: number; order: number }[] = [];
    for (let order = 0; order < 5_000; order += 1) {
      const at = rng.int(300);
      expected.push({ at, order });
      schedule.at(at, () => done.push({ at: schedule.now, order }));
    }
    expected.sort((a, b) => a.at - b.at || a.order - b.order);
    schedule.runUntil(1_000);
    expect(done).toEqual(expected);
    expect(schedule.size).toBe(0);
    expect(schedule.now).toBe(1_000);
  });

  it('keeps order while actions schedule others', () => {
    const schedule = new Schedule();
    const rng = new Rng(8);
    let last = 0;
    let left = 20_000;
    const act = (): void => {
      expect(schedule.now).toBeGreaterThanOrEqual(last);
      last = schedule.now;
      for (let child = rng.int(3); child > 0 && left > 0; child -= 1) {
        left -= 1;
        schedule.after(rng.float() * 10, act);
      }
    };
    for (let index = 0; index < 100; index += 1) schedule.after(rng.float(), act);
    while (schedule.step());
    expect(schedule.size).toBe(0);
  });

  it('does what is due in the past at once, and never what is due at infinity', () => {
    const schedule = new Schedule();
    schedule.runUntil(100);
    let times = 0;
    schedule.at(5, () => {
      times += 1;
    });
    schedule.at(Number.POSITIVE_INFINITY, () => {
      times += 100;
    });
    expect(schedule.step()).toBe(true);
    expect(schedule.step()).toBe(false);
    expect(times).toBe(1);
    expect(schedule.now).toBe(100);
    expect(() => schedule.at(Number.NaN, () => undefined)).toThrow('NaN');
  });

  it('runs until a condition holds or the limit is reached', () => {
    const schedule = new Schedule();
    let count = 0;
    const tick = (): void => {
      count += 1;
      schedule.after(10, tick);
    };
    schedule.after(10, tick);
    expect(schedule.runUntilTrue(() => count === 3, 1_000)).toBe(true);
    expect(schedule.now).toBe(30);
    expect(schedule.runUntilTrue(() => count === 1_000, 205)).toBe(false);
    expect(schedule.now).toBe(205);
  });

  it('passes a million events in a few seconds', () => {
    const schedule = new Schedule();
    const rng = new Rng(1);
    let left = 1_000_000;
    const act = (): void => {
      left -= 1;
      if (left > 0) schedule.after(rng.float() * 1_000, act);
    };
    for (let index = 0; index < 1_000; index += 1) schedule.after(rng.float(), act);
    const startedAt = performance.now();
    while (schedule.step());
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
