// Seals and digests of many bytes, off the page's own thread where there are workers.

import { bulkBytes } from './bulk-bytes.ts';
import { type BulkAnswer, type BulkKey, type BulkWork, bulkResult } from './bulk-work.ts';
import workerUrl from './bulk-worker.ts?worker&url';
import type { SealKey } from './key-suite.ts';
import { scriptUrl } from './script-url.ts';

/** Undefined before the first work, and where none can be had. */
let worker: Worker | undefined;
let isBroken = false;

/** SHA-256. */
export async function offThreadSha256(bytes: Uint8Array): Promise<Uint8Array> {
  const digest = await resultOf({ kind: 'sha256', bytes });
  if (digest === undefined) throw new Error('a digest of nothing');
  return digest;
}

export function offThreadSeal(key: BulkKey): SealKey {
  return {
    async seal(nonce, bytes) {
      const sealed = await resultOf({ kind: 'seal', key, nonce, bytes });
      if (sealed === undefined) throw new Error('a seal of nothing');
      return sealed;
    },
    unseal: (nonce, bytes) => resultOf({ kind: 'unseal', key, nonce, bytes }),
  };
}

async function resultOf(work: BulkWork): Promise<Uint8Array | undefined> {
  const thread = work.bytes.length < bulkBytes() ? undefined : open();
  if (thread === undefined) return bulkResult(work);
  try {
    return await askedOf(thread, work);
  } catch {
    // Its script did not load, or it died: the page can do it too, if more slowly for its user.
    isBroken = true;
    return bulkResult(work);
  }
}

function open(): Worker | undefined {
  if (isBroken || typeof Worker === 'undefined') return undefined;
  try {
    worker ??= new Worker(scriptUrl(workerUrl, 'tabring-bulk-worker'), { type: 'module' });
  } catch {
    isBroken = true;
  }
  return worker;
}

/** Rejects if the worker fails. */
function askedOf(thread: Worker, work: BulkWork): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const failed = () => {
      port1.close();
      reject(new Error('the worker failed'));
    };
    thread.addEventListener('error', failed, { once: true });
    port1.onmessage = ({ data: { result } }: MessageEvent<BulkAnswer>) => {
      thread.removeEventListener('error', failed);
      port1.close();
      resolve(result);
    };
    thread.postMessage(work, [port2]);
  });
}
