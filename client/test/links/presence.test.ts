// Whether the other end of an open link is still there, asked over it: after a sleep, or a change of network.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BUSY_MS, CHECK_TIMEOUT_MS, MAX_BUSY_CHECKS, MIN_ASKED_MS, STALE_MS } from '../../src/links/limits.ts';
import { settled, TestRing } from './pair.ts';

let clock = 0;
beforeEach(() => {
  clock = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function pass(ms: number): Promise<void> {
  clock += ms;
  vi.advanceTimersByTime(ms);
  await settled();
}

async function openPair() {
  const ring = await TestRing.create();
  const [a, b] = [await ring.node('a'), await ring.node('b')];
  a.links.connect(b.id);
  await settled();
  return { ring, a, b };
}

/** Nothing arrives but what `hear` makes the first end hear. */
async function stalledPair() {
  const { ring, a, b } = await openPair();
  for (const connection of ring.network.connections) connection.stalled = true;
  const hear = (words: string | Uint8Array): void => ring.network.connections[0]?.events.message(words);
  return { a, b, hear };
}

describe('an open link that is asked whether the other end is there', () => {
  test('stays if it is, at both ends, and is asked again later', async () => {
    const { a, b } = await openPair();
    for (let round = 0; round < 3; round += 1) {
      a.links.check();
      b.links.check();
      await settled();
      await pass(MIN_ASKED_MS);
    }
    await pass(CHECK_TIMEOUT_MS);
    expect(await a.probe.log()).toEqual([`up ${b.id}`]);
    expect(await b.probe.log()).toEqual([`up ${a.id}`]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is lost if it says nothing in time, and waits for no more', async () => {
    const { ring, a, b } = await openPair();
    const other = ring.network.connections[1];
    if (other !== undefined) other.stalled = true;
    a.links.check();
    await settled();
    await pass(CHECK_TIMEOUT_MS - 1);
    a.links.check();
    expect(await a.probe.log()).toEqual([`up ${b.id}`]);
    await pass(1);
    expect(await a.probe.log()).toEqual([`up ${b.id}`, `down ${b.id} lost`]);
    expect(a.links.links()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is waited for longer while timers come late, since its answer may be late for the same reason, but not for ever', async () => {
    const { ring, a, b } = await openPair();
    const other = ring.network.connections[1];
    if (other !== undefined) other.stalled = true;
    a.links.check();
    for (let times = 0; times < MAX_BUSY_CHECKS; times += 1) {
      clock += BUSY_MS;
      await pass(CHECK_TIMEOUT_MS);
      expect(await a.probe.log()).toEqual([`up ${b.id}`]);
    }
    await pass(CHECK_TIMEOUT_MS);
    expect(await a.probe.log()).toEqual([`up ${b.id}`, `down ${b.id} lost`]);
  });

  test('is not saved by a frame that waited here while the tab slept, but by a later one', async () => {
    const { ring, a, b } = await openPair();
    for (const connection of ring.network.connections) connection.stalled = true;
    const hear = (): void => ring.network.connections[0]?.events.message(new Uint8Array(4));
    a.links.check();
    hear();
    expect(vi.getTimerCount()).toBe(1);
    await pass(STALE_MS);
    hear();
    expect(vi.getTimerCount()).toBe(0);
    a.links.check();
    hear();
    await pass(CHECK_TIMEOUT_MS);
    expect(await a.probe.log()).toEqual([`up ${b.id}`, `down ${b.id} lost`]);
  });

  test('stays if an earlier question was never answered, as one of two that came too close together', async () => {
    const { a, b, hear } = await stalledPair();
    a.links.check();
    await pass(STALE_MS);
    hear(new Uint8Array(4));
    a.links.check();
    hear('here 2');
    await pass(CHECK_TIMEOUT_MS);
    expect(await a.probe.log()).toEqual([`up ${b.id}`]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is there if an answer to an earlier question comes so late that it cannot have waited here', async () => {
    const { a, b, hear } = await stalledPair();
    a.links.check();
    await pass(STALE_MS);
    hear(new Uint8Array(4));
    a.links.check();
    await pass(STALE_MS);
    hear('here 1');
    expect(vi.getTimerCount()).toBe(0);
    expect(await a.probe.log()).toEqual([`up ${b.id}`]);
  });

  test('may answer late what a frame has answered already', async () => {
    const { a, b, hear } = await stalledPair();
    a.links.check();
    await pass(STALE_MS);
    hear(new Uint8Array(4));
    hear('here 1');
    a.links.check();
    await pass(STALE_MS);
    hear(new Uint8Array(4));
    a.links.check();
    hear('here 2');
    expect(vi.getTimerCount()).toBe(1);
    hear('here 3');
    expect(vi.getTimerCount()).toBe(0);
    hear('here 3');
    expect(await a.probe.log()).toEqual([`up ${b.id}`, `garbage ${b.id}`]);
  });

  test('counts answers nobody asked for, and too many questions, as garbage', async () => {
    const { ring, a, b } = await openPair();
    for (const text of ['here 1', 'here? 1', 'here? 2']) ring.network.connections[1]?.events.message(text);
    await settled();
    expect(await b.probe.log()).toEqual([`up ${a.id}`, `garbage ${a.id}`, `garbage ${a.id}`]);
    expect(await a.probe.log()).toEqual([`up ${b.id}`, `garbage ${b.id}`]);
  });
});
