// What links do about impostors beside the contract: channels that lead elsewhere, and promises that are kept too late.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHECK_RATE } from '../../src/links/limits.ts';
import type { Connect } from '../../src/links/webrtc-connection.ts';
import { withOtherFingerprint } from '../contracts/swapping-signalling.ts';
import { bodyOf, settled, type TestNode, TestRing } from './pair.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a channel whose other end shows another certificate than was signed', () => {
  test('is no link, and the failure says why', async () => {
    const ring = await TestRing.create();
    ring.network.checksFingerprints = false;
    const [a, b] = [await ring.node('a', { connect: elsewhere(ring) }), await ring.node('b')];
    b.links.connect(a.id);
    await settled();
    expect(await b.probe.log()).toEqual([`failed ${a.id} proof`]);
    expect((await b.probe.failures())[0]?.message).toContain('somebody between the two tabs');
    expect(b.links.counters).toMatchObject({ fingerprintsForeign: 1, fingerprintsCompared: 0 });
  });

  test('leaves the link that there is', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    a.links.connect(b.id);
    await settled();
    ring.network.checksFingerprints = false;
    const again = await ring.node('a', { connect: elsewhere(ring) });
    again.links.connect(b.id);
    await settled();
    expect(await b.probe.log()).toEqual([`up ${a.id}`]);
    expect(b.links.counters.fingerprintsForeign).toBe(1);
  });
});

describe('signatures that come late', () => {
  /** Signs when it is told to. */
  function slowly(node: TestNode): { release(): void } {
    const { sign } = node.credentials.keys;
    const waiting: (() => void)[] = [];
    vi.spyOn(node.credentials.keys, 'sign').mockImplementation(async (text) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return sign(text);
    });
    return { release: () => releaseAll(waiting) };
  }

  test('send nothing of an attempt that was given up but that', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    const { release } = slowly(a);
    a.links.connect(b.id);
    await settled();
    a.links.close(b.id, 'budget');
    release();
    await settled();
    expect(ring.signalTypes).toEqual(['abandon']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('send nothing at all once everything is closed', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    const { release } = slowly(a);
    a.links.connect(b.id);
    await settled();
    a.links.close(b.id, 'budget');
    a.links.closeAll();
    release();
    await settled();
    expect(ring.signalTypes).toEqual([]);
  });

  test('send the latest words only, since they hold the earlier ones', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    const { release } = slowly(a);
    a.links.connect(b.id);
    await settled();
    ring.network.connections[0]?.events.candidate({ candidate: 'host 1', sdpMLineIndex: 0, sdpMid: '0' });
    vi.advanceTimersByTime(60);
    release();
    await settled();
    expect(ring.relay.sent.filter(({ from }) => from === a.id).map(({ signal }) => bodyOf(signal).candidates)).toEqual([
      [{ candidate: 'host 1', sdpMLineIndex: 0, sdpMid: '0' }],
    ]);
  });

  test('that cannot be made fail the attempt', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    vi.spyOn(a.credentials.keys, 'sign').mockRejectedValue(new Error('no key'));
    a.links.connect(b.id);
    await settled();
    expect(await a.probe.log()).toEqual([`failed ${b.id} signalling`]);
    expect((await a.probe.failures())[0]?.message).toContain('no key');
  });
});

describe('checks that end late', () => {
  /** Checks when it is told to. */
  function checksSlowly(node: TestNode): { release(): void } {
    const { credentials } = node;
    const verify = credentials.verify.bind(credentials);
    const waiting: (() => void)[] = [];
    vi.spyOn(credentials, 'verify').mockImplementation(async (...all) => {
      await new Promise<void>((resolve) => waiting.unshift(resolve));
      return verify(...all);
    });
    return { release: () => releaseAll(waiting) };
  }

  test('begin nothing once everything is closed', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    const { release } = checksSlowly(b);
    a.links.connect(b.id);
    await settled();
    b.links.closeAll();
    release();
    await settled();
    expect(b.links.links()).toEqual([]);
    expect(ring.network.connections).toHaveLength(1);
  });

  test('leave the signals of a node in their order', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    const attempt = 'f'.repeat(16);
    ring.network.hasPaths = false;
    const { release } = checksSlowly(b);
    b.links.signalled(a.id, await a.sign(b.id, { type: 'call', attempt }));
    b.links.signalled(a.id, await a.sign(b.id, { type: 'abandon', attempt, reason: 'closed' }));
    await settled();
    release(); // the later one first
    await settled();
    expect(b.links.counters).toMatchObject({ callsTaken: 1, signalsStale: 0 });
    expect(b.links.links()).toEqual([]);
  });
});

test('who uses another’s attempt does not keep it from its owner', async () => {
  const ring = await TestRing.create(true);
  const [a, b, c] = [await ring.node('a'), await ring.node('b'), await ring.node('c')];
  a.links.connect(b.id);
  const attempt = '1'.padStart(16, '0');
  b.links.signalled(c.id, await c.sign(b.id, { type: 'call', attempt }));
  await settled();
  expect(await a.probe.log()).toEqual([`up ${b.id}`]);
});

test('a flood by the ring is dropped unchecked past a bound, and leaves the Discovery node’s way free', async () => {
  const ring = await TestRing.create(true);
  const [a, b, c] = [await ring.node('a'), await ring.node('b'), await ring.node('c')];
  vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  for (let number = 0; number < CHECK_RATE.burst + 10; number += 1) {
    const call = await c.sign(b.id, { type: 'call', attempt: number.toString(16).padStart(16, '0') });
    b.links.signalled(c.id, call.replace('"attempt"', ' "attempt"'));
  }
  await settled();
  expect(b.links.counters).toMatchObject({ signalsForged: CHECK_RATE.burst, signalsOverBudget: 10 });
  a.links.connect(b.id);
  await settled();
  expect(await a.probe.log()).toEqual([`up ${b.id}`]);
  vi.restoreAllMocks();
});

test('a forged copy of what has arrived as it was disturbs nothing', async () => {
  const ring = await TestRing.create();
  const [a, b] = [await ring.node('a'), await ring.node('b')];
  ring.relay.passes = (from) => from !== b.id;
  a.links.connect(b.id);
  await settled();
  const offer = ring.relay.sent[0]?.signal ?? '';
  b.links.signalled(a.id, withOtherFingerprint(offer));
  ring.relay.passes = () => true;
  b.links.signalled(a.id, offer);
  await settled();
  expect(b.links.counters.signalsForged).toBe(1);
  expect(ring.signalTypes).not.toContain('doubt');
});

function releaseAll(waiting: (() => void)[]): void {
  for (const resolve of waiting.splice(0)) resolve();
}

/** Describes connections of one certificate, and makes connections of another. */
function elsewhere(ring: TestRing): Connect {
  return (options, events) =>
    ring.network.connect(options, {
      ...events,
      description: ({ type, sdp }) => events.description({ type, sdp: withOtherFingerprint(sdp) }),
    });
}
