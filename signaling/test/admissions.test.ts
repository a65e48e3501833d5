// What one network address may bring and ask for: a school and a script are served, a crowd of strangers is told to wait.

import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OwnKeys } from '../../client/src/trust/key-suite.ts';
import { AddressBudgets } from '../address-budgets.ts';
import { refusalOf } from '../doors.ts';
import { CONNECTION_RATE, MAX_ADDRESSES, OWN_REQUEST_RATE, PROOF_RATE } from '../limits.ts';
import { Metrics } from '../metrics.ts';
import {
  accepted,
  type Bench,
  keysOf,
  newKeys,
  refusalCode,
  refusalMessage,
  register,
  signedRequest,
  startBench,
  type Tab,
  tryRegister,
} from './support.ts';

let now = 0;
let bench: Bench;
beforeEach(() => {
  now = 0;
});
afterEach(() => bench.close());

async function start(options: Parameters<typeof startBench>[0] = {}): Promise<void> {
  bench = await startBench({ now: () => now, ...options });
}

/** A new connection, which proxies say comes from `address`. */
function from(address: string): Promise<Tab> {
  return bench.connect({ extraHeaders: { 'x-forwarded-for': address } });
}

/** What a tab has relayed while it joins, at most some: within its own part (OWN_REQUEST_RATE), whatever its neighbours do. */
const SIGNALS_OF_A_JOIN = 60;

/** Thousands of real sockets take seconds on an idle machine. */
const CROWD_MS = 300_000;
const TABS_AT_ONCE = 64;
/** As limits.ts promises, and as many again in each hour. */
const COMMANDS_AN_HOUR = 3_000;

const TRUSTING = { visitors: { allowedOrigins: [], trustProxy: true } };

describe('behind one address', () => {
  test(
    '40 people open ten tabs each within five minutes, which join by their signals, and reload them',
    async () => {
      await start();
      const tabs: Tab[] = [];
      let heard = 0;
      for (let tab = 0; tab < 400; tab += 1) {
        now += (5 * 60_000) / 400;
        const socket = await bench.connect();
        socket.on('signal', () => {
          heard += 1;
        });
        tabs.push(socket);
        await register(socket);
        // Offers, answers and candidates of its first links; the very first has nobody to signal with.
        const { sponsor } = accepted(await socket.emitWithAck('sponsor'));
        if (sponsor === undefined) continue;
        const signals = Array.from({ length: SIGNALS_OF_A_JOIN }, (_, number) =>
          socket.emitWithAck('signal', { to: sponsor, signal: `${tab} ${number}` }),
        );
        for (const answer of await Promise.all(signals)) expect(answer).toEqual({ relayed: true });
      }
      expect(bench.node.peers()).toBe(400);
      await vi.waitUntil(() => heard === 399 * SIGNALS_OF_A_JOIN, { timeout: 30_000 });
      for (const tab of tabs) await register(await bench.connect(), { keys: await keysOf(tab) });
      // Private windows forget their keys.
      for (const tab of tabs) {
        tab.disconnect();
        await register(await bench.connect());
      }
      expect((await bench.node.counters())['rate-limited']).toBeUndefined();
    },
    CROWD_MS,
  );

  test('a script stores 1,000 files in a row, and a tab still gets in', async () => {
    await start();
    for (let command = 0; command < 1_000; command += 1) {
      now += 500;
      const socket = await bench.connect();
      await register(socket, { role: 'client' });
      socket.disconnect();
    }
    await register(await bench.connect());
    expect(await bench.node.counters()).toMatchObject({ clients: 1_000, registered: 1 });
  });

  test(
    '1,024 tabs come back at one instant, twice: after a network fault, which leaves their sockets, and a restart',
    async () => {
      await start();
      const tabs: { readonly keys: OwnKeys; readonly nodeId: string; socket: Tab }[] = [];
      for (let tab = 0; tab < 1_024; tab += 1) {
        now += 1_000;
        const socket = await bench.connect();
        const { nodeId } = await register(socket);
        tabs.push({ keys: await keysOf(socket), nodeId, socket });
      }
      now += 60 * 60_000;
      for (const fault of ['network', 'restart']) {
        if (fault === 'restart') for (const { socket } of tabs) socket.disconnect();
        await vi.waitUntil(() => fault === 'network' || bench.node.peers() === 0, { timeout: 30_000 });
        const back = async (tab: (typeof tabs)[number]): Promise<string> => {
          tab.socket = await bench.connect();
          return (await register(tab.socket, { keys: tab.keys, wantedId: tab.nodeId })).nodeId;
        };
        // One instant for the Discovery node; this process, which is all of them, could not answer itself in time.
        for (let first = 0; first < tabs.length; first += TABS_AT_ONCE) {
          const some = tabs.slice(first, first + TABS_AT_ONCE);
          expect(await Promise.all(some.map(back))).toEqual(some.map(({ nodeId }) => nodeId));
        }
        expect(bench.node.peers()).toBe(1_024);
      }
      const { 'rate-limited': limited, 'admissions-used-up': usedUp } = await bench.node.counters();
      expect([limited, usedUp]).toEqual([undefined, undefined]);
    },
    CROWD_MS,
  );

  test(
    '3,000 commands within an hour are served, and the next is told when to come again',
    async () => {
      await start();
      // As fast as their signatures may be checked.
      const pauseMs = 1_000 / PROOF_RATE.perSecond;
      const ask = async () => {
        now += pauseMs;
        const socket = await bench.connect();
        const answer = await tryRegister(socket, { role: 'client' });
        socket.disconnect();
        return answer;
      };
      let served = 0;
      let answer = await ask();
      while (refusalCode(answer) === undefined && served < 2 * COMMANDS_AN_HOUR) {
        served += 1;
        answer = await ask();
      }
      // And those that have come again meanwhile.
      const regained = Math.floor((COMMANDS_AN_HOUR * served * pauseMs) / 3_600_000);
      expect(now).toBeLessThan(60 * 60_000);
      expect(served).toBe(COMMANDS_AN_HOUR + regained);
      expect(refusalMessage(answer)).toMatch(
        /^Too many new nodes have come from your network address\. Come again in (a second|2 seconds)\.$/,
      );
      // A node is none of them.
      await register(await bench.connect());
    },
    CROWD_MS,
  );
});

describe('new identities', () => {
  const options = { ...TRUSTING, admissionsPerAddress: 4 };

  test('of one address are bounded, and it is told when to come again', async () => {
    await start(options);
    for (let tab = 0; tab < 4; tab += 1) await register(await from('198.51.100.7'));
    const tab = await from('198.51.100.7');
    const refused = await tryRegister(tab);
    expect(refusalCode(refused)).toBe('rate-limited');
    // An eighth of four in each hour.
    expect(refusalMessage(refused)).toBe(
      'Too many new nodes have come from your network address. Come again in 7200 seconds.',
    );
    expect(refused).toMatchObject({ error: { retrySeconds: 7_200 } });
    await register(await from('198.51.100.8'));
    now += 7_199_000;
    expect(refusalCode(await tryRegister(tab))).toBe('rate-limited');
    now += 1_000;
    await register(tab);
    expect(await bench.node.counters()).toMatchObject({ 'admissions-used-up': 2 });
  });

  test('of a /64 are those of one address', async () => {
    await start(options);
    for (const address of ['2001:db8::1', '2001:db8::2', '[2001:db8::3]:5', '2001:DB8:0:0:ffff::']) {
      await register(await from(address));
    }
    expect(refusalCode(await tryRegister(await from('2001:db8::4')))).toBe('rate-limited');
    await register(await from('2001:db8:0:1::4'));
  });

  test('are not those that come back with a key, renew, or register again', async () => {
    await start(options);
    const tabs = [];
    for (let tab = 0; tab < 4; tab += 1) tabs.push(await from('198.51.100.7'));
    for (const tab of tabs) await register(tab);
    for (const tab of tabs) {
      const { nodeId } = await register(tab);
      accepted(await tab.emitWithAck('renew', {}));
      await register(await from('198.51.100.7'), { wantedId: nodeId, keys: await keysOf(tab) });
    }
    expect((await bench.node.counters())['admissions-used-up']).toBeUndefined();
    // Another id for the same key is a new one.
    expect(refusalCode(await tryRegister(await from('198.51.100.7'), { keys: await newKeys() }))).toBe('rate-limited');
    const [tab] = tabs;
    if (tab === undefined) throw new Error('no tab');
    const another = await tryRegister(await from('198.51.100.7'), { keys: await keysOf(tab), wantedId: 'ab' });
    expect(refusalCode(another)).toBe('rate-limited');
  });

  test('that are commands are counted apart', async () => {
    await start(options);
    for (let tab = 0; tab < 4; tab += 1) await register(await from('198.51.100.7'));
    await register(await from('198.51.100.7'), { role: 'client' });
  });
});

test('signatures of one address are checked at a bounded rate, over all its sockets', async () => {
  await start(TRUSTING);
  const most = PROOF_RATE.burst;
  let served = 0;
  const ask = async (): Promise<void> => {
    const tab = await from('198.51.100.7');
    const request = await signedRequest(tab);
    for (let time = 0; time < 500; time += 1) {
      const answer = await tab.emitWithAck('register', request);
      if (refusalCode(answer) === undefined) served += 1;
      else {
        expect(refusalMessage(answer)).toBe(
          'Too many registrations from your network address. Come again in a second.',
        );
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: 5 }, ask));
  expect(served).toBe(most);
  await register(await from('198.51.100.8'));
});

test('requests of one address are bounded over all its sockets, but each tab has a small part of its own', async () => {
  await start(TRUSTING);
  const tabs = await Promise.all(Array.from({ length: 40 }, () => from('198.51.100.7')));
  await Promise.all(tabs.map((tab) => register(tab)));
  const quiet = await from('198.51.100.7');
  await register(quiet);
  const asked = await Promise.all(
    tabs.flatMap((tab) =>
      Array.from({ length: 500 }, () =>
        tab
          .timeout(20_000)
          .emitWithAck('sponsor')
          .catch(() => 0),
      ),
    ),
  );
  expect(asked.filter((answer) => refusalCode(answer) === 'rate-limited').length).toBeGreaterThan(500);
  for (let ask = 0; ask < OWN_REQUEST_RATE.burst - 2; ask += 1) accepted(await quiet.emitWithAck('sponsor'));
  expect(refusalCode(await quiet.emitWithAck('sponsor'))).toBe('rate-limited');
  const elsewhere = await from('198.51.100.8');
  await register(elsewhere);
  for (let ask = 0; ask < 200; ask += 1) accepted(await elsewhere.emitWithAck('sponsor'));
});

test('connections of one address are begun at a bounded rate', async () => {
  await start();
  const budgets = new AddressBudgets(1, () => now);
  const rules = { allowedOrigins: [], trustProxy: true };
  const metrics = new Metrics();
  const problem = (address: string): string | undefined => {
    const request = new IncomingMessage(new Socket());
    request.headers['x-forwarded-for'] = address;
    return refusalOf(request, { rules, budgets, metrics, now: () => now });
  };
  for (let connection = 0; connection < CONNECTION_RATE.burst; connection += 1) {
    expect(problem(`2001:db8::${connection.toString(16)}`)).toBeUndefined();
  }
  expect(problem('2001:db8::')).toMatch(/^too many connections/);
  expect(problem('2001:db8:0:1::')).toBeUndefined();
  expect(problem('unknown')).toBeUndefined();
  now += 1_000;
  expect(problem('2001:db8::')).toBeUndefined();
  expect(await metrics.counters()).toEqual({ 'rate-limited': 1 });
});

test('budgets of as many addresses are remembered as there is room for, those that ask before others', async () => {
  await start();
  const budgets = new AddressBudgets(2, () => now);
  const admit = (address: string): boolean => budgets.of(address).admissions.node.take(now);
  const spent = '198.51.100.7';
  expect([admit(spent), admit(spent), admit(spent)]).toEqual([true, true, false]);
  let others = 0;
  const admitOthers = (count: number): void => {
    for (const end = others + count; others < end; others += 1) {
      admit(`10.${others >> 16}.${(others >> 8) & 255}.${others & 255}`);
    }
  };
  for (let time = 0; time < 3; time += 1) {
    admitOthers(MAX_ADDRESSES - 1);
    expect(admit(spent)).toBe(false);
  }
  admitOthers(MAX_ADDRESSES);
  expect(admit(spent)).toBe(true);
});
