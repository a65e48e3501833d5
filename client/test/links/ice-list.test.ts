// Accounts at TURN servers are renewed before they end.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IceList } from '../../src/links/ice-list.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const named = (name: string) => [{ urls: ['turn:turn.test'], username: name, credential: 'x' }];

test('an account is renewed at half of its time, again and again', async () => {
  let asked = 0;
  const list = new IceList(async () => {
    asked += 1;
    return { iceServers: named(`number ${asked}`), iceSeconds: 100 };
  });
  list.take({ iceServers: named('first'), iceSeconds: 100 });
  await vi.advanceTimersByTimeAsync(49_000);
  expect(list.servers).toEqual(named('first'));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(list.servers).toEqual(named('number 1'));
  await vi.advanceTimersByTimeAsync(50_000);
  expect(list.servers).toEqual(named('number 2'));
  list.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('servers that are for ever are not asked for again', () => {
  const list = new IceList(() => Promise.reject(new Error('nobody asks')));
  list.take({ iceServers: named('for ever') });
  expect(vi.getTimerCount()).toBe(0);
});

test('while the Discovery node is away, or answers nonsense, the old ones stay and it is asked again', async () => {
  const answers = [() => Promise.reject(new Error('away')), async () => ({ iceServers: 'none' })];
  const list = new IceList(() => answers.shift()?.() ?? Promise.resolve({ iceServers: named('new') }));
  list.take({ iceServers: named('old'), iceSeconds: 100 });
  await vi.advanceTimersByTimeAsync(50_000 + 61_000);
  expect(list.servers).toEqual(named('old'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(list.servers).toEqual(named('new'));
  expect(vi.getTimerCount()).toBe(0);
});
