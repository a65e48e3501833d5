// Seals and digests of many bytes: the same with a worker, without one, and when it dies; with WebCrypto and without.

import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type BulkKey, type BulkWork, bulkResult } from '../../src/trust/bulk-work.ts';
import { nobleSeal } from '../../src/trust/noble-suite.ts';
import { derivedKey } from '../../src/trust/webcrypto-seal.ts';

const { subtle } = globalThis.crypto;
const LARGE = new Uint8Array(randomBytes(300_000));
const SMALL = LARGE.slice(0, 1_000);
const SECRET = new Uint8Array(randomBytes(32));
const NONCE = new Uint8Array(12).fill(3);

/** As a browser's, on this thread. */
class FakeWorker extends EventTarget {
  static asked = 0;
  static dies = false;

  postMessage(work: BulkWork, [port, ...given]: readonly [MessagePort, ...ArrayBuffer[]]): void {
    FakeWorker.asked += 1;
    const { bytes, ...rest } = work;
    const [there] = given.length === 0 ? [structuredClone(bytes)] : [structuredClone(bytes, { transfer: given })];
    if (FakeWorker.dies) queueMicrotask(() => this.dispatchEvent(new Event('error')));
    else {
      const isGiven = given.length > 0;
      void bulkResult({ ...rest, bytes: there } as BulkWork).then((result) =>
        port.postMessage(isGiven ? { result, back: there } : { result }),
      );
    }
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
  FakeWorker.asked = 0;
  FakeWorker.dies = false;
});

async function expectRight(keyOf: () => Promise<BulkKey>): Promise<void> {
  const { offThreadSeal, offThreadSha256 } = await import('../../src/trust/bulk-thread.ts');
  const key = offThreadSeal(await keyOf());
  for (const bytes of [SMALL, LARGE]) {
    expectSame(await offThreadSha256(bytes), createHash('sha256').update(bytes).digest());
    const sealed = await key.seal(NONCE, bytes);
    expectSame(sealed, await nobleSeal(SECRET, 'a test').seal(NONCE, bytes));
    expectSame(await key.unseal(NONCE, sealed), bytes);
    sealed[5] = (sealed[5] ?? 0) ^ 1;
    expect(await key.unseal(NONCE, sealed)).toBeUndefined();
  }
}

/** Element by element it takes seconds. */
function expectSame(bytes: Uint8Array | undefined, wanted: Uint8Array): void {
  expect(Buffer.compare(bytes ?? new Uint8Array(), wanted)).toBe(0);
}

const WAYS: readonly (readonly [string, () => Promise<BulkKey>])[] = [
  ['with WebCrypto', () => derivedKey(subtle, SECRET, 'a test')],
  [
    'without WebCrypto',
    async () => {
      vi.stubGlobal('crypto', {});
      return { secret: SECRET, about: 'a test' };
    },
  ],
];

describe.each(WAYS)('%s', (_way, keyOf) => {
  test('where there are no workers', () => expectRight(keyOf));

  test('with a worker, which gets what is large', async () => {
    vi.stubGlobal('Worker', FakeWorker);
    await expectRight(keyOf);
    expect(FakeWorker.asked).toBe(4);
  });

  test('bytes that are given away come back, once the worker has shown that it works', async () => {
    vi.stubGlobal('Worker', FakeWorker);
    await keyOf();
    const { offThreadSha256 } = await import('../../src/trust/bulk-thread.ts');
    for (const isGone of [false, true]) {
      const given = LARGE.slice();
      let back: Uint8Array | undefined;
      const digest = await offThreadSha256(given, (bytes) => {
        back = bytes;
      });
      expectSame(digest, createHash('sha256').update(LARGE).digest());
      expectSame(back, LARGE);
      expect(given.length === 0).toBe(isGone);
    }
    FakeWorker.dies = true;
    await expect(offThreadSha256(LARGE.slice(), () => undefined)).rejects.toThrow('died');
    expectSame(await offThreadSha256(LARGE, () => undefined), createHash('sha256').update(LARGE).digest());
  });

  test('its script is loaded before somebody needs it; if it cannot be, the page does the work', async () => {
    vi.stubGlobal('Worker', FakeWorker);
    const { prepareThread } = await import('../../src/trust/bulk-loader.ts');
    await prepareThread();
    expect(FakeWorker.asked).toBe(1);
    await expectRight(keyOf);
    expect(FakeWorker.asked).toBe(5);
    vi.resetModules();
    FakeWorker.dies = true;
    const again = await import('../../src/trust/bulk-loader.ts');
    await again.prepareThread();
    expect(FakeWorker.asked).toBe(6);
    await expectRight(keyOf);
    expect(FakeWorker.asked).toBe(6);
  });

  test('a worker that dies is not asked again, and its work is done', async () => {
    vi.stubGlobal('Worker', FakeWorker);
    FakeWorker.dies = true;
    await expectRight(keyOf);
    expect(FakeWorker.asked).toBe(1);
  });
});
