// The browser's way in: puts a peer together and joins the ring with it, while the page that shows it is loaded.

import { RingKeyChanged } from '../stores/ring-pins.ts';
import type { Entry } from '../trust/ring-entry.ts';
import { composeTab } from './compose.ts';
import type { TabPage } from './running-page.ts';
import { takeAddress } from './taken-address.ts';
import { errorText } from './text/error-text.ts';
import { insecureWarning, unsupportedBrowser } from './text/secure-context.ts';
import type { Phase } from './view/page.tsx';

const root = document.querySelector('#app');
if (root === null) throw new Error('index.html has no #app');
/** Until it is there, index.html itself says that the tab joins. */
const page = import('./running-page.ts').then(({ TabPage }) => new TabPage(window, root, import.meta.url));
page.catch(() => root.replaceChildren('A part of the page could not be loaded: reload it to try again.'));
begin(undefined);

/** `acceptedRingKey`: a changed key of the Discovery node's that the user has accepted. */
function begin(acceptedRingKey: string | undefined): void {
  start(acceptedRingKey).catch((error: unknown) => {
    console.error(error);
    const accept = error instanceof RingKeyChanged ? () => begin(error.ringKey) : undefined;
    show({ state: 'failed', message: errorText(error), accept });
  });
}

async function start(acceptedRingKey: string | undefined): Promise<void> {
  const { wantedId, invitation } = takeAddress(window);
  show({ state: 'starting', message: undefined });
  const capabilities = {
    secure: isSecureContext,
    webrtc: 'RTCPeerConnection' in window,
    indexedDb: 'indexedDB' in window,
  };
  const unsupported = unsupportedBrowser(capabilities);
  if (unsupported !== undefined) {
    show({ state: 'failed', message: unsupported, accept: undefined });
    return;
  }
  const notify = (notice: string | undefined): void => tell((shown) => shown.notify(notice));
  notify(insecureWarning(capabilities, location.host));
  // Where the page is, also below a path, without the slash at its end.
  const url = new URL('.', location.href).href.slice(0, -1);
  const tab = await composeTab({
    ...{ url, wantedId, acceptedRingKey, notify },
    entry: later(async () => (await import('./closed-ring.ts')).closedRing(url, invitation, show)),
    waiting: (message) => tell((shown) => shown.wait(message)),
    served: (script) => tell((shown) => shown.served(script)),
  });
  (await page).run(tab);
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

function show(phase: Phase): void {
  tell((shown) => shown.show(phase));
}

/** In the order told. */
function tell(news: (shown: TabPage) => void): void {
  page.then(news).catch(console.error);
}
