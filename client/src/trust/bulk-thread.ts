// Seals and digests of many bytes, off the page's own thread where there are workers.

import { bulkBytes } from './bulk-bytes.ts';
import { type BulkAnswer, type BulkKey, type BulkWork, bulkResult } from './bulk-work.ts';
import workerUrl from './bulk-worker.ts?worker&url';
import type { SealKey } from './key-suite.ts';
import { scriptUrl } from './script-url.ts';

/** Undefined before the first work, and where none can be had. */
let worker: Worker | undefined;
let isBroken = false;
/** Its script has loaded. */
let hasAnswered = false;

/** Has the worker's script loaded. Never rejects. */
export async function prepare(): Promise<void> {
  const thread = open();
  const work = { kind: 'sha256', bytes: new Uint8Array(1), isGiven: false } as const;
  if (thread !== undefined) await askedOf(thread, work).catch(gaveUp);
}

/** `back`: as Sha256 in peer/ports.ts; giving saves a copy. Rejects if the worker dies with what it was given. */
export async function offThreadSha256(bytes: Uint8Array, back?: (bytes: Uint8Array) => void): Promise<Uint8Array> {
  const isGiven = back !== undefined && hasAnswered;
  const { result, ...answer } = await answerTo({ kind: 'sha256', bytes, isGiven });
  if (result === undefined) throw new Error('a digest of nothing');
  back?.(answer.back ?? bytes);
  return result;
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
  return (await answerTo(work)).result;
}

async function answerTo(work: BulkWork): Promise<BulkAnswer> {
  const thread = work.bytes.length < bulkBytes() ? undefined : open();
  if (thread === undefined) return { result: await bulkResult(work) };
  try {
    return await askedOf(thread, work);
  } catch {
    gaveUp();
    if (work.bytes.length === 0) throw new Error('a worker died with the bytes that it was given');
    return { result: await bulkResult(work) };
  }
}

/** Its script did not load, or it died: the page can do it too, if more slowly for its user. */
function gaveUp(): void {
  isBroken = true;
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
function askedOf(thread: Worker, work: BulkWork): Promise<BulkAnswer> {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const failed = () => {
      port1.close();
      reject(new Error('the worker failed'));
    };
    thread.addEventListener('error', failed, { once: true });
    port1.onmessage = ({ data }: MessageEvent<BulkAnswer>) => {
      hasAnswered = true;
      thread.removeEventListener('error', failed);
      port1.close();
      resolve(data);
    };
    const isGiven = work.kind === 'sha256' && work.isGiven;
    thread.postMessage(work, isGiven ? [port2, work.bytes.buffer] : [port2]);
  });
}
