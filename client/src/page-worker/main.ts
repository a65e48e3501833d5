// A service worker that opens the page when its server cannot be reached, and takes what other apps share with the page. It
// answers what asked.ts names and nothing else. Downloads have a worker of their own (client/src/download-worker/), which is
// replaced at other times: a newer page must not end what an older one is saving.

import { whatIsAsked } from './asked.ts';
import type { ToPageWorker } from './messages.ts';
import { type Build, Shell } from './shell.ts';
import { WaitingShares } from './waiting-shares.ts';

declare const self: ServiceWorkerGlobalScope;
/** Written before this script by the bundler. */
declare const BUILD: Build;

const { scope } = self.registration;
const shell = new Shell(scope, BUILD);
const shares = new WaitingShares(scope);
const parts = new Set(BUILD.parts);

self.addEventListener('install', (event) => {
  event.waitUntil(shell.fill());
  // Tabs stay open for days: none of them may keep an older worker.
  void self.skipWaiting();
});
self.addEventListener('activate', (event) => event.waitUntil(shell.tidy()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  switch (whatIsAsked(request, scope, parts)) {
    case 'page':
      return event.respondWith(shell.page(request));
    case 'part':
      return event.respondWith(shell.part(request));
    case 'share':
      return event.respondWith(take(request));
  }
});
self.addEventListener('message', (event: ExtendableMessageEvent) => {
  const message: ToPageWorker = event.data;
  if (message.type === 'taken') event.waitUntil(shares.remove(message.id));
  else if (message.type === 'shares') event.waitUntil(shares.list().then((list) => event.ports[0]?.postMessage(list)));
});

/** Whatever becomes of it, the user sees the page. */
async function take(request: Request): Promise<Response> {
  try {
    await shares.add(request);
  } catch (error) {
    console.error('what was shared could not be kept', error);
  }
  return Response.redirect(`${scope}#/`, 303);
}
