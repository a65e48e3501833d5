// A small ring of which a quarter is hostile and colludes, with the defences and without: the command's own experiment.

import { expect, test } from 'vitest';
import { hostile } from '../../src/sim/command-hostile.ts';

const RING = [
  '--nodes',
  '60',
  '--share',
  '0.25',
  '--settle-minutes',
  '3',
  '--lookups',
  '100',
  '--stores',
  '0',
  '--seed',
  '3',
];

function reachedTrueRoot(...flags: readonly string[]): number {
  const { json } = hostile([...RING, ...flags], () => undefined);
  return Number(Object.entries(json).find(([name]) => name === 'reachedTrueRoot')?.[1]);
}

test('R77: lookups end at the true root where a quarter of the ring lies', () => {
  expect(reachedTrueRoot()).toBeGreaterThanOrEqual(0.99);
});

test('no stored file is lost with one liar among its three holders, and some with three', () => {
  const args = [
    '--nodes',
    '40',
    '--share',
    '0.25',
    '--settle-minutes',
    '1',
    '--lookups',
    '0',
    '--stores',
    '60',
    '--seed',
    '3',
  ];
  const { json } = hostile(args, () => undefined);
  expect(json.storedByLiars).toMatchObject({ 0: { lost: 0 }, 1: { lost: 0 } });
  expect(Number(json.stored)).toBe(60);
  expect(Number(json.lostThroughLiars)).toBeGreaterThan(0);
});

test('R77: and ordinary ones, which believe all answers, do not', () => {
  expect(reachedTrueRoot('--plain')).toBeLessThan(0.9);
});
