import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Timers } from '../../src/core/timers.ts';

describe('timers', () => {
  test('what is due fires once, earliest first', () => {
    const timers = new Timers();
    const fired: string[] = [];
    for (const [name, at] of [
      ['c', 30],
      ['a', 10],
      ['b', 20],
    ] as const)
      timers.set(name, at, () => fired.push(name));
    timers.fireDue(20);
    expect(fired).toEqual(['a', 'b']);
    timers.fireDue(20);
    expect(fired).toEqual(['a', 'b']);
    expect(timers.earliest).toBe(30);
  });

  test('a name stands for one timer: setting it again replaces, cancelling removes', () => {
    const timers = new Timers();
    const fired: string[] = [];
    timers.set('x', 10, () => fired.push('early'));
    timers.set('x', 50, () => fired.push('late'));
    timers.set('y', 20, () => fired.push('y'));
    timers.cancel('y');
    timers.fireDue(40);
    expect(fired).toEqual([]);
    expect(timers.has('x')).toBe(true);
    timers.fireDue(50);
    expect(fired).toEqual(['late']);
    expect(timers.earliest).toBeUndefined();
  });

  test('what a timer sets fires in the same call if it is due', () => {
    const timers = new Timers();
    const fired: number[] = [];
    const again = (at: number): void => {
      fired.push(at);
      timers.set('again', at + 10, () => again(at + 10));
    };
    timers.set('again', 10, () => again(10));
    timers.fireDue(35);
    expect(fired).toEqual([10, 20, 30]);
    expect(timers.earliest).toBe(40);
  });

  test('a timer that another cancels as both are due does not fire', () => {
    const timers = new Timers();
    const fired: string[] = [];
    timers.set('first', 10, () => timers.cancel('second'));
    timers.set('second', 20, () => fired.push('second'));
    timers.fireDue(30);
    expect(fired).toEqual([]);
  });

  test('the earliest deadline is that of a plain list, whatever was set and cancelled', () => {
    const step = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      at: fc.option(fc.nat(100), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const timers = new Timers();
        const plain = new Map<string, number>();
        for (const { name, at } of steps) {
          if (at === undefined) {
            timers.cancel(name);
            plain.delete(name);
          } else {
            timers.set(name, at, () => undefined);
            plain.set(name, at);
          }
          expect(timers.earliest).toBe(plain.size === 0 ? undefined : Math.min(...plain.values()));
        }
      }),
    );
  });
});
