// Two Discovery nodes of one ring on a real Redis, as their tabs see them.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DISPLACED_MESSAGE } from '../protocol.ts';
import { createRing, type Ring } from '../ring.ts';
import { RedisServer, withoutRedis } from './redis-server.ts';
import {
  accepted,
  type Bench,
  decoded,
  keysOf,
  refusalCode,
  refusalMessage,
  register,
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
    [here, there] = [await start(ring), await start(ring)];
  });
  afterEach(async () => {
    await here?.close();
    await there?.close();
  });

  function start(of: Ring): Promise<Bench> {
    return startBench({ params: PARAMS, ring: of, redis: redis.url });
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
