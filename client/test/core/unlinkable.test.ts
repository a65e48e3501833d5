import { describe, expect, test } from 'vitest';
import { Unlinkable } from '../../src/core/pastry/reachability/unlinkable.ts';
import { id } from './arbitraries.ts';

const PEER = id('2000');
const MINUTE_MS = 60_000;

describe('R52: a node to which no link opens', () => {
  test('is tried again after a while, and after twice as long when that failed too', () => {
    const unlinkable = new Unlinkable(MINUTE_MS);
    expect(unlinkable.has(PEER, 0)).toBe(false);
    unlinkable.add(PEER, 0);
    expect(unlinkable.has(PEER, MINUTE_MS - 1)).toBe(true);
    expect(unlinkable.has(PEER, MINUTE_MS)).toBe(false);
    unlinkable.add(PEER, MINUTE_MS);
    expect(unlinkable.has(PEER, 3 * MINUTE_MS - 1)).toBe(true);
    expect(unlinkable.has(PEER, 3 * MINUTE_MS)).toBe(false);
  });

  test('is tried every four minutes at least, and like any other once a link has opened', () => {
    const unlinkable = new Unlinkable(MINUTE_MS);
    for (let failures = 0; failures < 20; failures += 1) unlinkable.add(PEER, 0);
    expect(unlinkable.has(PEER, 4 * MINUTE_MS - 1)).toBe(true);
    expect(unlinkable.has(PEER, 4 * MINUTE_MS)).toBe(false);
    unlinkable.remove(PEER);
    expect(unlinkable.has(PEER, 0)).toBe(false);
  });

  test('is tried at once after a sleep, when the network may be another one', () => {
    const unlinkable = new Unlinkable(MINUTE_MS);
    unlinkable.add(PEER, 0);
    unlinkable.clear();
    expect(unlinkable.has(PEER, 0)).toBe(false);
  });

  test('is forgotten when there are very many', () => {
    const unlinkable = new Unlinkable(MINUTE_MS);
    for (let index = 0; index < 1_000; index += 1) unlinkable.add(id(index.toString(16).padStart(4, '0')), 0);
    expect(unlinkable.has(id('0000'), 1)).toBe(false);
    expect(unlinkable.has(id('03e7'), 1)).toBe(true);
  });
});
