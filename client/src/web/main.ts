// The browser's way in: shows the page at once, puts a peer together, and joins the ring with it.

import { signal } from '@preact/signals';
import { composeTab } from './compose.ts';
import { watchLifecycle } from './lifecycle.ts';
import { PageModel } from './model/page-model.ts';
import { browserConnection, watchNetwork } from './network-watch.ts';
import { keepStorageOnceUsed } from './persistent-storage.ts';
import { createTabring } from './tabring.ts';
import { type Address, parseAddress } from './text/address.ts';
import { errorText } from './text/error-text.ts';
import { shortId } from './text/format.ts';
import { insecureWarning, unsupportedBrowser } from './text/secure-context.ts';
import { mountPage, type Phase } from './view/page.tsx';
import { pageFiles } from './view/page-files.ts';

const phase = signal<Phase>({ state: 'starting', message: 'Asking the Discovery node for an id…' });
const notices = signal<readonly string[]>([]);

const root = document.querySelector('#app');
if (root === null) throw new Error('index.html has no #app');
mountPage(root, { phase, notices });
start(parseAddress(location.href)).catch((error: unknown) => {
  console.error(error);
  phase.value = { state: 'failed', message: errorText(error) };
});

async function start(address: Address): Promise<void> {
  const capabilities = {
    secure: isSecureContext,
    webrtc: 'RTCPeerConnection' in window,
    indexedDb: 'indexedDB' in window,
  };
  const unsupported = unsupportedBrowser(capabilities);
  if (unsupported !== undefined) {
    phase.value = { state: 'failed', message: unsupported };
    return;
  }
  notify(insecureWarning(capabilities, location.host));
  notify(address.problem);
  const tab = await composeTab({
    url: location.origin,
    wantedId: address.wantedId,
    waiting: (message) => {
      phase.value = { state: 'starting', message };
    },
    notify,
  });
  const { peer } = tab;
  const model = new PageModel(peer, {
    now: () => performance.now(),
    today: () => new Date(),
    later: (run, delayMs) => setTimeout(run, delayMs),
    urls: URL,
    files: pageFiles,
  });
  watchLifecycle(window, { goodbye: () => tab.goodbye(), isClosingUnsafe: () => model.uploads.isAnyUnsafe });
  watchNetwork({ page: window, connection: browserConnection() }, () => tab.networkChanged());
  keepStorageOnceUsed(peer);
  window.tabring = createTabring(peer, model.uploads);
  phase.value = { state: 'running', model };
  document.title = `${shortId(peer.nodeId)} Tabring`;
  openFile(model, address);
  window.addEventListener('hashchange', () => {
    const changed = parseAddress(location.href);
    notify(changed.problem);
    openFile(model, changed);
  });
  await peer.start();
}

function openFile(model: PageModel, { file }: Address): void {
  if (file !== undefined) void model.downloads.fetch(file);
}

function notify(notice: string | undefined): void {
  if (notice !== undefined && !notices.peek().includes(notice)) notices.value = [...notices.peek(), notice];
}
