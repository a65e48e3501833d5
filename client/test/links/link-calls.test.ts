// Nodes that know of each other by hearsay only: who calls, who offers, and what is left when signals are lost.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ATTEMPT_RATE, CONNECT_TIMEOUT_MS, MAX_PENDING_INCOMING, RING_ANSWER_MS } from '../../src/links/limits.ts';
import { anyCertificate } from '../trust/any-certificate.ts';
import { fakeSdp } from './fake-webrtc.ts';
import { bodyOf, nodeId, settled, type TestNode, TestRing } from './pair.ts';

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

async function strangers(...prefixes: string[]): Promise<{ ring: TestRing; nodes: TestNode[] }> {
  const ring = await TestRing.create(true);
  const nodes: TestNode[] = [];
  for (const prefix of prefixes) nodes.push(await ring.node(prefix));
  return { ring, nodes };
}

async function pair() {
  const { ring, nodes } = await strangers('1', '2');
  const [low, high] = nodes;
  if (low === undefined || high === undefined) throw new Error('no pair');
  return { ring, low, high };
}

async function expectLinked(a: TestNode, b: TestNode): Promise<void> {
  expect(await a.probe.log()).toEqual([`up ${b.id}`]);
  expect(await b.probe.log()).toEqual([`up ${a.id}`]);
}

describe('a call', () => {
  test('is followed by the offer of who is called, and no more signals than that', async () => {
    const { ring, low, high } = await pair();
    low.links.connect(high.id);
    expect(low.links.links()).toEqual([{ nodeId: high.id, state: 'connecting' }]);
    await settled();
    await expectLinked(low, high);
    expect(ring.signalTypes).toEqual(['call', 'offer', 'answer']);
    expect(ring.network.connections).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is made once: who has proved to exist is offered to', async () => {
    const { ring, low, high } = await pair();
    low.links.connect(high.id);
    await settled();
    low.links.close(high.id, 'budget');
    await settled();
    high.links.connect(low.id);
    await settled();
    expect(ring.signalTypes.slice(3)).toEqual(['offer', 'answer']);
  });

  test('is not needed for one that the Discovery node has named', async () => {
    const ring = await TestRing.create(true);
    const [a, b] = [await ring.node('a', { isNamed: (peer) => peer === nodeId('b') }), await ring.node('b')];
    a.links.connect(b.id);
    await settled();
    await expectLinked(a, b);
    expect(ring.signalTypes).toEqual(['offer', 'answer']);
  });

  test('is made again to one whose certificate has expired since', async () => {
    const { ring, low, high } = await pair();
    const expires = ring.authority.now + 10;
    low.links.introduce(anyCertificate(high.id, { expires }));
    ring.authority.now = expires;
    low.links.connect(high.id);
    expect(ring.network.connections).toEqual([]);
    await settled();
    expect(ring.signalTypes).toEqual(['call', 'offer', 'answer']);
  });

  test.each([true, false])('says whether its sender joins: %s', async (isJoining) => {
    const { low, high } = await pair();
    low.probe.isJoining = () => isJoining;
    const said: boolean[] = [];
    high.probe.mayAnswer = (_, joins) => {
      said.push(joins);
      return true;
    };
    low.links.connect(high.id);
    await settled();
    expect(said).toEqual([isJoining]);
  });

  test('to one without room is refused, and its sender told', async () => {
    const { ring, low, high } = await pair();
    high.probe.mayAnswer = () => false;
    low.links.connect(high.id);
    await settled();
    expect(await low.probe.log()).toEqual([`failed ${high.id} budget`]);
    expect(high.links.counters).toMatchObject({ callsRefused: 1, callsTaken: 0 });
    expect(ring.network.connections).toEqual([]);
    expect(high.links.links()).toEqual([]);
  });

  test('that nobody answers fails in the same time as an offer, and says the same', async () => {
    const { ring, low, high } = await pair();
    ring.relay.passes = () => false;
    low.links.connect(high.id);
    await settled();
    await pass(CONNECT_TIMEOUT_MS - 1);
    expect(await low.probe.log()).toEqual([]);
    await pass(1);
    expect(await low.probe.log()).toEqual([`failed ${high.id} no-answer`]);
    expect(low.links.links()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that is given up frees who was called', async () => {
    const { ring, low, high } = await pair();
    ring.network.hasPaths = false;
    low.links.connect(high.id);
    await settled();
    low.links.close(high.id, 'budget');
    await settled();
    expect(high.links.links()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    expect(await low.probe.log()).toEqual([]);
  });

  test('that is given up before its answer is here makes no link any more', async () => {
    const { ring, low, high } = await pair();
    ring.relay.passes = (from) => from !== high.id;
    low.links.connect(high.id);
    await settled();
    low.links.close(high.id, 'budget');
    ring.relay.passes = () => true;
    await settled();
    expect(high.links.links()).toEqual([]);
    expect(low.links.links()).toEqual([]);
    expect(ring.network.live).toEqual([]);
  });

  test('whose link does not open is told of as a failure of a link that was wanted, at the other end as not', async () => {
    const { ring, low, high } = await pair();
    ring.network.hasPaths = false;
    high.probe.answerFailed = vi.fn();
    low.links.connect(high.id);
    await settled();
    await pass(CONNECT_TIMEOUT_MS);
    expect(await low.probe.log()).toEqual([`failed ${high.id} ice`]);
    expect(await high.probe.log()).toEqual([]);
    expect(high.probe.answerFailed).toHaveBeenCalledExactlyOnceWith(low.id, expect.objectContaining({ stage: 'ice' }));
  });

  test('that came twice is taken up once', async () => {
    const { ring, low, high } = await pair();
    low.links.connect(high.id);
    await settled();
    const [call] = ring.relay.sent;
    high.links.signalled(low.id, call?.signal ?? '');
    await settled();
    await expectLinked(low, high);
    low.links.close(high.id, 'budget');
    await settled();
    high.links.signalled(low.id, call?.signal ?? '');
    await settled();
    expect(high.links.counters.signalsStale).toBe(1);
    expect(ring.network.connections).toHaveLength(2);
  });
});

describe('both ends at once', () => {
  test('two calls make one link, offered by the higher id', async () => {
    const { ring, low, high } = await pair();
    low.links.connect(high.id);
    high.links.connect(low.id);
    await settled();
    await expectLinked(low, high);
    expect(offersOf(ring)).toEqual([high.id]);
    expect(ring.network.connections).toHaveLength(2);
    expect([low.links.counters.glare, high.links.counters.glare]).toEqual([1, 1]);
  });

  test('a call of which the other end has not heard is repeated to one that calls too', async () => {
    const { ring, low, high } = await pair();
    ring.relay.passes = (from) => from !== low.id;
    low.links.connect(high.id);
    await settled();
    ring.relay.passes = () => true;
    high.links.connect(low.id);
    await settled();
    await expectLinked(low, high);
    expect(offersOf(ring)).toEqual([high.id]);
  });

  test.each(['low', 'high'] as const)('a call and an offer make one link, by the offer, of the %s one', async (who) => {
    const { ring, low, high } = await pair();
    const [offering, calling] = who === 'low' ? [low, high] : [high, low];
    offering.links.introduce(calling.credentials.certificate);
    offering.links.connect(calling.id);
    calling.links.connect(offering.id);
    await settled();
    await expectLinked(low, high);
    expect(offersOf(ring)[0]).toBe(offering.id);
    expect(ring.network.connections).toHaveLength(2);
  });
});

describe('the other tab was reloaded', () => {
  test('a call replaces the link that still seems open, once the new one is', async () => {
    const { ring, low, high } = await pair();
    low.links.connect(high.id);
    await settled();
    const reloaded = await ring.node('1');
    reloaded.links.connect(high.id);
    await settled();
    expect(await high.probe.log()).toEqual([`up ${low.id}`, `down ${low.id} lost`, `up ${low.id}`]);
    expect(high.links.counters.linksReplaced).toBe(1);
    expect(await reloaded.probe.log()).toEqual([`up ${high.id}`]);
  });

  test('a call takes the place of an attempt that its former life began', async () => {
    const { ring, low, high } = await pair();
    ring.network.hasPaths = false;
    low.links.connect(high.id);
    await settled();
    ring.network.hasPaths = true;
    const reloaded = await ring.node('1');
    reloaded.links.connect(high.id);
    await settled();
    await expectLinked(reloaded, high);
    expect(low.id).toBe(reloaded.id);
  });

  test('words of its former life count no more', async () => {
    const { ring, low, high } = await pair();
    low.links.connect(high.id);
    await settled();
    const reloaded = await ring.node('1');
    reloaded.links.connect(high.id);
    await settled();
    const late = await low.sign(high.id, { type: 'call', attempt: 'e'.repeat(16) });
    high.links.signalled(low.id, late);
    await settled();
    expect(high.links.counters.signalsOutdated).toBe(1);
    expect(high.links.links()).toMatchObject([{ nodeId: low.id, state: 'open' }]);
  });
});

describe('through a ring', () => {
  test('whose offer is lost, the call comes again over the Discovery node, and so does the offer', async () => {
    const { ring, low, high } = await pair();
    low.probe.carry = (_, text) => {
      setImmediate(() => high.links.signalled(low.id, text));
      return true;
    };
    high.probe.carry = () => true;
    low.links.connect(high.id);
    await settled();
    expect(high.links.counters.callsTaken).toBe(1);
    await pass(RING_ANSWER_MS);
    await expectLinked(low, high);
    expect(ring.signalTypes).toEqual(['call', 'offer', 'answer']);
    expect(ring.network.connections).toHaveLength(2);
  });

  test('that knows nobody of this id, and a Discovery node that does not either: there is none, and nothing was made for it', async () => {
    const { ring, low } = await pair();
    low.probe.carry = (peer) => {
      low.links.signalled(peer, '');
      return true;
    };
    low.links.connect(nodeId('c'));
    await settled();
    expect((await low.probe.failures())[0]).toMatchObject({ stage: 'signalling', noSuchPeer: true });
    expect(ring.network.connections).toEqual([]);
  });
});

describe('bounds', () => {
  test('calls of many nodes at once are taken up to a bound, the rest is told to wait', async () => {
    const { ring, nodes } = await strangers('ffff');
    const [target] = nodes;
    ring.network.hasPaths = false;
    const others: TestNode[] = [];
    for (let i = 0; i <= MAX_PENDING_INCOMING; i += 1) others.push(await ring.node(i.toString(16).padStart(4, '0')));
    for (const { links } of others) links.connect(nodeId('ffff'));
    await settled();
    expect(target?.links.links()).toHaveLength(MAX_PENDING_INCOMING);
    expect(target?.links.counters.callsRefused).toBe(1);
  });

  test('attempts that were wished for here leave others their room', async () => {
    const { ring, nodes } = await strangers('ffff', 'eeee');
    const [target, late] = nodes;
    ring.network.hasPaths = false;
    const others: TestNode[] = [];
    for (let i = 0; i <= MAX_PENDING_INCOMING; i += 1) others.push(await ring.node(i.toString(16).padStart(4, '0')));
    for (const { id } of others) target?.links.connect(id);
    await settled();
    late?.links.connect(nodeId('ffff'));
    await settled();
    expect(target?.links.counters).toMatchObject({ callsTaken: 1, callsRefused: 0 });
  });

  test.each(['call', 'offer'] as const)(
    'one node’s %ss use up no connections: past its own budget it is told to wait',
    async (type) => {
      const { ring, low, high } = await pair();
      const attempt = (number: number): string => number.toString(16).padStart(16, 'f');
      const say = async (number: number) => {
        const words = { attempt: attempt(number), sdp: fakeSdp(1_000), candidates: [] };
        const text = await low.sign(high.id, type === 'call' ? { type, attempt: words.attempt } : { type, ...words });
        high.links.signalled(low.id, text);
      };
      for (let number = 0; number < ATTEMPT_RATE.burst; number += 1) await say(number);
      await settled();
      expect(high.links.counters.connectionsCreated).toBe(ATTEMPT_RATE.burst);
      await say(ATTEMPT_RATE.burst);
      await settled();
      expect(high.links.counters.connectionsCreated).toBe(ATTEMPT_RATE.burst);
      expect(ring.relay.sent.map(({ signal }) => bodyOf(signal))).toContainEqual({
        ...{ type: 'abandon', reason: 'busy', attempt: attempt(ATTEMPT_RATE.burst) },
      });
      clock += 1_000 / ATTEMPT_RATE.perSecond;
      await say(ATTEMPT_RATE.burst + 1);
      await settled();
      expect(high.links.counters.connectionsCreated).toBe(ATTEMPT_RATE.burst + 1);
      const other = await ring.node('3');
      other.links.connect(high.id);
      await settled();
      expect(await other.probe.log()).toEqual([`up ${high.id}`]);
    },
  );
});

function offersOf(ring: TestRing): string[] {
  return ring.relay.sent.filter(({ signal }) => bodyOf(signal).type === 'offer').map(({ from }) => from);
}
