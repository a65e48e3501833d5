// Whose pages may use a Discovery node, and which address counts behind a proxy.

import { io } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { type DiscoveryNode, type DiscoveryOptions, startDiscoveryNode } from '../server.ts';
import { addressOf, isWelcome, visitorOf } from '../visitors.ts';
import { register, startBench } from './support.ts';

const nodes: DiscoveryNode[] = [];
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});

async function start(options: DiscoveryOptions = {}): Promise<DiscoveryNode> {
  const node = await startDiscoveryNode({ host: '127.0.0.1', ...options });
  nodes.push(node);
  return node;
}

/** What comes of a connection with these headers: 'connect', or an error's message. */
function connection(
  node: DiscoveryNode,
  transport: 'polling' | 'websocket',
  extraHeaders: Record<string, string>,
): Promise<string> {
  const socket = io(node.url, { extraHeaders, transports: [transport], reconnection: false });
  return new Promise<string>((resolve) => {
    socket.on('connect', () => resolve('connect'));
    socket.on('connect_error', (error) => resolve(error.message));
  }).finally(() => socket.disconnect());
}

describe('a page', () => {
  test.each(['polling', 'websocket'] as const)('of another origin is kept out, by %s', async (transport) => {
    const node = await start();
    expect(await connection(node, transport, {})).toBe('connect');
    expect(await connection(node, transport, { origin: node.url })).toBe('connect');
    expect(await connection(node, transport, { origin: 'https://evil.example' })).toMatch(/error/);
    expect(await connection(node, transport, { origin: 'null' })).toMatch(/error/);
    expect(await node.counters()).toMatchObject({ 'origins-refused': 2 });
  });

  test('of an allowed origin is let in, and told so before it reads', async () => {
    const allowed = 'https://page.example';
    const node = await start({ visitors: { allowedOrigins: [allowed], trustProxy: false } });
    expect(await connection(node, 'websocket', { origin: allowed })).toBe('connect');
    const answer = (origin: string) => fetch(`${node.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } });
    expect((await answer(allowed)).headers.get('access-control-allow-origin')).toBe(allowed);
    const refused = await answer('https://evil.example');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  test('is welcome if any is', async () => {
    const node = await start({ visitors: { allowedOrigins: ['*'], trustProxy: false } });
    expect(await connection(node, 'websocket', { origin: 'https://any.example' })).toBe('connect');
  });

  test('behind a proxy is of the origin that the proxy names', () => {
    const headers = {
      origin: 'https://ring.example',
      host: '10.0.0.1:8080',
      'x-forwarded-host': 'ring.example',
    };
    expect(isWelcome(headers, { allowedOrigins: [], trustProxy: true })).toBe(true);
    expect(isWelcome(headers, { allowedOrigins: [], trustProxy: false })).toBe(false);
    expect(isWelcome({ ...headers, origin: 'https://evil.example' }, { allowedOrigins: [], trustProxy: true })).toBe(
      false,
    );
  });
});

describe('an address', () => {
  const headers = { 'x-forwarded-for': '6.6.6.6, 9.9.9.9' };

  test('is the network’s, or the last that a trusted proxy saw', () => {
    const rules = { allowedOrigins: [] };
    expect(addressOf(headers, '1.1.1.1', { ...rules, trustProxy: false })).toBe('1.1.1.1');
    expect(addressOf(headers, '1.1.1.1', { ...rules, trustProxy: true })).toBe('9.9.9.9');
    expect(addressOf({}, '1.1.1.1', { ...rules, trustProxy: true })).toBe('1.1.1.1');
    expect(addressOf({}, '::ffff:1.1.1.1', { ...rules, trustProxy: false })).toBe('1.1.1.1');
    expect(addressOf({}, '::ffff:1', { ...rules, trustProxy: false })).toBe('::ffff:1');
    const claimed = { 'x-forwarded-for': '1.1.1.1, \u001b[31mforged\nline' };
    expect(addressOf(claimed, '1.1.1.1', { ...rules, trustProxy: true })).toBe('unknown');
  });

  test('cannot be made up by a visitor to get past the bound on one address', async () => {
    const options = { maxPeersPerAddress: 1 };
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const untrusting = await start(options);
    const open = async (node: DiscoveryNode, address: string) => {
      const socket = io(node.url, { extraHeaders: from(address), transports: ['websocket'], reconnection: false });
      return new Promise<string>((resolve) => {
        socket.on('connect', () => resolve('connect'));
        socket.on('connect_error', (error) => resolve(error.message));
      });
    };
    // Two sockets for each allowed tab.
    const results = [];
    for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) results.push(await open(untrusting, address));
    expect(results).toEqual(['connect', 'connect', 'Too many connections from your network address.']);
    const trusting = await start({ ...options, visitors: { allowedOrigins: [], trustProxy: true } });
    for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) expect(await open(trusting, address)).toBe('connect');
  });
});

describe('an id of one’s choice', () => {
  const rules = { allowedOrigins: [], trustProxy: false };
  const trusting = { ...rules, trustProxy: true };

  test.each([
    ['all', '8.8.8.8', true],
    ['all', '127.0.0.1', true],
    ['local', '8.8.8.8', false],
    ['local', '100.64.0.1', false],
    ['local', '192.168.1.2', true],
    ['local', '::ffff:127.0.0.1', true],
    ['none', '127.0.0.1', false],
  ] as const)('with %s from %s: %s', (chosenIds, address, isAllowed) => {
    expect(visitorOf({}, address, rules, chosenIds).mayChooseId).toBe(isAllowed);
    // What a trusted proxy says counts, and nothing else.
    const headers = { 'x-forwarded-for': `10.0.0.1, ${address}` };
    expect(visitorOf(headers, '127.0.0.1', trusting, chosenIds).mayChooseId).toBe(isAllowed);
  });

  test('is for nobody near a proxy that is not trusted: its visitors come from anywhere', () => {
    for (const headers of [{ 'x-forwarded-for': '10.0.0.1' }, { forwarded: 'for=10.0.0.1' }]) {
      expect(visitorOf(headers, '127.0.0.1', rules, 'local').mayChooseId).toBe(false);
      expect(visitorOf(headers, '127.0.0.1', rules, 'all').mayChooseId).toBe(true);
    }
  });

  test('is refused with its reason, another is assigned, and the operator is told of the proxy once', async () => {
    const { connect, lines, close } = await startBench({ params: { digits: 4 } });
    for (let tab = 0; tab < 2; tab += 1) {
      const far = await connect({ extraHeaders: { 'x-forwarded-for': '8.8.8.8' } });
      const answer = await register(far, { wantedId: 'beef' });
      expect(answer).toMatchObject({ wantedIdGranted: false, refusal: 'not-allowed' });
      expect(answer.nodeId).not.toBe('beef');
    }
    expect(await register(await connect(), { wantedId: 'beef' })).toMatchObject({ nodeId: 'beef' });
    expect(lines.all.filter((line) => line.includes('--trust-proxy'))).toHaveLength(1);
    await close();
  });
});
