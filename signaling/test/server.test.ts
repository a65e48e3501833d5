// The Discovery node as tabs meet it: real Socket.IO clients on loopback.

import * as v from 'valibot';
import { afterEach, expect, test } from 'vitest';
import { DEFAULT_RING_PARAMS } from '../../client/src/core/pastry/params.ts';
import { statement } from '../../client/src/trust/statement.ts';
import { type Hello, Hello as HelloSchema, type Registration, registrationParts } from '../protocol.ts';
import { type DiscoveryNode, startDiscoveryNode } from '../server.ts';
import {
  accepted,
  askRaw,
  type Bench,
  decoded,
  disconnected,
  emitRaw,
  keysOf,
  newKeys,
  refusalCode,
  register,
  signedRequest,
  startBench,
  tryRegister,
} from './support.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function bench(options?: Parameters<typeof startBench>[0]): Promise<Bench> {
  const started = await startBench(options);
  open.push(started);
  return started;
}

test('a tab gets an id, the ring’s parameters, a certificate, and later ones a sponsor', async () => {
  const { connect, lines, node } = await bench({ params: { replicas: 2 } });
  const first = await register(await connect());
  expect(first.nodeId).toMatch(/^[0-9a-f]{32}$/);
  expect(first).toMatchObject({
    wantedIdGranted: true,
    iceServers: [],
    certificate: expect.stringMatching(/^node\./),
    params: { ...DEFAULT_RING_PARAMS, replicas: 2 },
  });
  expect(first).not.toHaveProperty('sponsor');
  const second = await register(await connect());
  expect(second.sponsor).toBe(first.nodeId);
  expect(node.peers()).toBe(2);
  const start = (id: string): string => `${id.slice(0, 8)}…`;
  expect(lines.all).toEqual([
    `registered ${start(first.nodeId)} (1 node)`,
    `registered ${start(second.nodeId)} (2 nodes)`,
  ]);
});

test('a hex prefix is padded with zeros; too many digits are refused', async () => {
  const { connect, lines } = await bench({ params: { digits: 4, leafSetSize: 2 } });
  const tab = await connect();
  expect(refusalCode(await tryRegister(tab, { wantedId: '12345' }))).toBe('bad-request');
  expect(await register(tab, { wantedId: '3f' })).toMatchObject({ nodeId: '3f00', wantedIdGranted: true });
  expect(lines.all).toEqual(['registered 3f00 (1 node)']);
});

test('the second tab that wants an id gets another and is told so', async () => {
  const { connect } = await bench({ params: { digits: 4 } });
  await register(await connect(), { wantedId: '3f' });
  const second = await register(await connect(), { wantedId: '3f' });
  expect(second).toMatchObject({ wantedIdGranted: false, refusal: 'taken' });
  expect(second.nodeId).not.toBe('3f00');
});

test('the same tab on a new socket keeps its id by its key, and the old socket is closed', async () => {
  const { connect, node, lines } = await bench({ params: { digits: 4 } });
  const old = await connect();
  const { certificate } = await register(old, { wantedId: '3f' });
  const closed = disconnected(old);
  const keys = await keysOf(old);
  const again = await register(await connect(), { wantedId: '3f00', keys, certificate, life: 'same' });
  expect(again).toMatchObject({ nodeId: '3f00', wantedIdGranted: true });
  expect(await closed).toBe('io server disconnect');
  expect(node.peers()).toBe(1);
  expect(lines.all).toEqual(['registered 3f00 (1 node)', 'registered 3f00 (1 node)']);
});

test('a socket that registers twice keeps its id, unless it wants another', async () => {
  const { connect, node, lines } = await bench({ params: { digits: 4 } });
  const tab = await connect();
  const first = await register(tab, { wantedId: '3f' });
  const { certificate, ...rest } = await register(tab);
  expect(decoded(certificate)).toMatchObject({ nodeId: '3f00', epoch: decoded(first.certificate).epoch });
  expect({ ...rest, certificate: '' }).toEqual({ ...first, certificate: '', time: rest.time });
  expect(await register(tab, { wantedId: '4' })).toMatchObject({ nodeId: '4000' });
  expect(node.peers()).toBe(1);
  expect(lines.all).toContain('removed 3f00: asked for another id (0 nodes)');
});

test('a closed tab and a leaving tab are removed; the id of who leaves for good is free', async () => {
  const { connect, lines } = await bench({ params: { digits: 4 } });
  const [closing, leaving] = [await connect(), await connect()];
  await register(closing, { wantedId: 'a' });
  await register(leaving, { wantedId: 'b' });
  closing.disconnect();
  await lines.matching(/^removed a000: disconnected \(1 node\)$/);
  leaving.emit('leave');
  await lines.matching(/^removed b000: left \(0 nodes\)$/);
  expect((await register(await connect(), { wantedId: 'b' })).wantedIdGranted).toBe(true);
  expect(await register(await connect(), { wantedId: 'a' })).toMatchObject({ refusal: 'taken' });
  expect((await register(leaving, { wantedId: 'c' })).nodeId).toBe('c000');
});

test('the id of who leaves to come back is kept', async () => {
  const { connect, lines } = await bench({ params: { digits: 4 } });
  const leaving = await connect();
  await register(leaving, { wantedId: 'a' });
  leaving.emit('leave', { comesBack: true });
  await lines.matching(/^removed a000: left/);
  expect(await register(await connect(), { wantedId: 'a' })).toMatchObject({ refusal: 'taken' });
  expect(await register(leaving, { wantedId: 'a' })).toMatchObject({ nodeId: 'a000', wantedIdGranted: true });
});

/** The acknowledgement of request 0, polled by hand. */
async function greetingFrom(address: string, sid: string): Promise<Hello> {
  for (;;) {
    const packets = await (await fetch(`${address}&sid=${sid}`)).text();
    const packet = packets.split('\x1e').find((each) => each.startsWith('430'));
    if (packet !== undefined) return v.parse(v.tuple([HelloSchema]), JSON.parse(packet.slice(3)))[0];
  }
}

test('a tab that answers no ping is removed', async () => {
  // It must have registered before its first ping is due an answer: three requests, on a crowded machine too.
  const { node, lines } = await bench({ pingIntervalMs: 1_000, pingTimeoutMs: 1_000, params: { digits: 4 } });
  // A tab that went silent cannot say goodbye either: speak to the server by hand and then stop.
  const address = `${node.url}/socket.io/?EIO=4&transport=polling`;
  const handshake = await (await fetch(address)).text();
  const { sid } = JSON.parse(handshake.slice(1));
  const send = (body: string): Promise<Response> => fetch(`${address}&sid=${sid}`, { method: 'POST', body });
  await send('40');
  await send('420["hello",{"version":2}]');
  const { signKey, agreeKey, sign } = await newKeys();
  const greeting = await greetingFrom(address, sid);
  const wish = { role: 'node', life: 'new', wantedId: '3f', device: 'd', signKey, agreeKey } as const;
  const signature = await sign(
    statement('registration', greeting.ringKey, registrationParts(greeting.challenge, wish)),
  );
  await send(`421["register",${JSON.stringify({ version: 2, ...wish, signature })}]`);
  await lines.matching(/^removed 3f00: timed out \(0 nodes\)$/);
});

test('signals are relayed between registered tabs, with the sender’s true id', async () => {
  const { connect, node } = await bench();
  const [a, b] = [await connect(), await connect()];
  const [idA, idB] = [(await register(a)).nodeId, (await register(b)).nodeId];
  const received = new Promise((resolve) => b.once('signal', resolve));
  expect(await a.emitWithAck('signal', { to: idB, signal: '{"type":"offer"}' })).toEqual({ relayed: true });
  expect(await received).toEqual({ from: idA, signal: '{"type":"offer"}' });
  const absent = '0'.repeat(32);
  expect(refusalCode(await a.emitWithAck('signal', { to: absent, signal: '' }))).toBe('unknown-peer');
  expect(refusalCode(await a.emitWithAck('signal', { to: 'abc', signal: '' }))).toBe('unknown-peer');
  expect(await node.counters()).toMatchObject({ relayed: 1, 'unknown-peer': 2 });
});

test('the largest signal passes, whatever its characters', async () => {
  const { connect } = await bench();
  const [a, b] = [await connect(), await connect()];
  await register(a);
  const { nodeId } = await register(b);
  for (const character of ['x', '"', '日']) {
    const received = new Promise((resolve) => b.once('signal', resolve));
    const signal = character.repeat(32_768);
    expect(await a.emitWithAck('signal', { to: nodeId, signal })).toEqual({ relayed: true });
    expect(await received).toMatchObject({ signal });
  }
  const tooLong = await a.emitWithAck('signal', { to: nodeId, signal: 'x'.repeat(32_769) });
  expect(refusalCode(tooLong)).toBe('bad-request');
});

test('a tab may ask for another sponsor', async () => {
  const { connect } = await bench();
  const [a, b] = [await connect(), await connect()];
  expect(refusalCode(await a.emitWithAck('sponsor'))).toBe('not-registered');
  const { nodeId } = await register(a);
  expect(await a.emitWithAck('sponsor')).toEqual({});
  await register(b);
  expect(accepted(await b.emitWithAck('sponsor'))).toEqual({ sponsor: nodeId });
});

test('without registration nothing is relayed', async () => {
  const { connect } = await bench();
  const [a, b] = [await connect(), await connect()];
  const { nodeId } = await register(b);
  expect(refusalCode(await a.emitWithAck('signal', { to: nodeId, signal: '' }))).toBe('not-registered');
});

test('after a restart of the Discovery node a tab comes back by itself under its id', async () => {
  const before = await bench({ params: { digits: 4 } });
  const tab = await before.connect({ reconnection: true });
  const { certificate } = await register(tab, { wantedId: '3f' });
  const back = new Promise<Registration>((resolve) => {
    const request = { wantedId: '3f00', certificate, life: 'same' } as const;
    tab.once('disconnect', () => tab.once('connect', () => resolve(register(tab, request))));
  });
  await before.node.close();
  const { port, ring } = before.node;
  const restarted = await startDiscoveryNode({ host: '127.0.0.1', port, params: { digits: 4 }, ring });
  open.push(restarted);
  expect(await back).toMatchObject({ nodeId: '3f00', wantedIdGranted: true });
  expect(decoded((await back).certificate).epoch).toBe(decoded(certificate).epoch);
  expect(restarted.peers()).toBe(1);
});

test('a taken port is an error of the caller’s', async () => {
  const { node } = await bench();
  await expect(startDiscoveryNode({ host: '127.0.0.1', port: node.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

test('tabs and sockets of one address are bounded', async () => {
  const { connect, node } = await bench({ maxPeersPerAddress: 1 });
  const [a, b] = [await connect(), await connect()];
  await register(a);
  expect(refusalCode(await tryRegister(b))).toBe('rate-limited');
  await expect(connect()).rejects.toThrow('Too many connections');
  a.emit('leave');
  await register(b);
  expect(node.peers()).toBe(1);
});

async function expectServing(node: DiscoveryNode, connect: Bench['connect']): Promise<void> {
  const count = node.peers();
  await register(await connect());
  expect(node.peers()).toBe(count + 1);
}

test('garbage is answered and counted, and breaks nothing', async () => {
  const { connect, node } = await bench();
  const tab = await connect();
  const good = await signedRequest(tab);
  const garbage = [
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { version: 2 },
    { ...good, device: 7 },
    { ...good, device: '' },
    { ...good, device: '<script>' },
    { ...good, device: Buffer.from('d') },
    { ...good, wantedId: 'XYZ' },
    { ...good, wantedId: '' },
    { ...good, wantedId: 'a'.repeat(65) },
    { ...good, signKey: 'short' },
    { ...good, agreeKey: 'x'.repeat(100_000) },
    { ...good, role: 'operator' },
    { ...good, life: 'x'.repeat(100_000) },
    { ...good, certificate: 'x'.repeat(401) },
    { ...good, signature: undefined },
    { ...good, extra: true },
    { ...good, ['x'.repeat(100_000)]: true },
  ];
  for (const request of garbage) {
    const answer = await askRaw(tab, 'register', request);
    expect(refusalCode(answer)).toBe('bad-request');
    expect(JSON.stringify(answer).length).toBeLessThan(500);
  }
  for (const request of [undefined, 2, {}, { version: '2' }, { version: 1 }, { version: 2, extra: true }]) {
    expect(refusalCode(await askRaw(tab, 'hello', request))).toBe('bad-request');
  }
  for (const request of [undefined, null, 'x', { nodeId: 'a' }]) {
    expect(refusalCode(await askRaw(tab, 'renew', request))).toBe('bad-request');
  }
  for (const request of [undefined, { to: 'a' }, { to: 7, signal: 7 }, { to: 'a', signal: { sdp: '' } }]) {
    expect(refusalCode(await askRaw(tab, 'signal', request))).toBe('bad-request');
  }
  for (const event of ['shout', '__proto__', 'constructor', 'error', 'message', '']) {
    expect(refusalCode(await askRaw(tab, event, {}))).toBe('bad-request');
  }
  for (const event of ['register', 'signal', 'sponsor', 'renew', 'hello', 'shout']) emitRaw(tab, event, good);
  emitRaw(tab, 'leave', 1, 2, 3);
  await register(tab);
  expect(await node.counters()).toMatchObject({
    'bad-request': garbage.length + 4 + 4,
    'earlier-version': 6,
    'unknown-event': 7,
    'no-acknowledgement': 5,
  });
  await expectServing(node, connect);
});

test('a packet beyond the bound and a broken packet end the connection, not the server', async () => {
  const { connect, node, lines } = await bench({ params: { digits: 4 } });
  const large = await connect();
  await register(large, { wantedId: 'a' });
  emitRaw(large, 'signal', { to: 'b', signal: 'x'.repeat(200_000) });
  await lines.matching(/^removed a000: disconnected/);
  const broken = await connect();
  await register(broken, { wantedId: 'b' });
  broken.io.engine.write('2{not a packet');
  await lines.matching(/^removed b000: disconnected/);
  expect((await fetch(`${node.url}/socket.io/?EIO=4&transport=carrier-pigeon`)).status).toBe(400);
  const lost = await connect();
  await register(lost, { wantedId: 'c' });
  lost.disconnect();
  await lines.matching(/^removed c000: disconnected/);
  expect((await node.counters())['protocol-error']).toBe(3);
  await expectServing(node, connect);
});

test('a tab that asks too fast is told so, and cut off if it goes on', async () => {
  let now = 0;
  const { connect, node, lines } = await bench({ params: { digits: 4 }, now: () => now });
  const [fast, other] = [await connect(), await connect()];
  await register(fast, { wantedId: 'f' });
  await register(other, { wantedId: 'a' });
  const answers = await Promise.all(Array.from({ length: 600 }, () => fast.emitWithAck('sponsor')));
  const refused = answers.filter((answer) => refusalCode(answer) === 'rate-limited').length;
  expect(refused).toBe(600 - 510);
  now += 1_000;
  expect(refusalCode(await fast.emitWithAck('sponsor'))).toBeUndefined();
  const gone = disconnected(fast);
  for (let request = 0; request < 400; request += 1) fast.emit('sponsor', () => undefined);
  expect(await gone).toBe('io server disconnect');
  await lines.matching(/^removed f000: too many refused requests/);
  expect((await node.counters())['cut-off']).toBe(1);
  expect(refusalCode(await other.emitWithAck('sponsor'))).toBeUndefined();
});

test('a tab that is cut off while a registration of it is being checked is counted once', async () => {
  const { connect, node } = await bench({ params: { digits: 4 }, now: () => 0 });
  const [fast, other] = [await connect(), await connect()];
  const gone = disconnected(fast);
  for (let request = 0; request < 1_000; request += 1) emitRaw(fast, 'register', 'flood', () => undefined);
  expect(await gone).toBe('io server disconnect');
  await register(other, { wantedId: 'a' });
  expect(await node.counters()).toMatchObject({ 'bad-request': expect.any(Number), 'cut-off': 1 });
});
