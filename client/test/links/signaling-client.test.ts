// The tab's side of the Discovery node, against a Socket.IO server that does what each test wants.

import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import {
  connectToDiscovery,
  type SignalingClient,
  type SignalingClientEvents,
  type SignalingClientOptions,
} from '../../src/links/signaling-client.ts';
import { nodeId } from './pair.ts';

type Answer = (answer: unknown) => void;

const SECRET = '0'.repeat(32);
const PARAMS = { ...DEFAULT_RING_PARAMS, digits: 4 };

/** A Discovery node that grants every wish, unless told otherwise. */
class FakeDiscovery {
  readonly http = createServer();
  readonly io = new Server(this.http);
  readonly requests: unknown[] = [];
  readonly sockets: Socket[] = [];
  onRegister = (request: { wantedId?: string }, answer: Answer): void =>
    answer({ ...this.registration, nodeId: request.wantedId ?? 'a000' });
  onSignal = (_request: unknown, answer: Answer): void => answer({ relayed: true });
  onSponsor = (answer: Answer): void => answer({ sponsor: 'b000' });
  onLeave = vi.fn();
  readonly registration = { nodeId: 'a000', wantedIdGranted: true, secret: SECRET, params: PARAMS, iceServers: [] };

  constructor() {
    this.io.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('register', (request, answer: Answer) => {
        this.requests.push(request);
        this.onRegister(request, answer);
      });
      socket.on('signal', (request, answer: Answer) => this.onSignal(request, answer));
      socket.on('sponsor', (answer: Answer) => this.onSponsor(answer));
      socket.on('leave', () => this.onLeave());
    });
  }

  async close(): Promise<void> {
    const closed = this.io.close();
    this.http.closeAllConnections();
    await closed;
  }

  listen(port = 0): Promise<number> {
    return new Promise((resolve) => {
      this.http.listen(port, '127.0.0.1', () => resolve((this.http.address() as AddressInfo).port));
    });
  }
}

let discovery: FakeDiscovery;
let port: number;
const clients: SignalingClient[] = [];

beforeEach(async () => {
  discovery = new FakeDiscovery();
  port = await discovery.listen();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.leave();
  await discovery.close();
});

function fakeEvents() {
  return {
    registered: vi.fn<SignalingClientEvents['registered']>(),
    away: vi.fn<SignalingClientEvents['away']>(),
    removed: vi.fn<SignalingClientEvents['removed']>(),
    idLost: vi.fn<SignalingClientEvents['idLost']>(),
  };
}

async function connect(options: Partial<SignalingClientOptions> = {}) {
  const events = fakeEvents();
  const client = await connectToDiscovery({
    url: `http://127.0.0.1:${port}`,
    wantedId: undefined,
    secret: undefined,
    device: 'laptop',
    events,
    backoffMs: { least: 5, most: 20 },
    ...options,
  });
  clients.push(client);
  return { client, events };
}

/** Resolves when `mock` has been called `times` times; vitest polls. */
const calls = (mock: ReturnType<typeof vi.fn>, times = 1) =>
  vi.waitFor(() => expect(mock.mock.calls.length).toBeGreaterThanOrEqual(times), { timeout: 4000, interval: 5 });

test('registers and knows what it was told', async () => {
  discovery.onRegister = (_request, answer) =>
    answer({ ...discovery.registration, sponsor: 'b000', iceServers: [{ urls: ['stun:stun.test'] }] });
  const { client, events } = await connect({ wantedId: 'a', secret: SECRET });
  expect(discovery.requests).toEqual([{ wantedId: 'a', secret: SECRET, device: 'laptop' }]);
  expect(client.nodeId).toBe('a000');
  expect(client.params).toEqual(PARAMS);
  expect(client.sponsor).toBe('b000');
  expect(client.secret).toBe(SECRET);
  expect(client.wantedIdGranted).toBe(true);
  expect(client.iceServers).toEqual([{ urls: ['stun:stun.test'] }]);
  expect(events.registered).toHaveBeenCalledWith('a000');
});

test('without a wish it asks for any id', async () => {
  await connect();
  expect(discovery.requests).toEqual([{ device: 'laptop' }]);
});

test('an id that the ring cannot have is an error, not a reason to try for ever', async () => {
  discovery.onRegister = (_request, answer) => answer({ error: { code: 'bad-request', message: 'too long' } });
  await expect(connect({ wantedId: 'abcdef' })).rejects.toMatchObject({ code: 'bad-id', message: 'too long' });
});

test('a server that is full is asked again until it accepts', async () => {
  const accept = discovery.onRegister;
  discovery.onRegister = (_request, answer) => {
    discovery.onRegister = accept;
    answer({ error: { code: 'rate-limited', message: 'Too many tabs.' } });
  };
  const events = fakeEvents();
  await connect({ events });
  expect(events.away.mock.calls).toEqual([['Too many tabs.']]);
  expect(discovery.requests).toHaveLength(2);
});

test.each([
  null,
  'yes',
  { nodeId: 'a000' },
  { ...new FakeDiscovery().registration, nodeId: 'abcde' },
  { ...new FakeDiscovery().registration, params: { ...PARAMS, digits: 1000 } },
])('an answer that is no registration is counted and asked for again: %j', async (answerOfServer) => {
  const accept = discovery.onRegister;
  discovery.onRegister = (_request, answer) => {
    discovery.onRegister = accept;
    answer(answerOfServer);
  };
  const { client } = await connect();
  expect(client.malformed).toBe(1);
});

test('waits for a server that is not there yet, and can be told to give up', async () => {
  const abort = new AbortController();
  const events = fakeEvents();
  events.away.mockImplementation(() => abort.abort());
  await expect(connect({ url: 'http://127.0.0.1:1', events, signal: abort.signal })).rejects.toMatchObject({
    code: 'discovery-unreachable',
  });
});

test('once registered, or refused, the signal to give up does not keep it in memory', async () => {
  const { signal } = new AbortController();
  await connect({ signal });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  discovery.onRegister = (_request, answer) => answer({ error: { code: 'bad-request', message: 'no' } });
  await expect(connect({ signal })).rejects.toMatchObject({ code: 'bad-id' });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('comes back under its own id with its secret when the server does', async () => {
  const { client, events } = await connect({ wantedId: 'a000' });
  await discovery.close();
  await calls(events.away);
  expect(client.state).toBe('away');
  await expect(client.send(nodeId('b'), 'x')).rejects.toMatchObject({ reason: 'away' });
  await expect(client.askSponsor()).rejects.toMatchObject({ reason: 'away' });
  discovery = new FakeDiscovery();
  await discovery.listen(port);
  await calls(events.registered, 2);
  expect(discovery.requests).toEqual([{ wantedId: client.nodeId, secret: SECRET, device: 'laptop' }]);
  expect(client.state).toBe('registered');
  expect(events.away).toHaveBeenCalledTimes(1);
});

test('comes back when the server cut the connection on purpose', async () => {
  const { events } = await connect();
  discovery.sockets[0]?.disconnect(true);
  await calls(events.registered, 2);
});

test('comes back when the server turned the connection down', async () => {
  let refusals = 0;
  discovery.io.use((_socket, next) => {
    refusals += 1;
    next(refusals < 3 ? new Error('too many') : undefined);
  });
  const { events } = await connect();
  expect(events.away.mock.calls).toEqual([['too many']]);
});

test('begins a new connection at once when the network changed, whatever the old one says', async () => {
  const { client, events } = await connect();
  client.networkChanged();
  await calls(events.registered, 2);
  expect(discovery.sockets).toHaveLength(2);
  await vi.waitFor(() => expect(discovery.sockets[0]?.connected).toBe(false));
  expect(client.state).toBe('registered');
});

test('does not wait out its pause when the network is there again', async () => {
  const { client, events } = await connect({ backoffMs: { least: 60_000, most: 60_000 } });
  await discovery.close();
  await calls(events.away);
  discovery = new FakeDiscovery();
  await discovery.listen(port);
  client.networkChanged();
  await calls(events.registered, 2);
});

test('is told, and tries no more, if another tab has its id when it comes back', async () => {
  const { client, events } = await connect();
  discovery.onRegister = (_request, answer) => answer({ ...discovery.registration, nodeId: 'c000' });
  discovery.sockets[0]?.disconnect(true);
  await calls(events.idLost);
  await calls(discovery.onLeave);
  expect(client.nodeId).toBe('a000');
  expect(client.state).toBe('over');
  expect(events.registered).toHaveBeenCalledTimes(1);
});

test('is told, and tries no more, if the operator removed it', async () => {
  const { client, events } = await connect();
  discovery.sockets[0]?.emit('removed', 'maintenance');
  await calls(events.removed);
  expect(events.removed).toHaveBeenCalledWith('maintenance');
  expect(client.state).toBe('over');
});

test('carries signals both ways', async () => {
  const { client } = await connect();
  const onSignal = vi.spyOn(discovery, 'onSignal');
  await client.send(nodeId('b'), 'hello');
  expect(onSignal.mock.calls[0]?.[0]).toEqual({ to: 'b000', signal: 'hello' });
  const arrived = vi.fn();
  client.listen(arrived);
  const garbage = [
    undefined,
    { from: 'b000' },
    { from: 'b', signal: 'x' },
    { from: 'b000', signal: 'x'.repeat(40_000) },
  ];
  for (const each of garbage) discovery.sockets[0]?.emit('signal', each);
  discovery.sockets[0]?.emit('signal', { from: 'b000', signal: 'hello back' });
  await calls(arrived);
  expect(arrived.mock.calls).toEqual([['b000', 'hello back']]);
  expect(client.malformed).toBe(garbage.length);
});

test.each([
  ['unknown-peer', { error: { code: 'unknown-peer', message: 'No tab of this id.' } }],
  ['away', { error: { code: 'not-registered', message: 'Register first.' } }],
  ['refused', { error: { code: 'rate-limited', message: 'Too many.' } }],
  ['refused', { nonsense: true }],
])('says why a signal was not handed on: %s', async (reason, answerOfServer) => {
  const { client } = await connect();
  discovery.onSignal = (_request, answer) => answer(answerOfServer);
  await expect(client.send(nodeId('b'), 'x')).rejects.toMatchObject({ name: 'SignallingError', reason });
});

test('a signal under way when the connection breaks is not waited for any longer', async () => {
  const { client } = await connect();
  discovery.onSignal = () => void discovery.sockets[0]?.disconnect(true);
  await expect(client.send(nodeId('b'), 'x')).rejects.toMatchObject({ reason: 'timed-out' });
});

test('asks for a sponsor', async () => {
  const { client } = await connect();
  expect(await client.askSponsor()).toBe('b000');
  discovery.onSponsor = (answer) => answer({});
  expect(await client.askSponsor()).toBe(undefined);
  // Not the same as knowing that there is nobody.
  for (const unusable of [{ sponsor: 'B' }, 7, { error: { code: 'rate-limited', message: 'Wait.' } }]) {
    discovery.onSponsor = (answer) => answer(unusable);
    await expect(client.askSponsor()).rejects.toMatchObject({ reason: 'refused' });
  }
});

test('says that it leaves', async () => {
  const { client } = await connect();
  client.leave();
  await calls(discovery.onLeave);
  expect(client.state).toBe('over');
});
