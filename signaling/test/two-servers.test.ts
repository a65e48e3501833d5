// Two Discovery nodes of one ring on a real Redis, as their tabs see them.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FRAME_RECEIVED_MS } from '../limits.ts';
import { DISPLACED_MESSAGE } from '../protocol.ts';
import { createRing, type Ring } from '../ring.ts';
import { RedisServer, withoutRedis } from './redis-server.ts';
import {
  accepted,
  askRaw,
  type Bench,
  decoded,
  keysOf,
  refusalCode,
  refusalMessage,
  register,
  seededRandom,
  startBench,
  tryRegister,
} from './support.ts';

const PARAMS = { digits: 4, leafSetSize: 2 };

describe.skipIf(withoutRedis !== undefined)(`two servers${withoutRedis ? `: ${withoutRedis}` : ''}`, () => {
  let redis: RedisServer;
  let ring: Ring;
  let [here, there]: Bench[] = [];
  beforeAll(async () => {
    redis = await RedisServer.start(false);
  });
  afterAll(() => redis?.end());
  beforeEach(async () => {
    // Each test has a ring of its own, with a key of its own.
    await redis.kill();
    await redis.begin();
    ring = await createRing();
    [here, there] = [await start(ring), await start(ring, 2)];
  });
  afterEach(async () => {
    await here?.close();
    await there?.close();
  });

  /** `seed`: two that run at once draw names of their own. */
  function start(of: Ring, seed = 1): Promise<Bench> {
    const random = seededRandom(seed);
    return startBench({ params: PARAMS, ring: of, redis: redis.url, random, relayBytesPerSecond: 1_000_000 });
  }

  function both(): readonly [Bench, Bench] {
    if (here === undefined || there === undefined) throw new Error('not two');
    return [here, there];
  }

  test('signals cross, to who is there, and in order', async () => {
    const [a, b] = both();
    const [one, other] = [await a.connect(), await b.connect()];
    const [{ nodeId: from }, { nodeId: to, sponsor }] = [await register(one), await register(other)];
    expect(sponsor).toBe(from);
    const signals: string[] = [];
    other.on('signal', ({ signal, from: sender }) => signals.push(`${signal} of ${sender}`));
    for (const signal of ['1', '2', '3'])
      expect(accepted(await one.emitWithAck('signal', { to, signal }))).toEqual({ relayed: true });
    await expect.poll(() => signals, { timeout: 60_000 }).toEqual(['1', '2', '3'].map((each) => `${each} of ${from}`));
    expect(a.lines.all.at(-1)).toBe(`registered ${from} (1 node)`);
    expect(b.lines.all.at(-1)).toBe(`registered ${to} (2 nodes)`);
    other.disconnect();
    await b.lines.matching(/removed/);
    expect(refusalCode(await one.emitWithAck('signal', { to, signal: '4' }))).toBe('unknown-peer');
  });

  test('frames cross, each acknowledged by its tab, as they were and in order', async () => {
    const [a, b] = both();
    const [one, other] = [await a.connect(), await b.connect()];
    const [{ nodeId: from }, { nodeId: to }] = [await register(one), await register(other)];
    const arrived: unknown[] = [];
    other.on('frame', ({ from: sender, bytes }, received) => {
      arrived.push({ from: sender, bytes: [...bytes.subarray(0, 2)], length: bytes.length });
      received();
    });
    // One that answers nothing, at the same time: each hears of its own.
    const unheard = askRaw(other, 'frame', { to: from, bytes: Uint8Array.of(1) });
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    // As many at once as a window has room for.
    for (const batch of [numbers.slice(0, 10), numbers.slice(10)]) {
      const asked = batch.map((number) => askRaw(one, 'frame', { to, bytes: new Uint8Array(5_000).fill(number) }));
      expect(await Promise.all(asked)).toEqual(batch.map(() => ({ relayed: true })));
    }
    expect(arrived).toEqual(numbers.map((number) => ({ from, bytes: [number, number], length: 5_000 })));
    expect(refusalMessage(await unheard)).toMatch(/did not acknowledge/);
    // By the server of who sent them.
    expect(await a.node.counters()).toMatchObject({ 'relayed-bytes': 100_000 });
    expect(await b.node.counters()).toMatchObject({ 'relayed-bytes': 1 });
  });

  test('a frame that its tab does not acknowledge, or for nobody, is refused', async () => {
    const [a, b] = both();
    const [one, silent] = [await a.connect(), await b.connect()];
    const [{ nodeId: to }] = [await register(silent), await register(one)];
    const bytes = Uint8Array.of(1);
    const before = performance.now();
    expect(refusalMessage(await askRaw(one, 'frame', { to, bytes }))).toMatch(/did not acknowledge/);
    expect(performance.now() - before).toBeGreaterThan(FRAME_RECEIVED_MS - 100);
    silent.disconnect();
    await b.lines.matching(/removed/);
    expect(refusalMessage(await askRaw(one, 'frame', { to, bytes }))).toMatch(/no tab/i);
  });

  test('while Redis is away frames pass between tabs of one server, and to the other they are refused', async () => {
    const [a, b] = both();
    const [one, near, far] = [await a.connect(), await a.connect(), await b.connect()];
    await register(one);
    const [{ nodeId: nearId }, { nodeId: farId }] = [await register(near), await register(far)];
    for (const tab of [near, far]) tab.on('frame', (_frame, received) => received());
    const bytes = Uint8Array.of(1);
    expect(await askRaw(one, 'frame', { to: farId, bytes })).toEqual({ relayed: true });
    await redis.kill();
    expect(await askRaw(one, 'frame', { to: nearId, bytes })).toEqual({ relayed: true });
    expect(refusalCode(await askRaw(one, 'frame', { to: farId, bytes }))).toBe('rate-limited');
    await redis.begin();
    const again = async (): Promise<unknown> => askRaw(one, 'frame', { to: farId, bytes });
    await expect.poll(again, { timeout: 60_000, interval: 500 }).toEqual({ relayed: true });
  });

  test('an answer that is on its way when Redis ends is lost, and nothing else', async () => {
    const [a, b] = both();
    const [one, far, beside] = [await a.connect(), await b.connect(), await b.connect()];
    await register(one);
    const [{ nodeId: to }, { nodeId: besideId }] = [await register(far), await register(beside)];
    const arrived = new Promise<() => void>((resolve) => far.on('frame', (_frame, received) => resolve(received)));
    beside.on('frame', (_frame, received) => received());
    const asked = askRaw(one, 'frame', { to, bytes: Uint8Array.of(1) });
    const acknowledge = await arrived;
    redis.hang();
    acknowledge();
    // When this has passed behind it, the answer is with Redis.
    expect(await askRaw(far, 'frame', { to: besideId, bytes: Uint8Array.of(1) })).toEqual({ relayed: true });
    await redis.kill();
    expect(refusalMessage(await asked)).toMatch(/did not acknowledge/);
  });

  test('an identity that begins a new life at the other ends its old one', async () => {
    const [a, b] = both();
    const [first, second] = [await a.connect(), await b.connect()];
    const { nodeId, certificate } = await register(first, { wantedId: 'beef' });
    const removed = new Promise((resolve) => first.once('removed', resolve));
    const again = await register(second, { keys: await keysOf(first), wantedId: 'beef' });
    expect(again.nodeId).toBe(nodeId);
    expect(decoded(again.certificate).epoch).toBeGreaterThan(decoded(certificate).epoch);
    expect(await removed).toBe(DISPLACED_MESSAGE);
  });

  test('a life that goes on at the other ends its old socket without a word', async () => {
    const [a, b] = both();
    const [first, second] = [await a.connect(), await b.connect()];
    const { certificate, nodeId } = await register(first, { wantedId: 'beef' });
    const ended = new Promise((resolve) => first.once('disconnect', resolve));
    const wish = { keys: await keysOf(first), wantedId: 'beef', certificate, life: 'same' } as const;
    expect((await register(second, wish)).nodeId).toBe(nodeId);
    expect(await ended).toBe('io server disconnect');
    expect(b.node.nodes().map((node) => node.nodeId)).toEqual(['beef']);
  });

  test('the operator of one sends a tab of the other away', async () => {
    const [a, b] = both();
    const tab = await a.connect();
    const { nodeId } = await register(tab, { wantedId: 'beef' });
    const removed = new Promise((resolve) => tab.once('removed', resolve));
    expect(await b.node.remove(decoded((await register(await b.connect())).certificate).nodeId)).toBe(true);
    const owned = decoded((await register(await a.connect(), { wantedId: 'cafe' })).certificate).nodeId;
    expect(nodeId).toBe('beef');
    expect(await b.node.remove(owned)).toBe(true);
    const [listed] = a.node.nodes();
    if (listed === undefined) throw new Error('nobody');
    expect(await b.node.remove(listed.nodeId)).toBe(true);
    expect(await removed).toBe('its operator has sent this node away');
    expect((await register(await b.connect(), { wantedId: 'beef' })).wantedIdGranted).toBe(true);
  });

  test('while Redis is away a newcomer is told when to come again, and /readyz says why', async () => {
    const [a] = both();
    const tab = await a.connect();
    await redis.kill();
    const refusal = await tryRegister(tab);
    expect(refusal).toMatchObject({ error: { code: 'rate-limited', retrySeconds: 2 } });
    expect(refusalMessage(refusal)).toContain('Come again in 2 seconds');
    const ready = await fetch(`${a.node.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { problems: ['Redis cannot be reached'] }]);
    expect(await a.node.counters()).toMatchObject({ 'directory-away': 1 });
    await redis.begin();
    await a.lines.matching(/Redis can be reached again/);
    await expect.poll(async () => refusalCode(await tryRegister(tab)), { timeout: 60_000 }).toBeUndefined();
  });

  test('one with another key does not start', async () => {
    await expect(start(await createRing())).rejects.toThrow(/another key for the ring main/);
  });
});
