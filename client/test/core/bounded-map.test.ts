import { expect, test } from 'vitest';
import { BoundedMap, BoundedSet } from '../../src/core/bounded-map.ts';

test('a bounded map forgets what was set longest ago', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});

test('a bounded set forgets what was added longest ago', () => {
  const set = new BoundedSet<string>(2);
  for (const item of ['a', 'b', 'a', 'c']) set.add(item);
  expect(['a', 'b', 'c'].map((item) => set.has(item))).toEqual([true, false, true]);
});
