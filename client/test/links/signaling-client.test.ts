// The tab's side of the Discovery node, against a Socket.IO server that does what each test wants.

import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DISPLACED_MESSAGE, type RegisterRequest, type Registration } from '../../../signaling/protocol.ts';
import type { OwnIdentity } from '../../src/links/registration.ts';
import {
  connectToDiscovery,
  type SignalingClient,
  type SignalingClientEvents,
  type SignalingClientOptions,
} from '../../src/links/signaling-client.ts';
import { type Certificate, encodeCertificate } from '../../src/trust/certificate.ts';
import type { OwnKeys } from '../../src/trust/key-suite.ts';
import { nodeId } from './pair.ts';
import { refusalOf, ScriptedRing } from './scripted-ring.ts';

type Answer = (answer: unknown) => void;

let ring: ScriptedRing;
let keys: OwnKeys;

/** A Discovery node that grants every wish, unless told otherwise. */
class FakeDiscovery {
  readonly http = createServer();
  readonly io = new Server(this.http);
  readonly sockets: Socket[] = [];
  onHello = async (): Promise<unknown> => ring.hello();
  onRegister = (request: unknown): Promise<unknown> => ring.register(request);
  onSignal = (_request: unknown, answer: Answer): void => answer({ relayed: true });
  onSponsor = (answer: Answer): void => answer({ sponsor: 'b000' });
  onLeave = vi.fn();

  constructor() {
    this.io.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('hello', (_request, answer: Answer) => void this.onHello().then(answer));
      socket.on('register', (request, answer: Answer) => void this.onRegister(request).then(answer));
      socket.on('signal', (request, answer: Answer) => this.onSignal(request, answer));
      socket.on('sponsor', (answer: Answer) => this.onSponsor(answer));
      socket.on('leave', (request) => this.onLeave(request));
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
  ring = await ScriptedRing.create();
  keys = await ring.suite.create('raw');
  discovery = new FakeDiscovery();
  port = await discovery.listen();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.leave();
  await discovery.close();
});

function fakeEvents() {
  return {
    greeted: vi.fn<NonNullable<SignalingClientEvents['greeted']>>(),
    registered: vi.fn<SignalingClientEvents['registered']>(),
    away: vi.fn<SignalingClientEvents['away']>(),
    refused: vi.fn<SignalingClientEvents['refused']>(),
    renewed: vi.fn<SignalingClientEvents['renewed']>(),
    expired: vi.fn<SignalingClientEvents['expired']>(),
    removed: vi.fn<SignalingClientEvents['removed']>(),
    displaced: vi.fn<SignalingClientEvents['displaced']>(),
    notKept: vi.fn<SignalingClientEvents['notKept']>(),
  };
}

interface ConnectOptions extends Partial<SignalingClientOptions> {
  readonly identity?: Partial<OwnIdentity>;
}

async function connect({ identity, ...options }: ConnectOptions = {}) {
  const events = fakeEvents();
  const certified = vi.fn(async (_certificate: Certificate): Promise<void> => undefined);
  const identify = vi.fn(async () => ({
    ...{ keys, certified, device: 'laptop', wantedId: undefined, certificate: undefined },
    ...identity,
  }));
  const client = await connectToDiscovery({
    ...{ events, identify, role: 'node', suite: ring.suite, comesBack: true },
    url: `http://127.0.0.1:${port}`,
    backoffMs: { least: 5, most: 20 },
    ...options,
  });
  clients.push(client);
  return { client, events, identify, certified };
}

/** Resolves when `mock` has been called `times` times; vitest polls. */
const calls = (mock: ReturnType<typeof vi.fn>, times = 1) =>
  vi.waitFor(() => expect(mock.mock.calls.length).toBeGreaterThanOrEqual(times), { timeout: 60_000, interval: 5 });

/** The first registration gets this answer, all later ones the usual one. */
function answerOnce(change: (request: unknown) => Promise<unknown>): void {
  const usual = discovery.onRegister;
  discovery.onRegister = (request) => {
    discovery.onRegister = usual;
    return change(request);
  };
}

/** The usual answer, changed. */
async function changed(request: unknown, change: object): Promise<unknown> {
  return { ...(await ring.register(request)), ...change };
}

test('registers, proves its key and knows what it was told', async () => {
  discovery.onRegister = (request) => changed(request, { sponsor: 'b000', iceServers: [{ urls: ['stun:stun.test'] }] });
  const { client, events, identify, certified } = await connect({ identity: { wantedId: 'a' } });
  const { signKey, agreeKey } = keys;
  expect(ring.requests).toMatchObject([
    { version: 2, role: 'node', life: 'new', wantedId: 'a', device: 'laptop', signKey, agreeKey },
  ]);
  expect(identify).toHaveBeenCalledWith({ ringKey: ring.ringKey, params: ring.params });
  expect(events.greeted.mock.calls).toEqual([[expect.objectContaining({ ringKey: ring.ringKey })]]);
  expect(client.nodeId).toBe('a000');
  expect(client.params).toEqual(ring.params);
  expect(client.sponsor).toBe('b000');
  expect(client.wantedIdRefusal).toBe(undefined);
  expect(client.iceServers).toEqual([{ urls: ['stun:stun.test'] }]);
  const { credentials } = client;
  expect(credentials).toMatchObject({ ringKey: ring.ringKey, nodeId: 'a000' });
  expect(await credentials.check(credentials.encoded)).toEqual(credentials.certificate);
  // Kept before anybody hears of it.
  expect(certified.mock.calls).toEqual([[credentials.certificate]]);
  expect(events.registered).toHaveBeenCalledWith('a000');
});

test('without a wish it asks for any id; a client of a moment says that it is one', async () => {
  const { client } = await connect({ role: 'client' });
  expect(ring.requests[0]).not.toHaveProperty('wantedId');
  expect(ring.requests[0]).not.toHaveProperty('certificate');
  expect(client.credentials.certificate.role).toBe('client');
});

test('an earlier certificate goes with the wish', async () => {
  const former = encodeCertificate(await ring.certificate({ role: 'node', device: 'laptop', ...keys }, 'd', 5));
  await connect({ identity: { wantedId: 'd000', certificate: former } });
  expect(ring.requests).toMatchObject([{ wantedId: 'd000', certificate: former, life: 'new' }]);
});

test('a certificate that the Discovery node does not believe is left out of the next attempt', async () => {
  const former = encodeCertificate(await ring.certificate({ role: 'node', device: 'laptop', ...keys }, 'd', 5));
  discovery.onRegister = async (request) => {
    const answer = await ring.register(request);
    const isWithCertificate = ring.requests.at(-1)?.certificate !== undefined;
    return isWithCertificate ? refusalOf('not-proven', 'Not of this ring.') : answer;
  };
  await connect({ identity: { wantedId: 'd000', certificate: former } });
  expect(ring.requests.map(({ certificate }) => certificate)).toEqual([former, undefined]);
});

test.each(['taken', 'not-allowed'] as const)('says why a wanted id was not given: %s', async (why) => {
  discovery.onRegister = async (received) => {
    const request = received as RegisterRequest;
    const answer: Registration = await ring.registration(request, 'e', 1);
    return { ...answer, wantedIdGranted: false, refusal: why };
  };
  const { client } = await connect({ identity: { wantedId: 'a' } });
  expect(client.nodeId).toBe('e000');
  expect(client.wantedIdRefusal).toBe(why);
});

test('an id that the ring cannot have is an error, not a reason to try for ever', async () => {
  discovery.onRegister = async () => refusalOf('bad-request', 'too long');
  await expect(connect({ identity: { wantedId: 'abcdef' } })).rejects.toMatchObject({
    code: 'bad-id',
    message: 'too long',
  });
});

test('what keeps it from having an identity ends the first registration', async () => {
  const identify = () => Promise.reject(new Error('no disk'));
  await expect(connect({ identify })).rejects.toThrow('no disk');
  const certified = () => Promise.reject(new Error('disk full'));
  await expect(connect({ identity: { certified } })).rejects.toThrow('disk full');
});

test('a server that is full is asked again until it accepts', async () => {
  answerOnce(async () => refusalOf('rate-limited', 'Too many tabs.'));
  const events = fakeEvents();
  await connect({ events });
  expect(events.refused.mock.calls).toEqual([['other', 'Too many tabs.']]);
  expect(ring.requests).toHaveLength(1);
});

test('a Discovery node of another version is told of, and asked again', async () => {
  const abort = new AbortController();
  discovery.onHello = async () => refusalOf('bad-request', 'There is no such event.');
  const events = fakeEvents();
  events.refused.mockImplementation(() => abort.abort());
  await expect(connect({ events, signal: abort.signal })).rejects.toMatchObject({ code: 'discovery-unreachable' });
  expect(events.refused.mock.calls).toEqual([['version', 'There is no such event.']]);
});

test.each<[string, (request: unknown) => Promise<unknown>]>([
  ['nothing', async () => null],
  ['a word', async () => 'yes'],
  ['half of it', async () => ({ nodeId: 'a000' })],
  ['an id of other digits', (request) => changed(request, { nodeId: 'abcde' })],
  ['a ring of impossible ids', (request) => changed(request, { params: { ...ring.params, digits: 1000 } })],
  ['no certificate', (request) => changed(request, { certificate: 'none' })],
  ['a certificate of another id', (request) => changed(request, { nodeId: 'b000' })],
  [
    'a certificate of another key',
    async (request) => {
      const { signKey } = await ring.suite.create('raw');
      const certificate = await ring.certificate({ role: 'node', device: 'laptop', ...keys, signKey }, 'a', 1);
      return changed(request, { certificate: encodeCertificate(certificate) });
    },
  ],
  [
    'a certificate of another key to agree with',
    async (request) => {
      const { agreeKey } = await ring.suite.create('raw');
      const certificate = await ring.certificate({ role: 'node', device: 'laptop', ...keys, agreeKey }, 'a', 1);
      return changed(request, { certificate: encodeCertificate(certificate) });
    },
  ],
  [
    'a certificate of another role',
    async (request) => {
      const certificate = await ring.certificate({ role: 'client', device: 'laptop', ...keys }, 'a', 1);
      return changed(request, { certificate: encodeCertificate(certificate) });
    },
  ],
  [
    'a certificate that another ring has signed',
    async (request) => {
      const other = await ScriptedRing.create();
      const certificate = await other.certificate({ role: 'node', device: 'laptop', ...keys }, 'a', 1);
      return changed(request, { certificate: encodeCertificate(certificate) });
    },
  ],
])('an answer that is no registration is counted and asked for again: %s', async (_, answerOfServer) => {
  answerOnce(answerOfServer);
  const { client } = await connect();
  expect(client.malformed).toBe(1);
  expect(client.nodeId).toBe('a000');
});

test('a greeting that cannot be read is counted and asked for again', async () => {
  const usual = discovery.onHello;
  discovery.onHello = async () => {
    discovery.onHello = usual;
    return { ...ring.hello(), ringKey: 'short' };
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
  discovery.onRegister = async () => refusalOf('bad-request', 'no');
  await expect(connect({ signal })).rejects.toMatchObject({ code: 'bad-id' });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('comes back under its own id, in the same life, when the server does', async () => {
  const { client, events, identify, certified } = await connect({ identity: { wantedId: 'a' } });
  const { encoded, certificate } = client.credentials;
  await discovery.close();
  await calls(events.away);
  expect(client.state).toBe('away');
  await expect(client.send(nodeId('b'), 'x')).rejects.toMatchObject({ reason: 'away' });
  await expect(client.askSponsor()).rejects.toMatchObject({ reason: 'away' });
  const issued = ring.now() + 60;
  ring.now = () => issued;
  discovery = new FakeDiscovery();
  await discovery.listen(port);
  await calls(events.registered, 2);
  expect(ring.requests[1]).toMatchObject({ wantedId: 'a000', life: 'same', certificate: encoded });
  expect(client.credentials.certificate).toMatchObject({ issued, epoch: certificate.epoch });
  expect(certified).toHaveBeenLastCalledWith(client.credentials.certificate);
  expect(identify).toHaveBeenCalledTimes(1);
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
  await vi.waitFor(() => expect(discovery.sockets[0]?.connected).toBe(false), { timeout: 60_000 });
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

test('is told, and tries no more, if the operator removed it', async () => {
  const { client, events } = await connect();
  discovery.sockets[0]?.emit('removed', 'maintenance');
  await calls(events.removed);
  expect(events.removed).toHaveBeenCalledWith('maintenance');
  expect(client.state).toBe('over');
});

test('is told, and tries no more, if its identity was opened elsewhere', async () => {
  const { client, events } = await connect();
  discovery.sockets[0]?.emit('removed', DISPLACED_MESSAGE);
  await calls(events.displaced);
  expect(events.removed).not.toHaveBeenCalled();
  expect(client.state).toBe('over');
});

test('one that is removed before it is registered gives up', async () => {
  discovery.onRegister = () => {
    discovery.sockets[0]?.emit('removed', 'This page is too old: reload it.');
    return new Promise(() => undefined);
  };
  await expect(connect()).rejects.toMatchObject({ message: 'This page is too old: reload it.' });
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
  ['unknown-peer', refusalOf('unknown-peer', 'No tab of this id.')],
  ['away', refusalOf('not-registered', 'Register first.')],
  ['refused', refusalOf('rate-limited', 'Too many.')],
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
  for (const unusable of [{ sponsor: 'B' }, 7, refusalOf('rate-limited', 'Wait.')]) {
    discovery.onSponsor = (answer) => answer(unusable);
    await expect(client.askSponsor()).rejects.toMatchObject({ reason: 'refused' });
  }
});

test.each([true, false])('says that it leaves, and whether its identity is kept: %s', async (comesBack) => {
  const { client } = await connect({ comesBack });
  client.leave();
  await calls(discovery.onLeave);
  expect(discovery.onLeave).toHaveBeenCalledWith({ comesBack });
  expect(client.state).toBe('over');
});
