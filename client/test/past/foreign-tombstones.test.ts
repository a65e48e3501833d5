// Room for tombstones of blocks that were never here: a flood of one node's leaves others theirs.

import { expect, test } from 'vitest';
import { ForeignTombstones, MAX_FOREIGN_TOMBSTONES } from '../../src/core/past/foreign-tombstones.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { id } from './world.ts';

const [liar, honest, other] = [id('1'), id('2'), id('3')];

function fill(tombstones: ForeignTombstones, bringer: NodeId): number {
  let count = 0;
  for (; tombstones.mayBring(bringer); count += 1) tombstones.add(`${bringer} ${count}`, bringer);
  return count;
}

test('P48: one node brings at most half of the room that the others leave', () => {
  const tombstones = new ForeignTombstones();
  expect(fill(tombstones, liar)).toBe(MAX_FOREIGN_TOMBSTONES / 2);
  expect(fill(tombstones, honest)).toBe(MAX_FOREIGN_TOMBSTONES / 4);
  expect(fill(tombstones, other)).toBe(MAX_FOREIGN_TOMBSTONES / 8);
  expect([liar, honest, other].map((bringer) => tombstones.mayBring(bringer))).toEqual([false, false, false]);
});

test('P48: what is over makes room again, and what another brings anew is his', () => {
  const tombstones = new ForeignTombstones();
  fill(tombstones, liar);
  tombstones.delete(`${liar} 0`);
  tombstones.delete('never here');
  expect(tombstones.mayBring(liar)).toBe(true);
  tombstones.add(`${liar} 1`, honest);
  expect(fill(tombstones, liar)).toBeGreaterThan(0);
  tombstones.delete(`${liar} 1`);
  expect(fill(tombstones, honest)).toBe(MAX_FOREIGN_TOMBSTONES / 4);
});
