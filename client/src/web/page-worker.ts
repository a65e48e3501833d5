// The page's side of its worker (client/src/page-worker): what other apps have shared is asked of it at once, and it is installed,
// or looked for anew, when the tab has been in the ring for a while.

import type { Share, ToPageWorker } from '../page-worker/messages.ts';
import { scriptUrl } from '../trust/script-url.ts';
import type { PageModel } from './model/page-model.ts';
import { sharesOf } from './model/shares.ts';
import { untilActive } from './model/until-active.ts';

/** It fetches all parts of the page. What its user came for, the ring and a file most likely, goes first, milliseconds. */
const SETTLED_MS = 10_000;

/** Where the browser has service workers: not over plain http in a network. Never rejects. */
export async function usePageWorker(model: PageModel): Promise<void> {
  // The types promise it always.
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (workers === undefined) return;
  const scope = new URL('./', document.baseURI).href;
  try {
    const before = await workers.getRegistration(scope);
    // That of a page above this one has a wider scope.
    if (before?.scope === scope && before.active !== null) void takeShares(before.active, model);
    await untilActive(model.peer, new AbortController().signal);
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    const script = scriptUrl(new URL('page-worker.js', scope).href, 'tabring-page-worker');
    await workers.register(script, { scope });
  } catch (error) {
    console.info('no page worker', error);
  }
}

async function takeShares(worker: ServiceWorker, model: PageModel): Promise<void> {
  const tell = (message: ToPageWorker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  const { port1: port, port2 } = new MessageChannel();
  const told = new Promise<readonly Share[]>((resolve) => {
    port.onmessage = ({ data }) => resolve(data);
  });
  tell({ type: 'shares' }, [port2]);
  for (const share of await told) {
    // One tab takes it; if that is closed before all is stored, the next one does. Nobody waits for the end of it here.
    void navigator.locks.request(`tabring-share ${share.id}`, { ifAvailable: true }, async (lock) => {
      if (lock === null) return;
      await sharesOf(model).take(share, model, isAppWindow());
      tell({ type: 'taken', id: share.id });
    });
  }
}

/** Systems open an app's own window for what is shared with it. Another page can send a form as well, and opens a tab by that. */
function isAppWindow(): boolean {
  return matchMedia('(display-mode: standalone)').matches;
}
