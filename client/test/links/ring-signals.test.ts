// Links signalled through a ring that loses, doubles and reorders what it carries, and over the Discovery node beside it.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ANSWER_LOST_MS, RING_ANSWER_MS } from '../../src/links/limits.ts';
import { bodyOf, settled, type TestNode, TestRing } from './pair.ts';

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

interface Carried {
  readonly from: TestNode;
  readonly to: TestNode;
  readonly text: string;
}

/** Two nodes with a ring between them. `carries` may answer with what arrives instead: nothing, or it twice, or others. */
async function ringPair(carries: (signal: Carried) => readonly Carried[] = (signal) => [signal]) {
  const ring = await TestRing.create();
  const [a, b] = [await ring.node('a'), await ring.node('b')];
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.probe.carry = (_, text) => {
      for (const signal of carries({ from, to, text })) {
        setImmediate(() => signal.to.links.signalled(signal.from.id, signal.text));
      }
      return true;
    };
  }
  return { ring, a, b };
}

async function expectOpen(a: TestNode, b: TestNode): Promise<void> {
  await settled();
  expect(await a.probe.log()).toEqual([`up ${b.id}`]);
  expect(await b.probe.log()).toEqual([`up ${a.id}`]);
}

test('a link is signalled through the ring, which both ends tell and count', async () => {
  const { ring, a, b } = await ringPair();
  a.links.connect(b.id);
  await expectOpen(a, b);
  expect(ring.relay.sent).toEqual([]);
  for (const { links } of [a, b]) {
    expect(links.links()[0]).toMatchObject({ state: 'open', signalledBy: 'ring' });
    expect(links.counters).toMatchObject({ linksByRing: 1, linksByDiscovery: 0 });
  }
});

test('glare through the ring: the higher id’s offer wins', async () => {
  const { a, b } = await ringPair();
  a.links.connect(b.id);
  b.links.connect(a.id);
  await expectOpen(a, b);
  expect([a.links.counters.glare, b.links.counters.glare]).toEqual([1, 1]);
});

describe('a ring that is not perfect', () => {
  test('doubles everything', async () => {
    const { ring, a, b } = await ringPair((signal) => [signal, signal]);
    a.links.connect(b.id);
    await expectOpen(a, b);
    expect(ring.network.connections).toHaveLength(2);
  });

  test('delivers later words first: they hold all that was said before', async () => {
    let held: Carried | undefined;
    const { ring, a, b } = await ringPair((signal) => {
      if (signal.from.id !== a.id) return [signal];
      if (held !== undefined) return [signal, held];
      held = signal;
      return [];
    });
    a.links.connect(b.id);
    await new Promise((resolve) => setImmediate(resolve));
    const candidate = { candidate: 'host 1', sdpMLineIndex: 0, sdpMid: '0' };
    ring.network.connections[0]?.events.candidate(candidate);
    vi.advanceTimersByTime(60);
    await expectOpen(a, b);
    expect(ring.network.connections[1]?.candidates).toEqual(['host 1']);
  });

  test('loses the offer: after a while it goes over the Discovery node, and the answer comes that way', async () => {
    const { ring, a, b } = await ringPair(() => []);
    a.links.connect(b.id);
    await settled();
    expect(ring.relay.sent).toEqual([]);
    await pass(RING_ANSWER_MS);
    await expectOpen(a, b);
    expect(ring.signalTypes).toEqual(['offer', 'answer']);
    expect(a.links.links()[0]?.signalledBy).toBe('discovery');
    expect(a.links.counters.ringFallbacks).toBe(1);
  });

  test('loses the answer: it comes again over the Discovery node', async () => {
    const { ring, a, b } = await ringPair((signal) => (bodyOf(signal.text).type === 'answer' ? [] : [signal]));
    a.links.connect(b.id);
    await settled();
    await pass(RING_ANSWER_MS);
    await expectOpen(a, b);
    expect(ring.signalTypes).toEqual(['offer', 'answer']);
    expect(ring.network.connections).toHaveLength(2);
  });

  test('loses the answer while the Discovery node is away: it comes again when the offer does', async () => {
    let answers = 0;
    const { ring, a, b } = await ringPair((signal) => {
      if (bodyOf(signal.text).type !== 'answer') return [signal];
      answers += 1;
      return answers === 1 ? [] : [signal];
    });
    ring.relay.isAway = true;
    a.links.connect(b.id);
    await settled();
    expect(ANSWER_LOST_MS).toBeLessThan(RING_ANSWER_MS);
    await pass(RING_ANSWER_MS);
    await pass(1);
    await expectOpen(a, b);
    expect(answers).toBe(2);
  });
});

test('what nobody can bring on fails at once where the Discovery node knows nobody either', async () => {
  const ring = await TestRing.create();
  const a = await ring.node('a');
  a.probe.carry = (peer) => {
    a.links.signalled(peer, '');
    return true;
  };
  const b = await ring.node('b');
  ring.relay.forget(b.id);
  a.links.connect(b.id);
  await settled();
  expect(await a.probe.log()).toEqual([`failed ${b.id} signalling`]);
  expect((await a.probe.failures())[0]?.noSuchPeer).toBe(true);
});

test('an offer beyond the budget is refused, and its sender told', async () => {
  const { a, b } = await ringPair();
  b.probe.mayAnswer = () => false;
  a.links.connect(b.id);
  await settled();
  expect(await a.probe.log()).toEqual([`failed ${b.id} budget`]);
  expect(b.links.counters.offersRefused).toBe(1);
});

test.each([true, false])('an offer says whether its sender joins: %s', async (isJoining) => {
  const { a, b } = await ringPair();
  a.probe.isJoining = () => isJoining;
  const said: boolean[] = [];
  b.probe.mayAnswer = (_, joins) => {
    said.push(joins);
    return true;
  };
  a.links.connect(b.id);
  await settled();
  expect(said).toEqual([isJoining]);
});
