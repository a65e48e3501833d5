// A service worker that answers addresses below save/ with the bytes of a file that a page of the ring has: so that a browser
// without a way to write files downloads one of any size as from a server, piece by piece. It answers nothing else, and keeps
// nothing.

import type { FromDownload, ToDownload, ToWorker } from './messages.ts';

declare const self: ServiceWorkerGlobalScope;

interface Download {
  readonly name: string;
  readonly size: number;
  readonly port: MessagePort;
}

/** Downloads that the browser has yet to ask for. */
const downloadById = new Map<string, Download>();

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', ({ data, ports }: ExtendableMessageEvent) => {
  const message: ToWorker = data;
  const [port] = ports;
  if (message.type !== 'download' || port === undefined) return;
  downloadById.set(message.id, { name: message.name, size: message.size, port });
  say(port, { type: 'ready' });
});
self.addEventListener('fetch', (event) => {
  const [, id = ''] = /\/save\/([0-9a-f]{32})\//.exec(new URL(event.request.url).pathname) ?? [];
  const download = downloadById.get(id);
  downloadById.delete(id);
  event.respondWith(download === undefined ? gone() : answer(download));
});

function answer({ name, size, port }: Download): Response {
  return new Response(streamOf(port), {
    headers: {
      // A neutral type, and never shown: it is a stranger's.
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename*=UTF-8''${encoded(name)}`,
      'Content-Length': String(size),
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  });
}

/** Of a download that is over, or that a worker was asked for which has been ended since. */
function gone(): Response {
  return new Response('This download is over. Start it again on the page of the ring.\n', { status: 404 });
}

function streamOf(port: MessagePort): ReadableStream<Uint8Array> {
  let told: (() => void) | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        port.onmessage = ({ data }) => {
          const message: ToDownload = data;
          if (message.type === 'bytes') controller.enqueue(message.bytes);
          else if (message.type === 'end') controller.close();
          else controller.error(new Error('the page has no more of it'));
          told?.();
        };
      },
      pull: () =>
        new Promise((resolve) => {
          told = resolve;
          say(port, { type: 'more' });
        }),
      cancel: () => say(port, { type: 'given-up' }),
    },
    { highWaterMark: 0 },
  );
}

function say(port: MessagePort, message: FromDownload): void {
  port.postMessage(message);
}

/** As RFC 8187 has it, section 3.2.1: what encodeURIComponent leaves and it does not allow. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
