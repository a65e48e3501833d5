// What holders of a new file are to confirm, against holders that do not at first (peer/store-leases.ts).

import { expect, test } from 'vitest';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { LeaseSigner } from '../../src/peer/lease-signer.ts';
import { CONFIRM_ATTEMPTS } from '../../src/peer/limits.ts';
import { leftError } from '../../src/peer/request-errors.ts';
import type { LeaseTaken } from '../../src/peer/requests.ts';
import { StoreLeases } from '../../src/peer/store-leases.ts';
import { idOf } from './ids.ts';

const BLOCK = { key: idOf('5', 32), digest: '5'.repeat(64), size: 1_000 };
const OWNER = { owner: 'a'.repeat(43), secret: 'a', sign: async (text: string) => text };
const HOLDERS = ['4', '5', '6'].map((prefix) => idOf(prefix, 32));

/** Leases of one block, of which so many of three holders confirm at each time that they are asked. */
async function leasesConfirmedBy(counts: readonly number[], pause = async (): Promise<void> => undefined) {
  let asked = 0;
  const requests = {
    lease: async (): Promise<LeaseTaken> => {
      const kept = HOLDERS.slice(0, counts[asked] ?? counts.at(-1));
      asked += 1;
      return { type: 'leased', request: asked, asked: HOLDERS, kept };
    },
  };
  const signer = new LeaseSigner('ring', () => 1_000, DEFAULT_RING_PARAMS);
  const leases = new StoreLeases({ signer, requests, pause }, OWNER, {});
  await leases.stored(BLOCK, new AbortController().signal);
  return { leases, asked: () => asked };
}

test('P49: holders of which too few confirm are asked again', async () => {
  const { leases, asked } = await leasesConfirmedBy([1, 2]);
  await leases.finish(undefined);
  expect(asked()).toBe(2);
});

test('P49: a store of which too few confirm whenever they are asked fails, and says so', async () => {
  const { leases, asked } = await leasesConfirmedBy([1]);
  await expect(leases.finish(undefined)).rejects.toMatchObject({
    code: 'timed-out',
    message: expect.stringContaining('did not confirm for how long'),
  });
  expect(asked()).toBe(CONFIRM_ATTEMPTS);
});

test('P49: who cancels does not wait for what is asked again', async () => {
  const { leases, asked } = await leasesConfirmedBy([0]);
  await expect(leases.finish(AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  expect(asked()).toBe(0);
});

test('P49: a store whose node leaves before it asks again ends', async () => {
  const { leases, asked } = await leasesConfirmedBy([1], () => Promise.reject(leftError()));
  await expect(leases.finish(undefined)).rejects.toMatchObject({ code: 'left' });
  expect(asked()).toBe(1);
});
