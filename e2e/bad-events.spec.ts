// Strangers who send garbage to the Discovery node, and through it to tabs: it is counted, the node goes on serving, and
// the ring does not notice.

import { expect, test } from 'playwright/test';
import type { NodeId } from '../client/src/core/pastry/id.ts';
import { decodeEnvelope } from '../client/src/links/envelope.ts';
import { Authority } from '../client/test/trust/authority.ts';
import { RELOAD_MESSAGE } from '../signaling/protocol.ts';
import { askRaw, emitRaw, keysOf, newKeys, register, signedRequest, type Tab } from '../signaling/test/support.ts';
import { expected, fetchIn, storeIn } from './support/files.ts';
import { lookupsAreRight } from './support/lookups.ts';
import { inspect, isActive, Ring } from './support/ring.ts';
import { relay, Strangers, signedSignal } from './support/strangers.ts';

const FILE = { name: 'calm.bin', type: 'application/octet-stream', size: 80_000, seed: 41 };
const device = 'stranger';
/** Names the certificate of its channel as a description must, and is otherwise none. */
const DESCRIPTION = `v=0\r\na=fingerprint:sha-256 ${Array<string>(32).fill('01').join(':')}\r\n`;

/** Events with what they carry. */
type Events = readonly (readonly [string, unknown])[];

/** Of no version of the protocol. */
const WRONG: Events = [
  ['register', undefined],
  ['register', null],
  ['register', 7],
  ['register', [[[[]]]]],
  ['register', { version: 2 }],
  ['renew', undefined],
  ['renew', { surplus: true }],
  ['signal', { to: 'abc', signal: { sdp: '' } }],
  ['signal', { to: ['abc'], signal: '' }],
  ['signal', { to: 'f'.repeat(32), signal: 'x'.repeat(40_000) }],
];

/** Registrations that are well signed but for one entry. */
function wrongRegistrations(good: object): Events {
  const wrong = [
    { role: 'king' },
    { role: undefined },
    { life: 'third' },
    { wantedId: 'zzz' },
    { wantedId: 'f'.repeat(65) },
    { wantedId: 'f'.repeat(33) },
    { certificate: '' },
    { certificate: 'x'.repeat(10_000) },
    { device: { toString: 'x' } },
    { device: Buffer.from('binary') },
    { signKey: 'short' },
    { agreeKey: 7 },
    { signature: undefined },
    { signature: 'A'.repeat(85) },
    { secret: 'a'.repeat(32) },
    { surplus: true },
  ];
  return wrong.map((entry) => ['register', { ...good, ...entry }]);
}

/** Registrations that prove nothing, or not what they claim. */
async function unproven(stranger: Tab, other: Tab, id: NodeId): Promise<Events> {
  const good = await signedRequest(stranger);
  const foreign = await (await Authority.create()).credentials(id, { keys: await keysOf(stranger) });
  const requests = [
    { ...good, signature: 'A'.repeat(86) },
    { ...good, wantedId: id },
    { ...good, signKey: (await newKeys()).signKey },
    // Of another socket.
    await signedRequest(other),
    await signedRequest(stranger, { certificate: 'garbage' }),
    await signedRequest(stranger, { certificate: foreign.encoded }),
  ];
  return requests.map((request) => ['register', request]);
}

/** What pages of an earlier version say. */
const OLD: Events = [
  ['register', { device }],
  ['register', { device, wantedId: 'abc', secret: 'a'.repeat(32) }],
  ['register', { version: 1, device }],
  ['hello', undefined],
  ['hello', { version: 1 }],
];

const UNKNOWN: Events = [
  ['no-such-event', {}],
  ['__proto__', {}],
];

/** Sends them one after the other, and each must be refused with this code, and with words. */
async function refuses(stranger: Tab, events: Events, code: string, message: unknown = expect.stringMatching(/./)) {
  for (const [event, request] of events) {
    const answer = await askRaw(stranger, event, request);
    expect(answer, `${event} ${JSON.stringify(request)}`).toEqual({ error: { code, message } });
  }
}

test('garbage sent to the Discovery node is counted, and the ring does not notice', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(3);
  const [tab] = ring.tabs;
  if (tab === undefined) return;
  const { link } = await storeIn(tab, FILE);
  const before = await ring.ids();
  const { nodeId } = await inspect(tab);
  const strangers = new Strangers(ring);

  const stranger = await strangers.open();
  const removals: string[] = [];
  stranger.on('removed', (reason) => removals.push(reason));
  await refuses(stranger, WRONG, 'bad-request');
  await refuses(stranger, wrongRegistrations(await signedRequest(stranger)), 'bad-request');
  await refuses(stranger, await unproven(stranger, await strangers.open(), nodeId), 'not-proven');
  await refuses(stranger, UNKNOWN, 'bad-request');
  expect(removals).toEqual([]);
  await refuses(stranger, OLD, 'bad-request', RELOAD_MESSAGE);
  await expect.poll(() => removals).toEqual(OLD.map(() => RELOAD_MESSAGE));
  const unregistered: Events = [
    ['signal', { to: 'f'.repeat(32), signal: 'hello' }],
    ['renew', {}],
  ];
  await refuses(stranger, unregistered, 'not-registered');
  for (const event of ['sponsor', 'ice-servers']) {
    expect(await askRaw(stranger, event)).toMatchObject({ error: { code: 'not-registered' } });
  }
  for (const event of ['hello', 'register', 'renew', 'signal', 'sponsor']) emitRaw(stranger, event, { device });
  await counted(ring, {
    'bad-request': 26,
    'not-proven': 6,
    'unknown-event': 2,
    'earlier-version': 5,
    'not-registered': 4,
    'no-acknowledgement': 5,
  });

  const large = await strangers.open();
  emitRaw(large, 'register', { ...(await signedRequest(large)), device: 'x'.repeat(1_000_000) });
  await strangers.gone(large);
  await postPackets(ring, ['not a packet', '4{"neither":"is this"}', '42["half an event"', '9'.repeat(1_000)]);
  await expect.poll(async () => (await ring.discovery.counters())['protocol-error'] ?? 0).toBeGreaterThanOrEqual(4);

  const nonsense = await strangers.open();
  for (let sent = 0; sent < 5_000; sent += 1) emitRaw(nonsense, 'register', 'flood', () => undefined);
  await strangers.gone(nonsense);
  const greedy = await strangers.open();
  await register(greedy);
  for (let sent = 0; sent < 5_000; sent += 1) greedy.emit('sponsor', () => undefined);
  await strangers.gone(greedy);
  await counted(ring, { 'cut-off': 2, 'rate-limited': expect.any(Number) });

  const health = await fetch(`${ring.discovery.url}/healthz`);
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({ status: 'ok', peers: 3 });
  expect(await ring.ids()).toEqual(before);
  await isActive(await ring.open());
  await ring.settled();
  await lookupsAreRight(ring);
  for (const each of ring.tabs) expect(await fetchIn(each, link)).toEqual(expected(FILE));
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
  strangers.close();
  await ring.stop();
});

test('garbage relayed to a tab as a signal is counted there, and opens nothing', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(2);
  const [tab, other] = ring.tabs;
  if (tab === undefined || other === undefined) return;
  const { nodeId, counters: before } = await inspect(tab);
  const strangers = new Strangers(ring);
  const { socket, credentials } = await strangers.certified();
  const attempt = '0123456789abcdef';
  const description = (type: 'offer' | 'answer', sdp = DESCRIPTION) =>
    JSON.stringify({ type, attempt, sdp, candidates: [] });
  const [answer, offer] = [description('answer'), description('offer')];
  const bodies = [
    '',
    'garbage',
    '{"type":"offer"',
    JSON.stringify({ type: 'offer', attempt, sdp: 7 }),
    JSON.stringify({ type: 'candidates', attempt, candidates: [{ candidate: 'x'.repeat(10_000) }] }),
  ];
  const signed = (body: string, certificate?: string) => signedSignal(credentials, nodeId, body, certificate);
  const malformed = [
    ...[...bodies, 'x'.repeat(32_768)],
    // Well signed, and still garbage.
    ...(await Promise.all(bodies.map((body) => signed(body)))),
    // Well-formed, and not signed.
    ...[answer, offer],
  ];
  for (const signal of malformed) await relay(socket, nodeId, signal);
  await expect.poll(async () => (await inspect(tab)).counters.signalsMalformed).toBe(malformed.length);

  // It is certified, signs well, and says that it is another: with a certificate that it has copied, or with one of its own.
  const theirs = await certificateOf(socket, (await inspect(other)).nodeId, (to) =>
    signedSignal(credentials, to, answer),
  );
  const foreign = await Authority.create();
  const { keys, nodeId: own } = credentials;
  for (const named of [nodeId, (await inspect(other)).nodeId]) {
    await relay(socket, nodeId, await signed(offer, (await foreign.credentials(named, { keys })).encoded));
  }
  await relay(socket, nodeId, await signed(offer, theirs));
  await relay(socket, nodeId, await signed(offer, (await foreign.credentials(own, { keys })).encoded));
  await relay(socket, nodeId, (await signed(offer)).replace('"offer"', '"answer"'));
  await relay(socket, nodeId, await signedSignal(credentials, own, offer));
  const refusals = { signalsInAnothersName: 3, signalsForeign: 1, signalsForged: 1, signalsMisdirected: 1 };
  await expect.poll(async () => (await inspect(tab)).counters).toMatchObject(refusals);
  expect((await inspect(tab)).counters.connectionsCreated).toBe(before.connectionsCreated);

  // In its own name: for a link that nobody asked for, of a channel without a certificate, and an offer that WebRTC cannot read.
  await relay(socket, nodeId, await signed(answer));
  await relay(socket, nodeId, await signed(description('offer', 'v=0')));
  await relay(socket, nodeId, await signed(offer));
  const unused = { signalsStale: 1, fingerprintsRefused: 1, connectionsCreated: (before.connectionsCreated ?? 0) + 1 };
  await expect.poll(async () => (await inspect(tab)).counters).toMatchObject({ ...refusals, ...unused });
  strangers.close();
  await expect.poll(() => ring.discovery.peers()).toBe(2);
  await expect.poll(async () => (await inspect(tab)).links.map(({ state }) => state)).toEqual(['open']);
  await lookupsAreRight(ring);
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
  await ring.stop();
});

/** The certificate of a tab, which is in all that it says, as in its answer to what it has not asked for. */
async function certificateOf(
  socket: Tab,
  nodeId: string,
  unasked: (to: string) => Promise<string>,
): Promise<string | undefined> {
  const said = new Promise<string>((resolve) => socket.once('signal', ({ signal }) => resolve(signal)));
  await relay(socket, nodeId, await unasked(nodeId));
  const envelope = decodeEnvelope(await said);
  expect(envelope).toBeDefined();
  return envelope?.certificate;
}

/** Sends packets that are none, each over a connection of its own, by Engine.IO's long polling. */
async function postPackets(ring: Ring, packets: readonly string[]): Promise<void> {
  const address = `${ring.discovery.url}/socket.io/?EIO=4&transport=polling`;
  for (const packet of packets) {
    const handshake = await (await fetch(address)).text();
    const { sid }: { sid: string } = JSON.parse(handshake.slice(1));
    const post = (body: string) => fetch(`${address}&sid=${sid}`, { method: 'POST', body });
    await post('40');
    await post(packet);
  }
}

/** Waits until the Discovery node has counted these refusals. */
async function counted(ring: Ring, counts: Record<string, unknown>): Promise<void> {
  await expect.poll(() => ring.discovery.counters()).toMatchObject(counts);
}
