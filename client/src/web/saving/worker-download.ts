// The page's side of downloads from a service worker (client/src/download-worker): gives it a file's bytes as fast as the browser
// takes them.

import type { FromDownload, ToDownload, ToWorker } from '../../download-worker/messages.ts';
import { PeerError } from '../../peer/errors.ts';
import { aborted } from '../../peer/parallel.ts';
import { randomId } from '../../peer/random-id.ts';
import type { RetrievedFile } from '../../peer/retrieved-file.ts';
import { scriptUrl } from '../../trust/script-url.ts';

/** Browsers end a worker that hears nothing for 30 seconds. */
const STAY_EVERY_MS = 10_000;
/** By then a browser that wants the download has asked for it; one that does not never tells, milliseconds. */
const ASKED_WITHIN_MS = 30_000;

/** Undefined where the browser has no service workers, as over plain http in a network, or the page is served without this one. */
export async function readyWorker(): Promise<ServiceWorker | undefined> {
  // The types promise it always.
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (workers === undefined) return undefined;
  try {
    const script = scriptUrl(new URL('download-worker.js', document.baseURI).href, 'tabring-download-worker');
    const scope = new URL('save/', document.baseURI).href;
    const registration = await workers.register(script, { scope });
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    return worker === null ? undefined : await activated(worker);
  } catch (error) {
    console.info('no download worker', error);
    return undefined;
  }
}

/** Resolves when the browser has taken all of it. Rejects as the file's stream does, and with a PeerError: aborted, storage. */
export async function downloadFromWorker(
  worker: ServiceWorker,
  file: RetrievedFile,
  signal: AbortSignal,
): Promise<void> {
  const { name, size } = file;
  const id = randomId();
  const { port1: port, port2 } = new MessageChannel();
  const frame = document.createElement('iframe');
  frame.hidden = true;
  const reader = file.stream().getReader();
  const say = (message: ToDownload, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
  const stay = setInterval(() => tell(worker, { type: 'stay' }), STAY_EVERY_MS);
  const broken = (): void => say({ type: 'broken' });
  window.addEventListener('pagehide', broken);
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new PeerError('storage', 'the browser did not begin the download: does it block downloads?')),
        ASKED_WITHIN_MS,
      );
      const give = async (): Promise<void> => {
        clearTimeout(late);
        const next = await reader.read();
        if (!next.done) return say({ type: 'bytes', bytes: next.value }, [next.value.buffer]);
        say({ type: 'end' });
        resolve();
      };
      port.onmessage = ({ data }) => {
        const message: FromDownload = data;
        if (message.type === 'more') give().catch(reject);
        else if (message.type === 'given-up') reject(aborted());
        else {
          frame.src = new URL(`save/${id}/${encodeURIComponent(name)}`, document.baseURI).href;
          document.body.append(frame);
        }
      };
      signal.addEventListener('abort', () => reject(aborted()), { once: true });
      tell(worker, { type: 'download', id, name, size }, [port2]);
    });
  } catch (error) {
    broken();
    await reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    clearInterval(stay);
    window.removeEventListener('pagehide', broken);
    setTimeout(() => frame.remove(), ASKED_WITHIN_MS);
  }
}

function tell(worker: ServiceWorker, message: ToWorker, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}

function activated(worker: ServiceWorker): Promise<ServiceWorker> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (worker.state === 'activated') resolve(worker);
      else if (worker.state === 'redundant') reject(new Error('the worker was replaced'));
    };
    worker.addEventListener('statechange', look);
    look();
  });
}
