// Strangers who send garbage to the Discovery node, and through it to tabs: it is counted, the node goes on serving, and
// the ring does not notice.

import { expect, test } from 'playwright/test';
import { io, type Socket } from 'socket.io-client';
import { expected, fetchIn, storeIn } from './support/files.ts';
import { lookupsAreRight } from './support/lookups.ts';
import { inspect, isActive, Ring } from './support/ring.ts';

const FILE = { name: 'calm.bin', type: 'application/octet-stream', size: 80_000, seed: 41 };
const device = 'stranger';

/** Events with what they carry, each of which the Discovery node must refuse. */
const WRONG: readonly (readonly [string, unknown])[] = [
  ['register', undefined],
  ['register', null],
  ['register', 7],
  ['register', [[[[]]]]],
  ['register', { device: { toString: 'x' } }],
  ['register', { device, wantedId: 'zzz' }],
  ['register', { device, wantedId: 'f'.repeat(65) }],
  ['register', { device, secret: 12 }],
  ['register', { device, surplus: true }],
  ['register', { device: Buffer.from('binary') }],
  ['signal', { to: 'abc', signal: { sdp: '' } }],
  ['signal', { to: ['abc'], signal: '' }],
  ['signal', { to: 'f'.repeat(32), signal: 'x'.repeat(40_000) }],
  ['no-such-event', {}],
  ['__proto__', {}],
];

test('garbage sent to the Discovery node is counted, and the ring does not notice', async ({ browser }) => {
  const ring = await Ring.start(browser);
  await ring.grow(3);
  const [tab] = ring.tabs;
  if (tab === undefined) return;
  const { link } = await storeIn(tab, FILE);
  const before = await ring.ids();
  const strangers = new Strangers(ring);

  const stranger = await strangers.open();
  for (const [event, request] of WRONG) {
    const answer: unknown = await stranger.emitWithAck(event, request);
    expect(answer, event).toMatchObject({ error: { code: 'bad-request', message: expect.stringMatching(/./) } });
  }
  for (const event of ['signal', 'sponsor']) {
    const answer: unknown = await stranger.emitWithAck(event, { to: 'f'.repeat(32), signal: 'hello' });
    expect(answer).toMatchObject({ error: { code: 'not-registered' } });
  }
  for (const event of ['register', 'signal', 'sponsor']) stranger.emit(event, { device });
  await counted(ring, { 'bad-request': 13, 'unknown-event': 2, 'not-registered': 2, 'no-acknowledgement': 3 });

  const large = await strangers.open();
  large.emit('register', { device: 'x'.repeat(1_000_000) });
  await strangers.gone(large);
  await postPackets(ring, ['not a packet', '4{"neither":"is this"}', '42["half an event"', '9'.repeat(1_000)]);
  await expect.poll(() => ring.discovery.counters()['protocol-error'] ?? 0).toBeGreaterThanOrEqual(4);

  const nonsense = await strangers.open();
  for (let sent = 0; sent < 5_000; sent += 1) nonsense.emit('register', 'flood', () => undefined);
  await strangers.gone(nonsense);
  const greedy = await strangers.open();
  await greedy.emitWithAck('register', { device });
  for (let sent = 0; sent < 5_000; sent += 1) greedy.emit('sponsor', () => undefined);
  await strangers.gone(greedy);
  await counted(ring, { 'cut-off': 2, 'rate-limited': expect.any(Number) });

  const health = await fetch(`${ring.discovery.url}/healthz`);
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({ status: 'ok', peers: 3, counters: ring.discovery.counters() });
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
  const [tab] = ring.tabs;
  if (tab === undefined) return;
  const { nodeId } = await inspect(tab);
  const strangers = new Strangers(ring);
  const stranger = await strangers.open();
  expect(await stranger.emitWithAck('register', { device })).toMatchObject({ wantedIdGranted: true });
  const attempt = '0123456789abcdef';
  const signals = [
    '',
    'garbage',
    '{"type":"offer"',
    JSON.stringify({ type: 'offer', attempt, sdp: 7 }),
    JSON.stringify({ type: 'candidates', attempt, candidates: [{ candidate: 'x'.repeat(10_000) }] }),
    'x'.repeat(32_768),
  ];
  for (const signal of signals)
    expect(await stranger.emitWithAck('signal', { to: nodeId, signal })).toEqual({ relayed: true });
  await expect.poll(async () => (await inspect(tab)).counters.signalsMalformed).toBe(signals.length);
  // Well-formed, for a link that nobody asked for, and an offer that WebRTC cannot read.
  for (const type of ['answer', 'offer']) {
    const signal = JSON.stringify({ type, attempt, sdp: 'v=0', candidates: [] });
    expect(await stranger.emitWithAck('signal', { to: nodeId, signal })).toEqual({ relayed: true });
  }
  await expect.poll(async () => (await inspect(tab)).counters.signalsStale).toBe(1);
  strangers.close();
  await expect.poll(() => ring.discovery.peers()).toBe(2);
  await expect.poll(async () => (await inspect(tab)).links.map(({ state }) => state)).toEqual(['open']);
  await lookupsAreRight(ring);
  for (const { complaints } of ring.tabs) expect(complaints).toEqual([]);
  await ring.stop();
});

/** Clients of the Discovery node that are no tabs. */
class Strangers {
  readonly #ring: Ring;
  readonly #sockets: Socket[] = [];

  constructor(ring: Ring) {
    this.#ring = ring;
  }

  async open(): Promise<Socket> {
    const socket = io(this.#ring.discovery.url, { transports: ['websocket'], forceNew: true, reconnection: false });
    this.#sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  }

  /** Waits until the Discovery node has closed the connection. */
  async gone(socket: Socket): Promise<void> {
    await expect.poll(() => socket.connected).toBe(false);
  }

  close(): void {
    for (const socket of this.#sockets) socket.disconnect();
  }
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
