// Seals and digests by noble, off the page's own thread where there are workers: for pages without WebCrypto.

import type { SealKey } from './key-suite.ts';
import { type NobleAnswer, type NobleWork, nobleResult } from './noble-work.ts';
import workerUrl from './noble-worker.ts?worker&url';
import { scriptUrl } from './script-url.ts';

/** Less is computed at once: handing it over would take longer. */
const MIN_BYTES = 32_768;

/** Undefined before the first work, and where none can be had. */
let worker: Worker | undefined;
let isBroken = false;

/** SHA-256. */
export async function offThreadSha256(bytes: Uint8Array): Promise<Uint8Array> {
  const digest = await resultOf({ kind: 'sha256', bytes });
  if (digest === undefined) throw new Error('a digest of nothing');
  return digest;
}

/** As nobleSeal. */
export function offThreadSeal(secret: Uint8Array, about: string): SealKey {
  return {
    async seal(nonce, bytes) {
      const sealed = await resultOf({ kind: 'seal', secret, about, nonce, bytes });
      if (sealed === undefined) throw new Error('a seal of nothing');
      return sealed;
    },
    unseal: (nonce, bytes) => resultOf({ kind: 'unseal', secret, about, nonce, bytes }),
  };
}

async function resultOf(work: NobleWork): Promise<Uint8Array | undefined> {
  const thread = work.bytes.length < MIN_BYTES ? undefined : open();
  if (thread === undefined) return nobleResult(work);
  try {
    return await askedOf(thread, work);
  } catch {
    // Its script did not load, or it died: the page can do it too, if more slowly for its user.
    isBroken = true;
    return nobleResult(work);
  }
}

function open(): Worker | undefined {
  if (isBroken || typeof Worker === 'undefined') return undefined;
  try {
    worker ??= new Worker(scriptUrl(workerUrl, 'tabring-noble-worker'), { type: 'module' });
  } catch {
    isBroken = true;
  }
  return worker;
}

/** Rejects if the worker fails. */
function askedOf(thread: Worker, work: NobleWork): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const failed = () => {
      port1.close();
      reject(new Error('the worker failed'));
    };
    thread.addEventListener('error', failed, { once: true });
    port1.onmessage = ({ data: { result } }: MessageEvent<NobleAnswer>) => {
      thread.removeEventListener('error', failed);
      port1.close();
      resolve(result);
    };
    thread.postMessage(work, [port2]);
  });
}
