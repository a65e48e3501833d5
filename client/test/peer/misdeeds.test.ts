import { expect, test } from 'vitest';
import { MAX_TOLD_MISDEEDS } from '../../src/peer/limits.ts';
import { Misdeeds } from '../../src/peer/misdeeds.ts';
import { id } from './ids.ts';

test('misdeeds are counted for each node and kind, told at the first, tenth and hundredth, and listed the latest first', () => {
  const misdeeds = new Misdeeds();
  const told: number[] = [];
  for (let time = 1; time <= 150; time += 1) {
    const misdeed = misdeeds.note(id('a'), 'a chunk out of place', time);
    if (misdeed !== undefined) told.push(misdeed.count);
  }
  misdeeds.note(id('a'), 'not a frame', 200);
  misdeeds.note(id('b'), 'not a frame', 300);
  expect(told).toEqual([1, 10, 100]);
  expect(misdeeds.list()).toEqual([
    { nodeId: id('b'), what: 'not a frame', count: 1, lastAt: 300 },
    { nodeId: id('a'), what: 'not a frame', count: 1, lastAt: 200 },
    { nodeId: id('a'), what: 'a chunk out of place', count: 150, lastAt: 150 },
  ]);
});

test('of many no more are remembered than some, the latest', () => {
  const misdeeds = new Misdeeds();
  for (let number = 0; number < 2 * MAX_TOLD_MISDEEDS; number += 1) misdeeds.note(id('a'), `kind ${number}`, number);
  expect(misdeeds.list()).toHaveLength(MAX_TOLD_MISDEEDS);
  expect(misdeeds.list()[0]?.what).toBe(`kind ${2 * MAX_TOLD_MISDEEDS - 1}`);
});
