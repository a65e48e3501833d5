// A node's bounded up-link gives one block after the other.

import { beforeEach, expect, it } from 'vitest';
import { idFromPrefix } from '../../src/core/pastry/id.ts';
import { Schedule } from '../../src/sim/schedule.ts';
import { Uplinks } from '../../src/sim/uplinks.ts';

const [A, B] = ['a', 'b'].map((prefix) => idFromPrefix(prefix, 4) ?? ('' as never));
let schedule: Schedule;
let uplinks: Uplinks;
let given: string[];

beforeEach(() => {
  schedule = new Schedule();
  uplinks = new Uplinks(schedule);
  given = [];
});

function give(source: typeof A, key: string, ms: number): void {
  if (source === undefined) throw new Error('no source');
  uplinks.give(source, key, ms, () => given.push(`${key} ${schedule.now}`));
}

it('in the order in which they were asked for, each node for itself', () => {
  give(A, 'x', 100);
  give(A, 'y', 50);
  give(B, 'z', 120);
  schedule.runUntil(1_000);
  give(A, 'w', 10);
  schedule.runUntil(2_000);
  expect(given).toEqual(['x 100', 'z 120', 'y 150', 'w 1010']);
});

it('and nothing that nobody wants any more, but for what is under way', () => {
  if (A === undefined || B === undefined) throw new Error('no source');
  for (const key of ['x', 'y', 'z']) give(A, key, 100);
  expect([uplinks.cancel(A, 'y'), uplinks.cancel(A, 'x'), uplinks.cancel(A, 'y'), uplinks.cancel(B, 'z')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  schedule.runUntil(1_000);
  expect(given).toEqual(['x 100', 'z 200']);
});
