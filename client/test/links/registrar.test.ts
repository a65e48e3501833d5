// A node's standing with the Discovery node over days: certificates renewed and run out, keys changed, ids refused, clocks
// that are wrong. In virtual time, with a machine that can sleep and whose clock can be set.

import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RegisterRequest } from '../../../signaling/protocol.ts';
import { LOOK_EVERY_MS } from '../../src/links/certificate-keeper.ts';
import { RENEWAL_GRACE_MS } from '../../src/links/limits.ts';
import {
  connectToDiscovery,
  type SignalingClient,
  type SignalingClientEvents,
} from '../../src/links/signaling-client.ts';
import type { Certificate } from '../../src/trust/certificate.ts';
import type { OwnKeys } from '../../src/trust/key-suite.ts';
import { nodeId } from './pair.ts';
import { refusalOf, ScriptedRing } from './scripted-ring.ts';
import { VirtualDiscovery } from './virtual-discovery.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;
/** The certificates of these tests. */
const LIFE_DAYS = 4;
const START_MS = Date.UTC(2030, 0, 1);

let ring: ScriptedRing;
let keys: OwnKeys;
let discovery: VirtualDiscovery;
const clients: SignalingClient[] = [];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: START_MS });
  ring = await ScriptedRing.create();
  ring.life = (LIFE_DAYS * DAY_MS) / SECOND_MS;
  const startedAt = performance.now();
  // Its own clock is right, whatever becomes of the machine's.
  ring.now = () => Math.floor((START_MS + performance.now() - startedAt + sleptMs) / SECOND_MS);
  sleptMs = 0;
  keys = await ring.suite.create('raw');
  discovery = new VirtualDiscovery(ring);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.leave();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

let sleptMs = 0;

/** The machine sleeps: no timer runs, and only its time of day goes on. */
function sleep(ms: number): void {
  sleptMs += ms;
  vi.setSystemTime(Date.now() + ms);
}

/** Somebody sets the machine's clock. */
function setClock(byMs: number): void {
  vi.setSystemTime(Date.now() + byMs);
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function connect(certified: (certificate: Certificate) => Promise<void> = async () => undefined) {
  const log: string[] = [];
  const events: SignalingClientEvents = {
    registered: () => log.push('registered'),
    away: () => log.push('away'),
    refused: (reason) => log.push(`refused: ${reason}`),
    renewed: () => log.push('renewed'),
    expired: () => log.push('expired'),
    removed: () => log.push('removed'),
    displaced: () => log.push('displaced'),
    notKept: (error) => log.push(`not kept: ${error}`),
  };
  const kept: Certificate[] = [];
  const identify = async () => ({
    ...{ keys, device: 'laptop', wantedId: undefined, certificate: undefined },
    certified: async (certificate: Certificate) => {
      await certified(certificate);
      kept.push(certificate);
    },
  });
  const { openWire } = discovery;
  const options = { url: 'http://ring.test', role: 'node', suite: ring.suite, comesBack: true } as const;
  const client = await connectToDiscovery({ ...options, events, identify, openWire });
  clients.push(client);
  await pass(0);
  /** What happened since the last look. */
  const news = (): string[] => log.splice(0);
  news();
  return { client, news, kept };
}

/** True if everybody who knows the ring would take the node for what it says it is. */
async function isProven({ credentials }: SignalingClient): Promise<boolean> {
  return typeof (await credentials.check(credentials.encoded)) === 'object';
}

describe('a certificate', () => {
  test('is renewed at half of its time, again and again, in one life', async () => {
    const { client, news, kept } = await connect();
    const { epoch } = client.credentials.certificate;
    await pass(2 * DAY_MS - 2 * LOOK_EVERY_MS);
    expect(news()).toEqual([]);
    await pass(3 * LOOK_EVERY_MS);
    expect(news()).toEqual(['renewed']);
    await pass(10 * DAY_MS);
    expect(news()).toEqual(Array.from({ length: 5 }, () => 'renewed'));
    expect(client.credentials.certificate).toMatchObject({ epoch, nodeId: 'a000' });
    expect(kept.at(-1)).toEqual(client.credentials.certificate);
    expect(kept).toHaveLength(7);
    expect(await isProven(client)).toBe(true);
  });

  test.each([
    ['no answer', () => Promise.reject(new Error('timed out'))],
    ['a refusal', async () => refusalOf('rate-limited', 'Wait.')],
    ['nonsense', async () => ({ certificate: 'x', time: 1 })],
    ['one of another life', async (latest: Certificate) => ring.renewal({ ...latest, epoch: latest.epoch + 1 })],
  ])('is asked for again and again until it is renewed: %s', async (_, answer) => {
    const { client, news } = await connect();
    const { encoded } = client.credentials;
    const usual = discovery.onRenew;
    discovery.onRenew = answer;
    await pass(2 * DAY_MS + 10 * LOOK_EVERY_MS);
    expect(news()).toEqual([]);
    expect(client.credentials.encoded).toBe(encoded);
    expect(discovery.asked.renew).toBeGreaterThan(8);
    discovery.onRenew = usual;
    await pass(2 * LOOK_EVERY_MS);
    expect(news()).toEqual(['renewed']);
  });

  test('is renewed after a sleep past half of its time', async () => {
    const { client, news } = await connect();
    sleep(3 * DAY_MS);
    await pass(2 * LOOK_EVERY_MS);
    expect(news()).toEqual(['renewed']);
    expect(await isProven(client)).toBe(true);
  });

  test('that runs out while the Discovery node is away is told of once; what comes back is proven again', async () => {
    const { client, news } = await connect();
    const { epoch } = client.credentials.certificate;
    discovery.down();
    await pass(3 * DAY_MS);
    expect(news()).toEqual(['away']);
    expect(await isProven(client)).toBe(true);
    await pass(3 * DAY_MS);
    expect(news()).toEqual(['expired']);
    // Of others too: nobody could renew his meanwhile.
    const former = client.credentials.encoded;
    expect(await client.credentials.check(former)).toMatchObject({ epoch });
    discovery.up();
    await pass(0);
    expect(news()).toEqual(['registered']);
    expect(client.credentials.certificate.epoch).toBe(epoch);
    expect(await isProven(client)).toBe(true);
    await pass(RENEWAL_GRACE_MS);
    expect(await client.credentials.check(former)).toBe('expired');
    await pass(2 * DAY_MS + 2 * LOOK_EVERY_MS);
    expect(news()).toEqual(['renewed']);
  });

  test('that cannot be kept is told of, and used all the same', async () => {
    let isFull = false;
    const { client, news } = await connect(async () => {
      if (isFull) throw new Error('disk full');
    });
    isFull = true;
    await pass(2 * DAY_MS + LOOK_EVERY_MS);
    expect(news()).toEqual(['renewed', 'not kept: Error: disk full']);
    expect(client.credentials.certificate.issued).toBeGreaterThan(START_MS / SECOND_MS);
  });
});

describe('a machine whose clock is wrong', () => {
  test.each([
    ['a day ahead', DAY_MS],
    ['a day behind', -DAY_MS],
    ['a year ahead', YEAR_MS],
    ['a year behind', -YEAR_MS],
  ])('is none the worse for it: %s', async (_, byMs) => {
    setClock(byMs);
    const { client, news } = await connect();
    expect(client.credentials.certificate.issued).toBe(START_MS / SECOND_MS);
    expect(Math.abs(client.credentials.time.seconds - START_MS / SECOND_MS)).toBeLessThan(2);
    expect(await isProven(client)).toBe(true);
    await pass(2 * DAY_MS - 2 * LOOK_EVERY_MS);
    expect(news()).toEqual([]);
    await pass(3 * LOOK_EVERY_MS);
    expect(news()).toEqual(['renewed']);
  });

  test.each([
    ['a day ahead', DAY_MS, ['renewed']],
    ['a year ahead', YEAR_MS, ['renewed']],
    ['a day back', -DAY_MS, []],
    ['a year back', -YEAR_MS, []],
  ])('asks for the time when somebody sets it: %s', async (_, byMs, expected) => {
    const { client, news } = await connect();
    await pass(HOUR_MS);
    setClock(byMs);
    await pass(2 * LOOK_EVERY_MS);
    expect(news()).toEqual(expected);
    expect(Math.abs(client.credentials.time.seconds - ring.now())).toBeLessThan(2);
    expect(await isProven(client)).toBe(true);
  });
});

describe('a Discovery node that answers with another key', () => {
  test('is refused by a node that is in the ring, which goes on, and is taken back with the right one', async () => {
    const { client, news } = await connect();
    const { encoded, ringKey } = client.credentials;
    const other = await ScriptedRing.create();
    other.now = () => ring.now() + YEAR_MS / SECOND_MS;
    discovery.ring = other;
    discovery.down();
    discovery.up();
    await pass(HOUR_MS);
    expect(news()).toEqual(['away', 'refused: ring-key-changed']);
    expect(other.requests).toEqual([]); // nothing is signed for it
    expect(client.credentials).toMatchObject({ encoded, ringKey });
    expect(client.state).toBe('away');
    expect(discovery.left).toEqual([]);
    // Nor does it change the ring's time.
    expect(Math.abs(client.credentials.time.seconds - ring.now())).toBeLessThan(2);
    discovery.ring = ring;
    await pass(5 * MINUTE_MS);
    expect(news()).toEqual(['registered']);
    expect(client.state).toBe('registered');
  });
});

describe('a node that is refused its own id', () => {
  test('goes on, asks again in the same life, and is told of it once', async () => {
    const { client, news } = await connect();
    const { nodeId: own } = client;
    discovery.onRegister = async (request) => {
      await ring.register(request);
      return refusalOf('id-taken', 'The id is another key’s.');
    };
    discovery.down();
    discovery.up();
    await pass(HOUR_MS);
    expect(news()).toEqual(['away', 'refused: id-taken']);
    expect(client.nodeId).toBe(own);
    expect(client.state).toBe('away');
    expect(discovery.left).toEqual([]);
    // Seldom enough for a server that counts.
    expect(ring.requests.length).toBeGreaterThan(30);
    expect(ring.requests.length).toBeLessThan(150);
    expect(ring.requests.slice(1).every(({ life, wantedId }) => life === 'same' && wantedId === own)).toBe(true);
    discovery.onRegister = (request) => ring.register(request);
    await pass(2 * MINUTE_MS);
    expect(news()).toEqual(['registered']);
  });

  test('takes no other id, should one be given to it', async () => {
    const { client, news } = await connect();
    const { epoch } = client.credentials.certificate;
    discovery.onRegister = async (request) => {
      await ring.register(request);
      return ring.registration(v.parse(RegisterRequest, request), 'e', epoch);
    };
    discovery.down();
    discovery.up();
    await pass(MINUTE_MS);
    expect(news()).toEqual(['away']);
    expect(client.nodeId).toBe(nodeId('a'));
    expect(client.malformed).toBeGreaterThan(0);
  });
});

test('waits as long as the Discovery node says, but not for ever', async () => {
  const { news } = await connect();
  discovery.onRegister = async (request) => {
    await ring.register(request);
    return refusalOf('rate-limited', 'Come back in an hour.', 3_600);
  };
  discovery.down();
  discovery.up();
  await pass(HOUR_MS);
  expect(news()).toEqual(['away', 'refused: other']);
  expect(ring.requests.length).toBeGreaterThan(10);
  expect(ring.requests.length).toBeLessThan(30);
});
