// Several rings on one Discovery node, and closed ones, as tabs on real sockets meet them.

import { type Socket as ClientSocket, io } from 'socket.io-client';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type EntryKeys,
  entryKeysOf,
  entryProof,
  isEntryAnswer,
  newTerms,
  verifierOf,
} from '../../client/src/trust/ring-entry.ts';
import { entryStatement } from '../../client/src/trust/statement.ts';
import { ENTRY_RATE } from '../limits.ts';
import { createRing } from '../ring.ts';
import { type DiscoveryNode, type DiscoveryOptions, startDiscoveryNode } from '../server.ts';
import {
  accepted,
  askRaw,
  hello,
  refusalCode,
  refusalMessage,
  register,
  signedRequest,
  type Tab,
  tryRegister,
} from './support.ts';

const TERMS = newTerms();
let right: EntryKeys;
let wrong: EntryKeys;
beforeAll(async () => {
  [right, wrong] = await Promise.all([entryKeysOf('open, Sesame', TERMS), entryKeysOf('open, barley', TERMS)]);
});

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const log: string[] = [];

async function discovery(options: DiscoveryOptions): Promise<DiscoveryNode> {
  log.length = 0;
  const tell = (line: string, fields?: object): void => void log.push(line, JSON.stringify(fields));
  const node = await startDiscoveryNode({ host: '127.0.0.1', log: tell, ...options });
  open.push(node);
  return node;
}

async function tabOf(node: DiscoveryNode, path = ''): Promise<Tab> {
  const tab: ClientSocket = io(node.url, {
    path: `${path}/socket.io`,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  open.push({ close: () => void tab.disconnect() });
  await new Promise<void>((resolve, reject) => {
    tab.once('connect', resolve);
    tab.once('connect_error', reject);
  });
  return tab;
}

/** Registers with a proof of these keys. */
async function enter(tab: Tab, keys: EntryKeys): Promise<unknown> {
  const { ringKey, challenge } = await hello(tab);
  const request = await signedRequest(tab);
  const entry = entryProof(keys, entryStatement(ringKey, challenge, request.signKey));
  return askRaw(tab, 'register', { ...request, entry });
}

describe('two rings', () => {
  test('have their own keys and parameters; neither names, or hands anything to, a tab of the other', async () => {
    const second = await createRing();
    const node = await discovery({ rings: [{ name: 'class-3b', ring: second, params: { replicas: 5 } }] });
    const [here, there] = [await tabOf(node), await tabOf(node, '/r/class-3b')];
    const [first, other] = [await register(here), await register(there)];
    expect([first.params.replicas, other.params.replicas]).toEqual([3, 5]);
    expect((await hello(there)).ringKey).toBe(second.keys.signKey);
    expect((await hello(here)).ringKey).toBe(node.ring.keys.signKey);
    // Each is alone.
    expect([first.sponsor, other.sponsor]).toEqual([undefined, undefined]);
    expect(await askRaw(here, 'sponsor')).toEqual({});
    const signals: unknown[] = [];
    there.on('signal', (signal) => signals.push(signal));
    expect(refusalCode(await askRaw(here, 'signal', { to: other.nodeId, signal: '{}' }))).toBe('unknown-peer');
    expect(await askRaw(there, 'sponsor')).toEqual({});
    expect(signals).toEqual([]);
    // A certificate of one proves nothing in the other.
    const request = await signedRequest(there, { certificate: first.certificate, wantedId: first.nodeId });
    expect(refusalCode(await askRaw(await tabOf(node, '/r/class-3b'), 'register', request))).toBeDefined();
    expect(node.peers()).toBe(2);
    expect(node.nodes().map(({ nodeId }) => nodeId)).toEqual([first.nodeId]);
    expect(node.rings.map((ring) => [ring.name, ring.nodes().length])).toEqual([['class-3b', 1]]);
  });

  test('have the same page below their paths, and an address without a slash leads there; an unknown one is told', async () => {
    const node = await discovery({
      rings: [{ name: 'class-3b', ring: await createRing() }],
      staticDir: 'client',
      basePath: '/tabring',
    });
    const get = (path: string): Promise<Response> => fetch(`${node.url}${path}`, { redirect: 'manual' });
    for (const path of ['/', '/r/class-3b/', '/tabring/r/class-3b/']) expect((await get(path)).status).toBe(200);
    const bare = await get('/tabring/r/class-3b?id=1');
    expect([bare.status, bare.headers.get('location')]).toEqual([308, '/tabring/r/class-3b/?id=1']);
    const unknown = await get('/r/class-3c/');
    expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining('no ring of this name')]);
  });
});

describe('a closed ring', () => {
  const closed = (): DiscoveryOptions => ({ entry: { terms: TERMS, verifiers: [verifierOf(right)] } });

  test('registers who proves its secret, proves that it could check, and relays for nobody else', async () => {
    const node = await discovery(closed());
    const [insider, stranger] = [await tabOf(node), await tabOf(node)];
    const { ringKey, challenge, entry } = await hello(insider);
    expect(entry).toEqual(TERMS);
    const welcome = await enter(insider, right);
    const text = entryStatement(ringKey, challenge, (await signedRequest(insider)).signKey);
    expect(isEntryAnswer(right, text, Reflect.get(Object(welcome), 'entry'))).toBe(true);
    const { nodeId } = accepted(Object(welcome));
    expect(refusalCode(await tryRegister(stranger))).toBe('entry-wanted');
    expect(refusalCode(await enter(stranger, wrong))).toBe('entry-wrong');
    for (const [event, request] of [
      ['signal', { to: nodeId, signal: '{}' }],
      ['sponsor'],
      ['ice-servers'],
      ['renew', {}],
    ] as const)
      expect(refusalCode(await askRaw(stranger, event, ...(request === undefined ? [] : [request])))).toBe(
        'not-registered',
      );
    expect(node.peers()).toBe(1);
  });

  test('a proof is of its own connection alone', async () => {
    const node = await discovery(closed());
    const [one, other] = [await tabOf(node), await tabOf(node)];
    const { ringKey, challenge } = await hello(one);
    const request = await signedRequest(other);
    const entry = entryProof(right, entryStatement(ringKey, challenge, request.signKey));
    expect(refusalCode(await askRaw(other, 'register', { ...request, entry }))).toBe('entry-wrong');
  });

  test('1,000 wrong passwords slow only their sender, who is told when to come again, right ones of his included', async () => {
    let now = 0;
    const node = await discovery({ ...closed(), now: () => now, visitors: { allowedOrigins: [], trustProxy: true } });
    const from = async (address: string): Promise<Tab> => {
      const tab: ClientSocket = io(node.url, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        extraHeaders: { 'x-forwarded-for': address },
      });
      open.push({ close: () => void tab.disconnect() });
      await new Promise<void>((resolve) => tab.once('connect', () => resolve()));
      return tab;
    };
    const codes = new Map<string | undefined, number>();
    let guesser = await from('203.0.113.5');
    for (let guess = 0; guess < 1_000; guess += 1) {
      if (guess % 50 === 0) guesser = await from('203.0.113.5');
      const code = refusalCode(await enter(guesser, wrong));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(codes).toEqual(
      new Map([
        ['entry-wrong', ENTRY_RATE.burst],
        ['rate-limited', 1_000 - ENTRY_RATE.burst],
      ]),
    );
    const late = await enter(await from('203.0.113.5'), right);
    expect(refusalCode(late)).toBe('rate-limited');
    expect(refusalMessage(late)).toContain('Try again in 5 seconds');
    expect(accepted(Object(await enter(await from('198.51.100.7'), right)))).toHaveProperty('nodeId');
    now += 5_000;
    expect(accepted(Object(await enter(await from('203.0.113.5'), right)))).toHaveProperty('nodeId');
    // Neither the secret, nor what is made of it, nor what checks it.
    const { stored, server } = verifierOf(right);
    for (const secret of ['Sesame', right.client, stored, server]) expect(log.join('\n')).not.toContain(secret);
  });
});
