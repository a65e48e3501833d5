// Signing and checking: once for each text, and no more than a node can bear.

import { beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeEnvelope, type Envelope } from '../../src/links/envelope.ts';
import { CHECK_RATE } from '../../src/links/limits.ts';
import { SignalProofs } from '../../src/links/signal-proofs.ts';
import type { Credentials } from '../../src/trust/credentials.ts';
import { Authority } from '../trust/authority.ts';
import { cheapSuite } from '../trust/cheap-suite.ts';
import { nodeId } from './pair.ts';

const [idA, idB] = [nodeId('a'), nodeId('b')];
let authority: Authority;
let [a, b]: Credentials[] = [];
beforeAll(async () => {
  authority = await Authority.create(cheapSuite);
  a = await authority.credentials(idA);
  b = await authority.credentials(idB);
});

function both() {
  if (a === undefined || b === undefined) throw new Error('no credentials');
  return { a, b };
}

async function signed(body: string): Promise<Envelope> {
  const envelope = decodeEnvelope(await new SignalProofs(both().a, () => 0).sign(idB, body));
  if (envelope === undefined) throw new Error('no envelope');
  return envelope;
}

describe('each distinct text', () => {
  test('is signed once, for each of its readers, and anew when the certificate is', async () => {
    const { credentials, keys } = await ownOf(idA);
    const sign = vi.spyOn(keys, 'sign');
    const proofs = new SignalProofs(credentials, () => 0);
    const [first, again] = await Promise.all([proofs.sign(idB, 'x'), proofs.sign(idB, 'x')]);
    expect(again).toBe(first);
    expect(sign).toHaveBeenCalledTimes(1);
    await proofs.sign(idA, 'x');
    await proofs.sign(idB, 'y');
    expect(sign).toHaveBeenCalledTimes(3);
    credentials.renewed(await authority.certificate(idA, keys, { issued: authority.now + 1 }));
    expect(await proofs.sign(idB, 'x')).not.toBe(first);
    expect(sign).toHaveBeenCalledTimes(4);
  });

  test('is checked once', async () => {
    const envelope = await signed('x');
    const verify = vi.spyOn(both().b, 'verify');
    const proofs = new SignalProofs(both().b, () => 0);
    for (let times = 0; times < 3; times += 1) {
      expect(await proofs.check(envelope)).toEqual(both().a.certificate);
      expect(await proofs.check({ ...envelope, body: 'y' })).toBe('forged');
    }
    expect(verify).toHaveBeenCalledTimes(2);
    verify.mockRestore();
  });
});

test('a certificate that expires is no good any more, although its signature was found right', async () => {
  const envelope = await signed('x');
  const proofs = new SignalProofs(both().b, () => 0);
  expect(await proofs.check(envelope)).toEqual(both().a.certificate);
  authority.now = both().a.certificate.expires;
  expect(await proofs.check(envelope)).toBe('expired');
  authority.now = both().a.certificate.issued;
});

test('what must be checked has a budget for each way, what was checked has none', async () => {
  let now = 0;
  const proofs = new SignalProofs(both().b, () => now);
  const envelope = await signed('x');
  expect(proofs.mayCheck(envelope, 'ring')).toBe(true);
  await proofs.check(envelope);
  for (let taken = 1; taken < CHECK_RATE.burst; taken += 1) proofs.mayCheck({ ...envelope, body: `${taken}` }, 'ring');
  const next = { ...envelope, body: 'next' };
  expect(proofs.mayCheck(next, 'ring')).toBe(false);
  expect(proofs.mayCheck(next, 'discovery')).toBe(true);
  expect(proofs.mayCheck(envelope, 'ring')).toBe(true);
  now += 1_000 / CHECK_RATE.perSecond;
  expect(proofs.mayCheck(next, 'ring')).toBe(true);
  expect(proofs.mayCheck(next, 'ring')).toBe(false);
});

async function ownOf(id: typeof idA) {
  const keys = await cheapSuite.create('raw');
  return { keys, credentials: await authority.credentials(id, { keys }) };
}
