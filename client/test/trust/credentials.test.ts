import { describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { encodeCertificate } from '../../src/trust/certificate.ts';
import { Authority } from './authority.ts';

const ID = '8d31' as NodeId;
const OTHER = '1b77' as NodeId;

describe('credentials', () => {
  test('take a certificate of the ring until its time is over', async () => {
    const ring = await Authority.create();
    const [mine, other] = [await ring.credentials(ID), await ring.credentials(OTHER)];
    expect(await mine.check(other.encoded)).toEqual(other.certificate);
    ring.now = other.certificate.expires - 1;
    expect(await mine.check(other.encoded)).toEqual(other.certificate);
    ring.now += 1;
    expect(await mine.check(other.encoded)).toBe('expired');
  });

  test('refuse one of another ring, a changed one and what is none, also when asked again', async () => {
    const ring = await Authority.create();
    const mine = await ring.credentials(ID);
    const stranger = await (await Authority.create()).credentials(OTHER);
    const changed = encodeCertificate({ ...(await ring.credentials(OTHER)).certificate, device: 'another' });
    for (let times = 0; times < 2; times += 1) {
      expect(await mine.check(stranger.encoded)).toBe('foreign');
      expect(await mine.check(changed)).toBe('foreign');
      expect(await mine.check('no certificate')).toBe('malformed');
    }
  });

  test('sign what others verify: for one purpose, of one node', async () => {
    const ring = await Authority.create();
    const [mine, other] = [await ring.credentials(ID), await ring.credentials(OTHER)];
    const signature = await other.sign('answer', ['id', 1, null]);
    const { certificate } = other;
    expect(await mine.verify(certificate, signature, 'answer', ['id', 1, null])).toBe(true);
    expect(await mine.verify(certificate, signature, 'answer', ['id', 1])).toBe(false);
    expect(await mine.verify(certificate, signature, 'receipt', ['id', 1, null])).toBe(false);
    expect(await mine.verify(mine.certificate, signature, 'answer', ['id', 1, null])).toBe(false);
  });
});
