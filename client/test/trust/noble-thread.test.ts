// Seals and digests for pages without WebCrypto: the same with a worker, without one, and when it dies.

import { createHash, randomBytes } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { nobleSeal } from '../../src/trust/noble-suite.ts';
import { type NobleWork, nobleResult } from '../../src/trust/noble-work.ts';

const LARGE = new Uint8Array(randomBytes(100_000));
const SMALL = LARGE.slice(0, 1_000);
const SECRET = new Uint8Array(randomBytes(32));
const NONCE = new Uint8Array(12).fill(3);

/** As a browser's, on this thread. */
class FakeWorker extends EventTarget {
  static asked = 0;
  static dies = false;

  postMessage(work: NobleWork, [port]: readonly MessagePort[]): void {
    FakeWorker.asked += 1;
    if (FakeWorker.dies) queueMicrotask(() => this.dispatchEvent(new Event('error')));
    else void nobleResult(structuredClone(work)).then((result) => port?.postMessage({ result }));
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
  FakeWorker.asked = 0;
  FakeWorker.dies = false;
});

async function expectRight(): Promise<void> {
  const { offThreadSeal, offThreadSha256 } = await import('../../src/trust/noble-thread.ts');
  const key = offThreadSeal(SECRET, 'a test');
  for (const bytes of [SMALL, LARGE]) {
    expect(Buffer.from(await offThreadSha256(bytes))).toEqual(createHash('sha256').update(bytes).digest());
    const sealed = await key.seal(NONCE, bytes);
    expect(sealed).toEqual(await nobleSeal(SECRET, 'a test').seal(NONCE, bytes));
    expect(await key.unseal(NONCE, sealed)).toEqual(bytes);
    sealed[5] = (sealed[5] ?? 0) ^ 1;
    expect(await key.unseal(NONCE, sealed)).toBeUndefined();
  }
}

test('where there are no workers', expectRight);

test('with a worker, which gets what is large', async () => {
  vi.stubGlobal('Worker', FakeWorker);
  await expectRight();
  expect(FakeWorker.asked).toBe(4);
});

test('a worker that dies is not asked again, and its work is done', async () => {
  vi.stubGlobal('Worker', FakeWorker);
  FakeWorker.dies = true;
  await expectRight();
  expect(FakeWorker.asked).toBe(1);
});
