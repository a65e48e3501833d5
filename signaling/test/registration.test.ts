// Registration as a stranger may try it: what a key must prove, which ids it gets, what its certificate says.

import { afterEach, describe, expect, test } from 'vitest';
import { encodeCertificate } from '../../client/src/trust/certificate.ts';
import { Credentials } from '../../client/src/trust/credentials.ts';
import { keySuite } from '../../client/src/trust/key-suite.ts';
import { DISPLACED_MESSAGE, RELOAD_MESSAGE } from '../protocol.ts';
import {
  accepted,
  askRaw,
  type Bench,
  decoded,
  disconnected,
  hello,
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

/** The ring's time at the beginning, milliseconds since 1970. */
const START = 1_800_000_000_000;
const DAY = 24 * 60 * 60;

const benches: Bench[] = [];
afterEach(async () => {
  await Promise.all(benches.splice(0).map((each) => each.close()));
});

/** Certificates run for 1,000 seconds. */
async function start(
  options: Parameters<typeof startBench>[0] = {},
): Promise<Bench & { later(seconds: number): void }> {
  let calendar = START;
  const defaults = { params: { digits: 4, leafSetSize: 2 }, certificateSeconds: 1_000, calendar: () => calendar };
  const bench = await startBench({ ...defaults, ...options });
  benches.push(bench);
  const later = (seconds: number): void => {
    calendar += seconds * 1_000;
  };
  return { ...bench, later };
}

function removed(tab: Tab): Promise<string> {
  return new Promise((resolve) => tab.once('removed', resolve));
}

describe('hello', () => {
  test('names the ring’s key, its time and parameters, and a challenge of the socket’s own', async () => {
    const { connect, node, later } = await start();
    const [a, b] = [await connect(), await connect()];
    later(5);
    const greeting = await hello(a);
    expect(greeting).toMatchObject({ version: 2, ringKey: node.ring.keys.signKey, time: START / 1_000 + 5 });
    expect(greeting.params).toEqual(node.params);
    expect((await hello(a)).challenge).toBe(greeting.challenge);
    expect((await hello(b)).challenge).not.toBe(greeting.challenge);
    expect(node.peers()).toBe(0);
  });
});

describe('a certificate', () => {
  test('is the ring’s, for the id, the keys and the device, and runs for its time', async () => {
    const { connect, node } = await start();
    const tab = await connect();
    const { nodeId, certificate, time } = await register(tab, { device: 'laptop' });
    const { signKey, agreeKey } = await keysOf(tab);
    expect(decoded(certificate)).toMatchObject({
      ...{ role: 'node', nodeId, device: 'laptop', signKey, agreeKey },
      ...{ epoch: time, issued: time, expires: time + 1_000 },
    });
    expect(time).toBe(START / 1_000);
    const credentials = new Credentials({
      suite: await keySuite(),
      keys: await keysOf(tab),
      ringKey: node.ring.keys.signKey,
      certificate: decoded(certificate),
      time: { seconds: time, renewableSeconds: time },
    });
    expect(await credentials.check(certificate)).toEqual(decoded(certificate));
  });

  test('is renewed for the same life, and then runs longer', async () => {
    const { connect, later, node } = await start();
    const tab = await connect();
    expect(refusalCode(await tab.emitWithAck('renew', {}))).toBe('not-registered');
    const { certificate } = await register(tab, { wantedId: 'a' });
    later(600);
    const renewal = accepted(await tab.emitWithAck('renew', {}));
    const time = START / 1_000 + 600;
    expect(renewal.time).toBe(time);
    const renewed = { ...decoded(certificate), issued: time, expires: time + 1_000, signature: expect.any(String) };
    expect(decoded(renewal.certificate)).toEqual(renewed);
    expect(await node.counters()).toMatchObject({ renewed: 1 });
    tab.disconnect();
    later(900);
    expect(await register(await connect(), { wantedId: 'a' })).toMatchObject({ refusal: 'taken' });
    later(100);
    expect(await register(await connect(), { wantedId: 'a' })).toMatchObject({ wantedIdGranted: true });
  });

  test('of a command runs for a day at most, and the command is no node', async () => {
    const { connect, node, lines } = await start({ certificateSeconds: 7 * DAY });
    const [peer, command] = [await connect(), await connect()];
    const { nodeId } = await register(peer);
    const answer = await register(command, { role: 'client' });
    expect(decoded(answer.certificate)).toMatchObject({ role: 'client', expires: answer.time + DAY });
    expect(answer.sponsor).toBe(nodeId);
    expect(node.nodes().map((each) => each.nodeId)).toEqual([nodeId]);
    expect(accepted(await peer.emitWithAck('sponsor'))).toEqual({});
    const received = new Promise((resolve) => command.once('signal', resolve));
    expect(await peer.emitWithAck('signal', { to: answer.nodeId, signal: 'x' })).toEqual({ relayed: true });
    expect(await received).toEqual({ from: nodeId, signal: 'x' });
    expect(await node.remove(decoded(answer.certificate).nodeId)).toBe(false);
    expect(await peer.emitWithAck('signal', { to: answer.nodeId, signal: 'x' })).toEqual({ relayed: true });
    command.emit('leave');
    command.disconnect();
    await expect.poll(() => peer.emitWithAck('signal', { to: answer.nodeId, signal: 'x' })).toHaveProperty('error');
    expect(lines.all).toHaveLength(1);
  });
});

describe('nobody is registered who', () => {
  test('has not said hello', async () => {
    const { connect, node } = await start();
    const [greeted, silent] = [await connect(), await connect()];
    const request = await signedRequest(greeted);
    expect(refusalCode(await silent.emitWithAck('register', request))).toBe('bad-request');
    expect(node.peers()).toBe(0);
  });

  test('replays what another socket signed', async () => {
    const { connect, node } = await start();
    const [tab, thief] = [await connect(), await connect()];
    const request = await signedRequest(tab, { wantedId: 'a' });
    await hello(thief);
    expect(refusalCode(await thief.emitWithAck('register', request))).toBe('not-proven');
    expect(accepted(await tab.emitWithAck('register', request))).toMatchObject({ nodeId: 'a000' });
    expect(refusalCode(await thief.emitWithAck('register', request))).toBe('not-proven');
    expect(await node.counters()).toMatchObject({ 'not-proven': 2, registered: 1 });
  });

  test('changes anything that was signed', async () => {
    const { connect, node } = await start();
    const tab = await connect();
    const { certificate } = await register(tab, { wantedId: 'a' });
    const other = await newKeys();
    const request = await signedRequest(tab, { wantedId: 'a000', certificate });
    const { wantedId, certificate: _, ...without } = request;
    const forged = [
      { ...request, signature: `${'A'.repeat(85)}A` },
      { ...request, signature: (await signedRequest(tab, { wantedId: 'b' })).signature },
      { ...request, signKey: other.signKey },
      { ...request, agreeKey: other.agreeKey },
      { ...request, device: 'another' },
      { ...request, wantedId: 'b' },
      { ...request, role: 'client' },
      { ...request, life: 'same' },
      { ...without, wantedId },
      { ...without, certificate },
      // 32 bytes that are no point of the curve.
      { ...request, signKey: `${'_'.repeat(42)}8` },
    ];
    for (const each of forged) expect(refusalCode(await askRaw(tab, 'register', each))).toBe('not-proven');
    expect((await node.counters())['not-proven']).toBe(forged.length);
    expect(node.nodes().map(({ nodeId }) => nodeId)).toEqual(['a000']);
  });

  test('signs for another ring', async () => {
    const [here, elsewhere] = [await start(), await start()];
    const tab = await here.connect();
    const { challenge } = await hello(tab);
    const there = await elsewhere.connect();
    const request = await signedRequest(there);
    // The same challenge in both (tests draw the same chance), so that only the ring's key tells them apart.
    expect((await hello(there)).challenge).toBe(challenge);
    expect(refusalCode(await tab.emitWithAck('register', request))).toBe('not-proven');
  });

  test('shows a certificate of another key, another ring, another role, or none at all', async () => {
    const [here, elsewhere] = [await start(), await start()];
    const [owner, thief, foreigner] = [await here.connect(), await here.connect(), await elsewhere.connect()];
    const { certificate } = await register(owner, { wantedId: 'a' });
    const stolen = await tryRegister(thief, { wantedId: 'a', certificate });
    expect([refusalCode(stolen), refusalMessage(stolen)]).toEqual(['not-proven', 'The certificate is of another key.']);
    const keys = await keysOf(foreigner);
    const foreign = (await register(foreigner, { wantedId: 'a' })).certificate;
    const fromAfar = await tryRegister(thief, { wantedId: 'a', certificate: foreign, keys });
    expect(refusalMessage(fromAfar)).toBe('The certificate is not signed with this ring’s key.');
    const client = (await register(thief, { role: 'client' })).certificate;
    expect(refusalMessage(await tryRegister(thief, { wantedId: 'a', certificate: client }))).toBe(
      'The certificate is for another role.',
    );
    expect(refusalMessage(await tryRegister(thief, { certificate: 'x' }))).toBe('The certificate cannot be read.');
    expect(here.node.nodes().map(({ nodeId }) => nodeId)).toEqual(['a000']);
  });

  test('forges a certificate of its own key', async () => {
    const { connect, node } = await start();
    const [owner, forger] = [await connect(), await connect()];
    await register(owner, { wantedId: 'a' });
    const own = decoded((await register(forger)).certificate);
    const { nodeId } = decoded((await register(owner)).certificate);
    const forged = encodeCertificate({ ...own, nodeId });
    expect(refusalCode(await tryRegister(forger, { wantedId: 'a000', certificate: forged }))).toBe('not-proven');
    const older = encodeCertificate({ ...own, epoch: own.epoch + 1_000 });
    expect(refusalCode(await tryRegister(forger, { wantedId: own.nodeId, certificate: older }))).toBe('not-proven');
    expect(node.peers()).toBe(2);
  });

  test('is gone when its signature has been checked', async () => {
    const { connect, node } = await start();
    const tab = await connect();
    const request = await signedRequest(tab);
    tab.emit('register', request, () => undefined);
    tab.disconnect();
    const other = await connect();
    await register(other);
    expect(node.peers()).toBe(1);
  });
});

test('who leaves while it is being registered has left, and may come again', async () => {
  const { connect, node } = await start();
  const tab = await connect();
  const answer = tab.emitWithAck('register', await signedRequest(tab));
  tab.emit('leave');
  expect(refusalCode(await answer)).toBe('not-registered');
  expect(node.peers()).toBe(0);
  await register(tab);
  expect(node.peers()).toBe(1);
});

describe('the right to an id', () => {
  test('is shown by the key alone while the Discovery node remembers it', async () => {
    const { connect, later, lines } = await start({ chosenIds: 'none' });
    const tab = await connect();
    const { nodeId } = await register(tab);
    tab.disconnect();
    await lines.matching(/^removed/);
    later(10);
    const back = await register(await connect(), { wantedId: nodeId, keys: await keysOf(tab) });
    expect(back).toMatchObject({ nodeId, wantedIdGranted: true });
    expect(decoded(back.certificate).epoch).toBe(START / 1_000 + 10);
  });

  test('is shown by an expired certificate too, unless another key has the id by then', async () => {
    const { connect, later, lines } = await start();
    const [first, second] = [await connect(), await connect()];
    const [a, b] = [await register(first, { wantedId: 'a' }), await register(second, { wantedId: 'b' })];
    for (const tab of [first, second]) tab.disconnect();
    await lines.matching(/\(0 nodes\)$/);
    later(1_000);
    await register(await connect(), { wantedId: 'b' });
    const backA = { wantedId: 'a000', keys: await keysOf(first), certificate: a.certificate };
    expect(await register(await connect(), backA)).toMatchObject({ wantedIdGranted: true });
    const backB = { wantedId: 'b000', keys: await keysOf(second), certificate: b.certificate };
    expect(await register(await connect(), backB)).toMatchObject({ wantedIdGranted: false, refusal: 'taken' });
  });

  test('is for the id that the certificate names', async () => {
    const { connect } = await start({ chosenIds: 'none' });
    const tab = await connect();
    const { certificate, nodeId } = await register(tab);
    const other = await register(await connect(), { wantedId: 'b', keys: await keysOf(tab), certificate });
    expect(other).toMatchObject({ wantedIdGranted: false, refusal: 'not-allowed' });
    expect(other.nodeId).not.toBe(nodeId);
  });
});

describe('a second socket of the same key', () => {
  test('takes the first one’s place, which is told and may leave in order', async () => {
    const { connect, node } = await start();
    const [first, second] = [await connect(), await connect()];
    await register(first, { wantedId: 'a' });
    const told = removed(first);
    const again = await register(second, { wantedId: 'a', keys: await keysOf(first) });
    expect(again).toMatchObject({ nodeId: 'a000', wantedIdGranted: true });
    expect(await told).toBe(DISPLACED_MESSAGE);
    expect(first.connected).toBe(true);
    expect(refusalCode(await first.emitWithAck('sponsor'))).toBe('not-registered');
    first.disconnect();
    expect(node.peers()).toBe(1);
    expect(await node.counters()).toMatchObject({ displaced: 1 });
  });

  test('does not tell the first one if it is the same tab over a new connection', async () => {
    const { connect } = await start();
    const first = await connect();
    const { certificate } = await register(first, { wantedId: 'a' });
    const closed = disconnected(first);
    first.on('removed', () => expect.fail('a tab that is back must not be sent away'));
    const back = { wantedId: 'a000', keys: await keysOf(first), certificate, life: 'same' } as const;
    expect(decoded((await register(await connect(), back)).certificate).epoch).toBe(decoded(certificate).epoch);
    await closed;
  });

  test('does not tell a broken one', async () => {
    let now = 0;
    const { connect } = await start({ now: () => now });
    const first = await connect();
    await register(first, { wantedId: 'a' });
    first.on('removed', () => expect.fail('a broken socket must not be told anything'));
    const closed = disconnected(first);
    now += 7_000;
    await register(await connect(), { wantedId: 'a', keys: await keysOf(first) });
    await closed;
  });
});

describe('a life that goes on', () => {
  test('is refused, not given another id, if another key has its id; nothing is registered', async () => {
    const { connect, later, node, lines } = await start();
    const tab = await connect();
    const { certificate } = await register(tab, { wantedId: 'a' });
    tab.disconnect();
    await lines.matching(/^removed/);
    later(1_000);
    await register(await connect(), { wantedId: 'a' });
    const back = await connect();
    back.on('removed', () => expect.fail('nobody leaves the ring because somebody else asked'));
    const request = { wantedId: 'a000', keys: await keysOf(tab), certificate, life: 'same' } as const;
    expect(refusalCode(await tryRegister(back, request))).toBe('id-taken');
    expect(refusalCode(await back.emitWithAck('sponsor'))).toBe('not-registered');
    expect(node.peers()).toBe(1);
  });

  test('is over if the identity was opened elsewhere meanwhile', async () => {
    const { connect, later, node } = await start();
    const tab = await connect();
    const { certificate } = await register(tab, { wantedId: 'a' });
    tab.disconnect();
    later(1);
    const keys = await keysOf(tab);
    await register(await connect(), { wantedId: 'a', keys });
    const back = await connect();
    const told = removed(back);
    const request = { wantedId: 'a000', keys, certificate, life: 'same' } as const;
    expect(refusalCode(await tryRegister(back, request))).toBe('id-taken');
    expect(await told).toBe(DISPLACED_MESSAGE);
    expect(node.peers()).toBe(1);
  });
});

describe('an old page', () => {
  test.each([
    [{ device: 'd' }],
    [{ device: 'd', wantedId: 'a', secret: 'a'.repeat(32) }],
    [{ version: 3, device: 'd' }],
  ])('that registers by %j is told to reload, and to leave', async (request) => {
    const { connect, node } = await start();
    const tab = await connect();
    const told = removed(tab);
    const answer = await askRaw(tab, 'register', request);
    expect([refusalCode(answer), refusalMessage(answer)]).toEqual(['bad-request', RELOAD_MESSAGE]);
    expect(await told).toBe(RELOAD_MESSAGE);
    expect(node.peers()).toBe(0);
    expect(await node.counters()).toMatchObject({ 'earlier-version': 1 });
  });
});

test('a socket proves one thing at a time', async () => {
  const { connect } = await start();
  const tab = await connect();
  const request = await signedRequest(tab);
  const answers = await Promise.all([1, 2, 3].map(() => tab.emitWithAck('register', request)));
  expect(answers.map(refusalCode).filter((code) => code === undefined)).toHaveLength(1);
  expect(answers.map(refusalCode).filter((code) => code === 'rate-limited')).toHaveLength(2);
  expect(refusalCode(await tab.emitWithAck('register', request))).toBeUndefined();
});
