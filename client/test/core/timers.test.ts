import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Timers } from '../../src/core/timers.ts';

describe('timers', () => {
  test('what is due fires once, earliest first', () => {
    const timers = new Timers<{ readonly kind: string }>();
    const fired: string[] = [];
    for (const [name, at] of [
      ['c', 30],
      ['a', 10],
      ['b', 20],
    ] as const)
      timers.set({ kind: name }, at, () => fired.push(name));
    timers.fireDue(20);
    expect(fired).toEqual(['a', 'b']);
    timers.fireDue(20);
    expect(fired).toEqual(['a', 'b']);
    expect(timers.earliest).toBe(30);
  });

  test('a name stands for one timer: setting it again replaces, cancelling removes', () => {
    const timers = new Timers<{ readonly kind: string }>();
    const fired: string[] = [];
    timers.set({ kind: 'x' }, 10, () => fired.push('early'));
    timers.set({ kind: 'x' }, 50, () => fired.push('late'));
    timers.set({ kind: 'y' }, 20, () => fired.push('y'));
    timers.cancel({ kind: 'y' });
    timers.fireDue(40);
    expect(fired).toEqual([]);
    expect(timers.has({ kind: 'x' })).toBe(true);
    timers.fireDue(50);
    expect(fired).toEqual(['late']);
    expect(timers.earliest).toBeUndefined();
  });

  test('what a timer sets fires in the same call if it is due', () => {
    const timers = new Timers<{ readonly kind: string }>();
    const fired: number[] = [];
    const again = (at: number): void => {
      fired.push(at);
      timers.set({ kind: 'again' }, at + 10, () => again(at + 10));
    };
    timers.set({ kind: 'again' }, 10, () => again(10));
    timers.fireDue(35);
    expect(fired).toEqual([10, 20, 30]);
    expect(timers.earliest).toBe(40);
  });

  test('a timer that another cancels as both are due does not fire', () => {
    const timers = new Timers<{ readonly kind: string }>();
    const fired: string[] = [];
    timers.set({ kind: 'first' }, 10, () => timers.cancel({ kind: 'second' }));
    timers.set({ kind: 'second' }, 20, () => fired.push('second'));
    timers.fireDue(30);
    expect(fired).toEqual([]);
  });

  test('the same key under two kinds stands for two timers', () => {
    const timers = new Timers<{ readonly kind: 'a' | 'b'; readonly key: number }>();
    timers.set({ kind: 'a', key: 1 }, 10, () => undefined);
    timers.set({ kind: 'b', key: 1 }, 20, () => undefined);
    timers.cancel({ kind: 'a', key: 1 });
    expect(timers.has({ kind: 'a', key: 1 })).toBe(false);
    expect(timers.has({ kind: 'b', key: 1 })).toBe(true);
    expect(timers.earliest).toBe(20);
  });

  test('earliest and order are those of a plain list, whatever was set and cancelled', () => {
    const step = fc.record({
      kind: fc.constantFrom('a', 'b'),
      key: fc.nat(5),
      at: fc.option(fc.nat(10), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const timers = new Timers<{ readonly kind: string; readonly key: number }>();
        const plain = new Map<string, number>();
        const fired: string[] = [];
        for (const { kind, key, at } of steps) {
          const name = `${kind}${key}`;
          if (at === undefined) {
            timers.cancel({ kind, key });
            plain.delete(name);
          } else {
            timers.set({ kind, key }, at, () => fired.push(name));
            plain.set(name, at);
          }
          expect(timers.earliest).toBe(plain.size === 0 ? undefined : Math.min(...plain.values()));
        }
        timers.fireDue(10);
        // Of those that are due at once, whose name has been set for longest is the first.
        expect(fired).toEqual([...plain].sort(([, a], [, b]) => a - b).map(([name]) => name));
      }),
    );
  });
});
