// The directory that several Discovery nodes share in a real Redis.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DirectoryAway } from '../directory.ts';
import { RETURN_MS } from '../limits.ts';
import { RedisConnection } from '../redis/connection.ts';
import { LEASE_MS } from '../redis/limits.ts';
import { RedisDirectory } from '../redis/redis-directory.ts';
import { Registry } from '../redis/registry.ts';
import { DIGITS, type DirectoryOptions, directoryContract, id, register, tryRegister } from './directory-contract.ts';
import { RedisServer, withoutRedis } from './redis-server.ts';
import { seededRandom } from './support.ts';

/** With which a Discovery node opens its ring. */
const OPENING = { leaseMs: LEASE_MS, returnMs: RETURN_MS, seconds: 100, mostRecords: 1_000 };
let rings = 0;

/** How one Discovery node opens the ring of a prefix; `displaced` gets the sockets that it is to end. */
async function openIn(
  connection: RedisConnection,
  prefix: string,
  { digits = DIGITS, maxPeersPerAddress = 1_000, seed = 7 }: DirectoryOptions = {},
  { displaced = [] as string[], told = [] as string[], isComplete = true } = {},
  seconds = OPENING.seconds,
): Promise<RedisDirectory> {
  const registry = new Registry(connection, prefix);
  const ring = { ringKey: 'the key', params: '{}' };
  await registry.open({ ...ring, isComplete, records: [], ...OPENING, seconds });
  const directory = new RedisDirectory({
    ...{ registry, digits, maxPeersPerAddress, ring, random: seededRandom(seed), now: () => 0 },
    isReachable: () => connection.isOpen,
    displaced: (holder) => displaced.push(holder),
    tell: (line) => told.push(line),
  });
  await directory.beat();
  return directory;
}

function nextPrefix(): string {
  rings += 1;
  return `test:{${rings}}:`;
}

describe.skipIf(withoutRedis !== undefined)(`on Redis${withoutRedis === undefined ? '' : `: ${withoutRedis}`}`, () => {
  let redis: RedisServer;
  let connection: RedisConnection;
  beforeAll(async () => {
    redis = await RedisServer.start(false);
    connection = await RedisConnection.open(redis.url, () => undefined);
  });
  afterAll(async () => {
    connection?.close();
    await redis?.end();
  });

  directoryContract({ open: (options) => openIn(connection, nextPrefix(), options), runs: 10 });

  describe('two Discovery nodes', () => {
    const signKey = 'its own';

    test('know one ring: ids, keys, sponsors and where signals go', async () => {
      const prefix = nextPrefix();
      const [a, b] = [await openIn(connection, prefix), await openIn(connection, prefix, { seed: 8 })];
      const first = await register(a, 's1', { wantedId: id('beef') });
      const second = await register(b, 's2', { wantedId: id('beef') });
      expect(second).toMatchObject({ refusal: 'taken', sponsor: first.peer.nodeId });
      expect([a.here.nodes, b.here.nodes, b.size]).toEqual([1, 1, 2]);
      expect(await a.signalled(id('beef'), second.peer.nodeId)).toMatchObject({ holder: 's2' });
      expect(await b.signalled(second.peer.nodeId, id('beef'))).toMatchObject({ holder: 's1' });
      // Both have answered: they come before ten that only registered.
      for (let tab = 0; tab < 10; tab += 1) await register(a, `mute ${tab}`);
      const named = new Set<string | undefined>();
      for (let ask = 0; ask < 30; ask += 1) named.add((await register(b, `x${ask}`)).sponsor);
      expect(named).toEqual(new Set([first.peer.nodeId, second.peer.nodeId]));
      expect(a.list().map(({ nodeId }) => nodeId)).not.toContain(second.peer.nodeId);
    });

    test('hand an identity over: it goes on at the other, which names the socket that it had', async () => {
      const prefix = nextPrefix();
      const [a, b] = [await openIn(connection, prefix), await openIn(connection, prefix, { seed: 8 })];
      const { epoch } = (await register(a, 's1', { wantedId: id('beef'), signKey })).peer;
      const same = { life: 'same', wantedId: id('beef'), signKey, claim: { nodeId: id('beef'), epoch } } as const;
      const back = await register(b, 's2', same);
      expect(back).toMatchObject({ peer: { nodeId: 'beef', epoch }, displaced: { holder: 's1', isOtherLife: false } });
      // The end of the old socket takes nothing away.
      expect(await a.remove('s1', false)).toBeUndefined();
      expect(await a.peerById(id('beef'))).toMatchObject({ holder: 's2' });
      expect(b.size).toBe(1);
    });

    test('one says goodbye: what it had is gone, and its ids are kept for their owners', async () => {
      const prefix = nextPrefix();
      const [a, b] = [await openIn(connection, prefix), await openIn(connection, prefix, { seed: 8 })];
      for (let tab = 0; tab < 250; tab += 1) await register(a, `s${tab}`);
      await register(a, 'owner', { wantedId: id('beef') });
      const other = await register(b, 'other');
      await a.close();
      await b.beat();
      expect([b.size, b.here.nodes]).toEqual([1, 1]);
      expect((await register(b, 'stranger', { wantedId: id('beef') })).refusal).toBe('taken');
      expect((await register(b, 'newcomer')).sponsor).toBeDefined();
      expect(await b.peerById(other.peer.nodeId)).toMatchObject({ holder: 'other' });
    });

    test('one dies: the other finds out, sends nobody there, and takes it back if it lives after all', async () => {
      const prefix = nextPrefix();
      const told: string[] = [];
      const [a, b] = [await openIn(connection, prefix), await openIn(connection, prefix, { seed: 8 }, { told })];
      await register(a, 's1', { wantedId: id('beef') });
      const { nodeId } = (await register(b, 's2')).peer;
      await expect
        .poll(
          async () => {
            await b.beat();
            return b.size;
          },
          { timeout: 60_000 },
        )
        .toBe(1);
      expect(told.join()).toContain('ended without a word: 1 gone');
      expect(await b.signalled(nodeId, id('beef'))).toBeUndefined();
      await a.beat();
      expect(await b.signalled(nodeId, id('beef'))).toMatchObject({ holder: 's1' });
      expect(a.size).toBe(2);
    });

    test('what went unheard is put right: a socket that ended, and one that is another’s', async () => {
      const prefix = nextPrefix();
      const [a, b] = [await openIn(connection, prefix), await openIn(connection, prefix, { seed: 8 })];
      await register(a, 's1', { wantedId: id('beef') });
      await register(a, 's2', { wantedId: id('cafe') });
      await b.remove('s1', true);
      await a.beat();
      expect(a.peerByHolder('s1')).toBeUndefined();
      // Registered by a Discovery node of that name, which has forgotten it.
      const forgetful = new Registry(connection, prefix);
      const { server } = (await forgetful.lookUp({ nodeId: id('cafe') })).peer ?? {};
      const lost = { ...(await forgetful.lookUp({ nodeId: id('cafe') })).peer, nodeId: id('0001'), holder: 's3' };
      if (server === undefined || lost.signKey === undefined) throw new Error('not registered');
      await forgetful.announce({
        entries: [{ ...(lost as Required<typeof lost>), signKey: 'of nobody' }],
        ...{ leaseMs: LEASE_MS, mostRecords: 1_000 },
      });
      expect(await b.peerById(id('0001'))).toMatchObject({ holder: 's3' });
      await a.beat();
      await a.beat();
      expect(await b.peerById(id('0001'))).toBeUndefined();
      expect(await b.peerById(id('cafe'))).toMatchObject({ holder: 's2' });
    });

    test('of other keys or parameters are told so', async () => {
      const prefix = nextPrefix();
      const a = await openIn(connection, prefix);
      const registry = new Registry(connection, prefix);
      const rest = { ...OPENING, isComplete: true, records: [] };
      expect(await registry.open({ ...rest, ringKey: 'another', params: '{}' })).toEqual({ problem: 'key' });
      expect(await registry.open({ ...rest, ringKey: 'the key', params: '[]' })).toEqual({ problem: 'params' });
      await a.close();
      expect(await registry.open({ ...rest, ringKey: 'the key', params: '[]' })).toEqual({});
    });
  });

  test('records that a Discovery node brings from when it was alone are known to all', async () => {
    const prefix = nextPrefix();
    const registry = new Registry(connection, prefix);
    const records = [[id('beef'), 'its owner', 900, 7]] as const;
    const ring = { ringKey: 'the key', params: '{}' };
    await registry.open({ ...OPENING, ...ring, isComplete: true, records });
    const all = await openIn(connection, prefix);
    expect((await register(all, 's1', { wantedId: id('beef') })).refusal).toBe('taken');
    const back = await register(all, 's2', { wantedId: id('beef'), signKey: 'its owner', mayChooseId: false });
    expect(back.peer).toMatchObject({ nodeId: 'beef', epoch: 100 });
  });

  test('after all servers were away even ended records keep ids for their owners, until these can be back', async () => {
    const prefix = nextPrefix();
    const before = await openIn(connection, prefix);
    await register(before, 's1', { wantedId: id('beef'), signKey: 'its own' });
    await before.remove('s1', false);
    await before.close();
    const later = 1_000_000;
    const after = await openIn(connection, prefix, { seed: 8 }, {}, later);
    expect((await register(after, 's2', { wantedId: id('beef'), seconds: later })).refusal).toBe('taken');
    const seconds = later + RETURN_MS / 1000;
    expect((await register(after, 's3', { wantedId: id('beef'), seconds })).peer.nodeId).toBe('beef');
  });

  test('while records may be missing nobody gets an id by wish', async () => {
    const all = await openIn(connection, nextPrefix(), {}, { isComplete: false });
    expect((await register(all, 's1', { wantedId: id('beef') })).refusal).toBe('taken');
  });

  test('the records are bounded: those that were set first are forgotten', async () => {
    const registry = new Registry(connection, nextPrefix());
    const records = ['0001', '0002', '0003'].map((text) => [id(text), 'k', 900, 7] as const);
    const ask = { ...OPENING, ringKey: 'the key', params: '{}', isComplete: true, mostRecords: 2 };
    await registry.open({ ...ask, records });
    const isKnown = (text: string) => registry.free({ nodeId: id(text), seconds: 100, mostRecords: 2 });
    expect(await isKnown('0001')).toEqual({ isFreed: false });
    expect(await isKnown('0003')).toEqual({ isFreed: true });
  });
});

describe.skipIf(withoutRedis !== undefined)('when Redis ends and comes back', () => {
  test.each([false, true])('with its data kept: %s, all are registered as before', async (keeps) => {
    const redis = await RedisServer.start(keeps);
    const told: string[] = [];
    const connection = await RedisConnection.open(redis.url, (line) => told.push(line));
    const prefix = nextPrefix();
    const [a, b] = [await openIn(connection, prefix), await openIn(connection, prefix, { seed: 8 })];
    await register(a, 's1', { wantedId: id('beef') });
    const { nodeId } = (await register(b, 's2')).peer;
    await register(a, 'goes', { wantedId: id('cafe') });
    await redis.kill();
    await expect(tryRegister(a, 's3')).rejects.toThrow(DirectoryAway);
    await expect.poll(() => a.problem, { timeout: 60_000 }).toContain('Redis');
    // It leaves meanwhile.
    expect(await a.remove('goes', false)).toMatchObject({ nodeId: 'cafe' });
    await redis.begin();
    await expect.poll(() => connection.isOpen, { timeout: 60_000 }).toBe(true);
    for (let round = 0; round < 3; round += 1) for (const each of [a, b]) await each.beat();
    expect([a.size, a.here.nodes, a.problem]).toEqual([2, 1, undefined]);
    expect(await b.signalled(nodeId, id('beef'))).toMatchObject({ holder: 's1' });
    expect(await a.peerById(id('cafe'))).toBeUndefined();
    expect(await register(b, 'stranger', { wantedId: id('beef') })).toMatchObject({ refusal: 'taken' });
    expect(told.map((line) => line.includes('again'))).toEqual([false, true]);
    connection.close();
    await redis.end();
  });

  test('one that is not there at the start is named', async () => {
    const redis = await RedisServer.start(false);
    await redis.end();
    await expect(RedisConnection.open(redis.url, () => undefined)).rejects.toThrow(/cannot use Redis at 127.0.0.1:\d+/);
  });
});
