// WebRtcLinks over a fake WebRTC: the contract of every link layer, then glare, reloads, late signals and bounds.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  AWAY_AGAIN_MS,
  CLOSE_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  DISCONNECTED_GRACE_MS,
  HIGH_WATER_BYTES,
  MAX_ATTEMPT_CANDIDATES,
  MAX_AWAY_TRIES,
  MAX_FRAME_BYTES,
  MAX_PENDING_INCOMING,
  MAX_QUEUED_BYTES,
} from '../../src/links/limits.ts';
import type { Signal } from '../../src/links/signal.ts';
import { SignalProofs } from '../../src/links/signal-proofs.ts';
import { LINK_SCENARIOS } from '../contracts/link-layer.ts';
import { PROOF_SCENARIOS } from '../contracts/link-proofs.ts';
import { Authority } from '../trust/authority.ts';
import { cheapSuite } from '../trust/cheap-suite.ts';
import { fakeSdp } from './fake-webrtc.ts';
import { nodeId, settled, type TestNode, TestRing } from './pair.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function openPair() {
  const ring = await TestRing.create();
  const [a, b] = [await ring.node('a'), await ring.node('b')];
  a.links.connect(b.id);
  await settled();
  expect(await a.probe.log()).toEqual([`up ${b.id}`]);
  expect(await b.probe.log()).toEqual([`up ${a.id}`]);
  return { ring, a, b };
}

describe.each([
  ['nodes that know of each other', false],
  ['strangers', true],
])('contract of link layers, between %s', (_, areStrangers) => {
  for (const { title, run } of LINK_SCENARIOS) {
    test(title, async () => {
      const ring = await TestRing.create(areStrangers);
      const [a, b] = [await ring.node('a'), await ring.node('b')];
      await run({ a: a.probe, b: b.probe, idA: a.id, idB: b.id, idOfNobody: nodeId('c') });
    });
  }
});

describe('contract of links that prove both ends', () => {
  for (const { title, run } of PROOF_SCENARIOS) {
    test(title, async () => {
      const ring = await TestRing.create(true);
      const [a, b] = [await ring.node('a'), await ring.node('b')];
      const { authority } = ring;
      const foreignAuthority = await Authority.create(cheapSuite);
      const ends = { a: a.probe, b: b.probe, idA: a.id, idB: b.id, idOfNobody: nodeId('c') };
      await run({ ...ends, authority, foreignAuthority });
    });
  }
});

describe('both ends offer at once', () => {
  test('the offer of the higher id wins, the lower drops its own and answers', async () => {
    const ring = await TestRing.create();
    const [low, high] = [await ring.node('1'), await ring.node('2')];
    low.links.connect(high.id);
    high.links.connect(low.id);
    await settled();
    expect(await low.probe.log()).toEqual([`up ${high.id}`]);
    expect(await high.probe.log()).toEqual([`up ${low.id}`]);
    expect(ring.relay.sent.filter(({ signal }) => signal.includes('answer')).map(({ from }) => from)).toEqual([low.id]);
    expect(ring.network.live).toHaveLength(2);
    expect(low.links.counters.glare).toBe(1);
    expect(high.links.counters.glare).toBe(1);
  });

  test('a winner whose offer went to the former life of a reloaded tab repeats it', async () => {
    const ring = await TestRing.create();
    const [low, high] = [await ring.node('1'), await ring.node('2')];
    ring.relay.passes = (from) => from !== high.id;
    high.links.connect(low.id);
    await settled();
    ring.relay.passes = () => true;
    low.links.connect(high.id);
    await settled();
    expect(await low.probe.log()).toEqual([`up ${high.id}`]);
    expect(await high.probe.log()).toEqual([`up ${low.id}`]);
  });

  test('the failure of the offer that was yielded to is told, since a link was wanted', async () => {
    const ring = await TestRing.create();
    const [low, high] = [await ring.node('1'), await ring.node('2')];
    low.links.connect(high.id);
    high.links.connect(low.id);
    ring.network.hasPaths = false;
    await settled();
    vi.advanceTimersByTime(CONNECT_TIMEOUT_MS);
    expect(await low.probe.log()).toEqual([`failed ${high.id} ice`]);
    expect(await high.probe.log()).toEqual([`failed ${low.id} ice`]);
  });
});

describe('the other tab was reloaded', () => {
  test('its new offer replaces the link that still seems open', async () => {
    const { ring, a, b } = await openPair();
    const reloaded = await ring.node('a');
    reloaded.links.connect(b.id);
    await settled();
    expect(await b.probe.log()).toEqual([`up ${a.id}`, `down ${a.id} lost`, `up ${a.id}`]);
    expect(await reloaded.probe.log()).toEqual([`up ${b.id}`]);
    expect(b.links.counters.linksReplaced).toBe(1);
    b.links.send(a.id, new Uint8Array(10));
    await settled();
    expect((await reloaded.probe.received(b.id, 10)).frames).toBe(1);
  });

  test('an offer that leads to nothing does not harm the open link, nor is it told of', async () => {
    const { ring, a, b } = await openPair();
    b.probe.answerFailed = vi.fn();
    const offer = { type: 'offer', attempt: 'f'.repeat(16), sdp: fakeSdp(1_000), candidates: [] } satisfies Signal;
    await ring.relay.at(a.id).send(b.id, await a.sign(b.id, offer));
    await settled();
    vi.advanceTimersByTime(CONNECT_TIMEOUT_MS);
    await settled();
    expect(await b.probe.log()).toEqual([`up ${a.id}`]);
    expect(b.probe.answerFailed).not.toHaveBeenCalled();
    expect(ring.network.live).toHaveLength(2);
  });
});

describe('stages of failure', () => {
  test("are told of the other tab's attempts too, but not as of a link that was wanted", async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    b.probe.answerFailed = vi.fn();
    ring.network.hasPaths = false;
    a.links.connect(b.id);
    await settled();
    vi.advanceTimersByTime(CONNECT_TIMEOUT_MS);
    expect(await a.probe.log()).toEqual([`failed ${b.id} ice`]);
    expect(await b.probe.log()).toEqual([]);
    expect(b.probe.answerFailed).toHaveBeenCalledExactlyOnceWith(a.id, expect.objectContaining({ stage: 'ice' }));
  });

  test('signalling: the carrier is away', async () => {
    const ring = await TestRing.create();
    const a = await ring.node('a');
    ring.relay.isAway = true;
    a.links.connect(nodeId('b'));
    for (let tries = 0; tries < MAX_AWAY_TRIES; tries += 1) {
      await settled();
      expect(await a.probe.log()).toEqual([]);
      vi.advanceTimersByTime(AWAY_AGAIN_MS);
    }
    await settled();
    expect(await a.probe.failures()).toEqual([
      { stage: 'signalling', noSuchPeer: false, message: expect.stringContaining('it is away') },
    ]);
    expect(a.links.counters.signalsUnsent).toBe(1 + MAX_AWAY_TRIES);
  });

  test('no-answer: the offer arrived at nobody who answers', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    ring.relay.passes = () => false;
    a.links.connect(b.id);
    await settled();
    vi.advanceTimersByTime(CONNECT_TIMEOUT_MS - 1);
    expect(await a.probe.log()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(await a.probe.log()).toEqual([`failed ${b.id} no-answer`]);
    expect(ring.network.live).toEqual([]);
  });

  test('ice, and dtls', async () => {
    for (const stage of ['ice', 'dtls'] as const) {
      const ring = await TestRing.create();
      const [a, b] = [await ring.node('a'), await ring.node('b')];
      if (stage === 'ice') ring.network.hasPaths = false;
      else ring.network.hasChannels = false;
      a.links.connect(b.id);
      await settled();
      vi.advanceTimersByTime(CONNECT_TIMEOUT_MS);
      await settled();
      expect(await a.probe.log()).toEqual([`failed ${b.id} ${stage}`]);
      expect(await b.probe.log()).toEqual([]); // b did not ask for it
      expect(b.links.links()).toEqual([]);
    }
  });

  test('closed-by-peer: the other end gives up an opening link', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    ring.network.hasPaths = false;
    a.links.connect(b.id);
    await settled();
    b.links.close(a.id, 'budget');
    await settled();
    expect(await a.probe.log()).toEqual([`failed ${b.id} closed-by-peer`]);
  });

  test('budget: the browser makes no more connections', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    a.links.connect(b.id);
    ring.network.connections[0]?.events.closed({ code: 'ERR_PC_CONSTRUCTOR', message: 'too many' });
    expect(await a.probe.log()).toEqual([`failed ${b.id} budget`]);
  });

  test('webrtc: the browser does not even make the first', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    a.links.connect(b.id);
    ring.network.connections[0]?.events.closed({ code: 'ERR_WEBRTC_SUPPORT', message: 'switched off' });
    expect(await a.probe.log()).toEqual([`failed ${b.id} webrtc`]);
  });

  test('webrtc: there is none at all', async () => {
    const ring = await TestRing.create();
    const connect = (): never => {
      throw new Error('No WebRTC support');
    };
    const [a, b] = [await ring.node('a', { connect }), await ring.node('b')];
    a.links.connect(b.id);
    expect(a.links.links()).toEqual([{ nodeId: b.id, state: 'connecting' }]); // nothing was told within the call
    await settled();
    expect(await a.probe.log()).toEqual([`failed ${b.id} webrtc`]);
  });
});

describe('an open link', () => {
  test('is lost when ICE stays disconnected, and not when it recovers', async () => {
    const { ring, a, b } = await openPair();
    const connection = ring.network.connections[0];
    connection?.events.iceState('disconnected');
    vi.advanceTimersByTime(DISCONNECTED_GRACE_MS - 1);
    connection?.events.iceState('connected');
    vi.advanceTimersByTime(DISCONNECTED_GRACE_MS);
    expect(await a.probe.log()).toEqual([`up ${b.id}`]);
    connection?.events.iceState('disconnected');
    vi.advanceTimersByTime(DISCONNECTED_GRACE_MS);
    expect(await a.probe.log()).toEqual([`up ${b.id}`, `down ${b.id} lost`]);
  });

  test('takes frames that come before it is told of its opening by its own side', async () => {
    const { ring, a, b } = await openPair();
    ring.network.connections[1]?.events.message(new Uint8Array(4));
    expect((await b.probe.received(a.id, 4)).frames).toBe(1);
  });

  test('queues in memory what a slow end does not take, within a bound; past it the link is lost', async () => {
    const { ring, a, b } = await openPair();
    const connection = ring.network.connections[0];
    if (connection !== undefined) connection.stalled = true;
    const frame = new Uint8Array(MAX_FRAME_BYTES);
    for (let sent = 0; sent < MAX_QUEUED_BYTES; sent += frame.length) a.links.send(b.id, frame);
    await settled();
    expect(connection?.bufferedAmount).toBeLessThanOrEqual(HIGH_WATER_BYTES + MAX_FRAME_BYTES);
    expect(a.links.bufferedBytes(b.id)).toBe(MAX_QUEUED_BYTES);
    expect(await a.probe.log()).toEqual([`up ${b.id}`]);
    a.links.send(b.id, frame);
    a.links.send(b.id, frame);
    await settled();
    expect(await a.probe.log()).toEqual([`up ${b.id}`, `down ${b.id} lost`]);
    expect(a.links.counters.linksTooSlow).toBe(1);
    expect(connection?.destroyed).toBe(true);
  });

  test('refuses to send a frame that no browser would', async () => {
    const { a, b } = await openPair();
    expect(() => a.links.send(b.id, new Uint8Array(MAX_FRAME_BYTES + 1))).toThrow(RangeError);
  });

  test('tells of text that is no close reason, and lives on', async () => {
    const { ring, a, b } = await openPair();
    for (const text of ['close everything', '']) ring.network.connections[1]?.events.message(text);
    expect(await b.probe.log()).toEqual([`up ${a.id}`, `garbage ${a.id}`, `garbage ${a.id}`]);
  });

  test('is cut when the other end does not take the close reason in time, and nothing is kept', async () => {
    const { ring, a, b } = await openPair();
    for (const connection of ring.network.connections) connection.stalled = true;
    a.links.send(b.id, new Uint8Array(1000));
    a.links.close(b.id, 'goodbye');
    await settled();
    expect(ring.network.connections[0]?.destroyed).toBe(false);
    vi.advanceTimersByTime(CLOSE_TIMEOUT_MS);
    expect(ring.network.connections[0]?.destroyed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('closeAll also cuts what is still saying goodbye', async () => {
    const { ring, a, b } = await openPair();
    for (const connection of ring.network.connections) connection.stalled = true;
    a.links.close(b.id, 'goodbye');
    a.links.closeAll();
    expect(ring.network.connections[0]?.destroyed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('signals', () => {
  test('garbage is counted and dropped', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    const relay = ring.relay.at(a.id);
    relay.listen(() => undefined);
    const bodies = [
      '',
      'null',
      '{',
      '[]',
      JSON.stringify({ type: 'offer', attempt: '1', sdp: '' }),
      JSON.stringify({ type: 'offer', attempt: 'f'.repeat(16), sdp: 'x'.repeat(20_000) }),
      JSON.stringify({ type: 'renegotiate', attempt: 'f'.repeat(16), renegotiate: true }),
      JSON.stringify({ type: 'candidates', attempt: 'f'.repeat(16), candidates: [] }),
      JSON.stringify({ type: 'call', attempt: 'f'.repeat(16), sdp: fakeSdp(1) }),
    ];
    const proofs = new SignalProofs(a.credentials, () => 0);
    const signed = await Promise.all(bodies.map((body) => proofs.sign(b.id, body)));
    const garbage = [...bodies, ...signed, ' '.repeat(40_000), `${signed[0]}${' '.repeat(40_000)}`];
    for (const text of garbage) await relay.send(b.id, text);
    await settled();
    expect(b.links.counters.signalsMalformed).toBe(garbage.length);
    expect(ring.network.connections).toEqual([]);
  });

  test('of attempts that are over or unknown are ignored', async () => {
    const { ring, a, b } = await openPair();
    const offer = ring.relay.sent.find(({ signal }) => signal.includes('offer'));
    const answer = ring.relay.sent.find(({ signal }) => signal.includes('answer'));
    a.links.close(b.id, 'budget');
    await settled();
    const relay = ring.relay.at(a.id);
    await relay.send(b.id, offer?.signal ?? '');
    await relay.send(b.id, answer?.signal ?? '');
    await relay.send(b.id, await a.sign(b.id, { type: 'abandon', attempt: 'e'.repeat(16), reason: 'closed' }));
    await settled();
    // The answer is b's own.
    expect(b.links.counters).toMatchObject({ signalsStale: 2, signalsInAnothersName: 1 });
    expect(ring.network.connections).toHaveLength(2);
    expect(b.links.links()).toEqual([]);
  });

  test('an answer that comes twice does not disturb the open link', async () => {
    const { ring, a, b } = await openPair();
    const answer = ring.relay.sent.find(({ signal }) => signal.includes('answer'));
    await ring.relay.at(b.id).send(a.id, answer?.signal ?? '');
    await settled();
    expect(a.links.counters.signalsStale).toBe(1);
    expect(await a.probe.log()).toEqual([`up ${b.id}`]);
  });

  test('an answer to what was given up frees the other end at once', async () => {
    const ring = await TestRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    ring.relay.passes = (_from, to, signal) => to !== b.id || !signal.includes('abandon');
    a.links.connect(b.id);
    await new Promise((resolve) => setImmediate(resolve));
    a.links.close(b.id, 'budget');
    ring.relay.passes = () => true;
    await settled();
    expect(b.links.links()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('attempts of many nodes at once are answered up to a bound, the rest is told to wait', async () => {
    const ring = await TestRing.create();
    const target = await ring.node('ffff');
    ring.network.hasPaths = false;
    const others: TestNode[] = [];
    for (let i = 0; i <= MAX_PENDING_INCOMING; i += 1) others.push(await ring.node(i.toString(16).padStart(4, '0')));
    for (const { links } of others) links.connect(target.id);
    await settled();
    expect(target.links.links()).toHaveLength(MAX_PENDING_INCOMING);
    expect(target.links.counters.offersRefused).toBe(1);
    const failed = others.flatMap(({ links, probe }) => (links.links().length === 0 ? [probe] : []));
    expect(failed).toHaveLength(1);
    expect(await failed[0]?.log()).toEqual([`failed ${target.id} budget`]);
  });

  test('candidates past a bound, or unreadable ones, are dropped', async () => {
    const { ring, a, b } = await openPair();
    const attempt = `${'0'.repeat(15)}1`;
    const relay = ring.relay.at(a.id);
    const again = (...candidates: readonly string[]) =>
      a.sign(b.id, {
        ...{ type: 'offer', attempt, sdp: fakeSdp(0) },
        candidates: candidates.map((candidate) => ({ candidate, sdpMLineIndex: 0, sdpMid: '0' })),
      });
    await relay.send(b.id, await again('unreadable', 'host'));
    for (let sent = 0; sent < MAX_ATTEMPT_CANDIDATES; sent += 32) {
      await relay.send(b.id, await again('host', ...Array.from({ length: 31 }, (_, index) => `host ${sent + index}`)));
    }
    await settled();
    const { candidates } = ring.network.connections[1] ?? {};
    expect(new Set(candidates).size).toBe(candidates?.length);
    expect(candidates).toHaveLength(4 * 31 + 1);
    expect(await b.probe.log()).toEqual([`up ${a.id}`]);
  });
});
