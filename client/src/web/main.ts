// The browser's way in: shows the page at once, puts a peer together, and joins the ring with it.

import { signal } from '@preact/signals';
import { RingKeyChanged } from '../stores/ring-pins.ts';
import type { Entry } from '../trust/ring-entry.ts';
import { composeTab } from './compose.ts';
import type { PageModel } from './model/page-model.ts';
import { takeAddress } from './taken-address.ts';
import type { Address } from './text/address.ts';
import { errorText } from './text/error-text.ts';
import { shortId } from './text/format.ts';
import { insecureWarning, unsupportedBrowser } from './text/secure-context.ts';
import { mountPage, type Phase } from './view/page.tsx';

const phase = signal<Phase>({ state: 'starting', message: 'Asking the Discovery node for an id…' });
const notices = signal<readonly string[]>([]);

const root = document.querySelector('#app');
if (root === null) throw new Error('index.html has no #app');
mountPage(root, { phase, notices });
/** What shows a running tab, which comes while it asks for its id. */
const shown = import('./running-page.ts');
const renewal = shown.then(
  ({ PageRenewal }) =>
    new PageRenewal(import.meta.url, {
      isInUse: () => running()?.isInUse === true,
      bytes: () => running()?.linkBytes ?? 0,
      random: () => Math.random(),
      later: (run, delayMs) => setTimeout(run, delayMs),
      session: sessionStorage,
      notify,
      reload: () => location.reload(),
    }),
);
begin(undefined);

/** `acceptedRingKey`: a changed key of the Discovery node's that the user has accepted. */
function begin(acceptedRingKey: string | undefined): void {
  start(takeAddress(window), acceptedRingKey).catch((error: unknown) => {
    console.error(error);
    const message = errorText(error);
    const accept = error instanceof RingKeyChanged ? () => begin(error.ringKey) : undefined;
    phase.value = { state: 'failed', message, accept };
  });
}

async function start(address: Address, acceptedRingKey: string | undefined): Promise<void> {
  phase.value = { state: 'starting', message: 'Asking the Discovery node for an id…' };
  const capabilities = {
    secure: isSecureContext,
    webrtc: 'RTCPeerConnection' in window,
    indexedDb: 'indexedDB' in window,
  };
  const unsupported = unsupportedBrowser(capabilities);
  if (unsupported !== undefined) {
    phase.value = { state: 'failed', message: unsupported, accept: undefined };
    return;
  }
  notify(insecureWarning(capabilities, location.host));
  notify(address.problem);
  // Where the page is, also below a path, without the slash at its end.
  const url = new URL('.', location.href).href.slice(0, -1);
  const show = (next: Phase): void => {
    phase.value = next;
  };
  const tab = await composeTab({
    url,
    wantedId: address.wantedId,
    acceptedRingKey,
    entry: later(async () => (await import('./closed-ring.ts')).closedRing(url, address.invitation, show)),
    waiting: (message) => {
      phase.value = { state: 'starting', message };
    },
    notify,
    served: (page) => {
      // If it is not loaded, the start below fails and says so.
      renewal.then((it) => it.told(page)).catch(console.error);
    },
  });
  const { loadRest, Panels, runPage } = await shown;
  const model = runPage(window, tab);
  phase.value = { state: 'running', model, panels: Panels };
  document.title = `${shortId(tab.peer.nodeId)} Tabring`;
  loadRest(model).catch((error: unknown) => {
    console.error(error);
    notify('A part of the page could not be loaded: reload it to try again.');
  });
  openFile(model, address);
  window.addEventListener('hashchange', () => {
    const changed = takeAddress(window);
    notify(changed.problem);
    openFile(model, changed);
  });
  await tab.peer.start();
}

function later(load: () => Promise<Entry>): Entry {
  let loaded: Promise<Entry> | undefined;
  const entry = (): Promise<Entry> => {
    loaded ??= load();
    return loaded;
  };
  return {
    prove: async (...asked) => (await entry()).prove(...asked),
    wrong: async (message) => (await entry()).wrong(message),
  };
}

function running(): PageModel | undefined {
  const now = phase.peek();
  return now.state === 'running' ? now.model : undefined;
}

function openFile(model: PageModel, { file }: Address): void {
  if (file !== undefined) void model.downloads.fetch(file);
}

function notify(notice: string | undefined): void {
  if (notice !== undefined && !notices.peek().includes(notice)) notices.value = [...notices.peek(), notice];
}
