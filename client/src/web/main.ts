// The browser's way in: puts a peer together and joins the ring with it, while the page that shows it is loaded.

import { RingKeyChanged } from '../stores/ring-pins.ts';
import { composeTab } from './compose.ts';
import type { TabPage } from './running-page.ts';
import { takeAddress } from './taken-address.ts';
import { errorText } from './text/error-text.ts';
import { insecureWarning, unsupportedBrowser } from './text/secure-context.ts';

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
    tell((shown) => shown.failed(errorText(error), accept));
  });
}

async function start(acceptedRingKey: string | undefined): Promise<void> {
  const { wantedId } = takeAddress(window);
  tell((shown) => shown.waiting(undefined));
  const capabilities = {
    secure: isSecureContext,
    webrtc: 'RTCPeerConnection' in window,
    indexedDb: 'indexedDB' in window,
  };
  const unsupported = unsupportedBrowser(capabilities);
  if (unsupported !== undefined) {
    tell((shown) => shown.failed(unsupported, undefined));
    return;
  }
  const notify = (notice: string | undefined): void => tell((shown) => shown.notify(notice));
  notify(insecureWarning(capabilities, location.host));
  const tab = await composeTab({
    // Where the page is, also below a path, without the slash at its end.
    url: new URL('.', location.href).href.slice(0, -1),
    ...{ wantedId, acceptedRingKey, notify },
    waiting: (message) => tell((shown) => shown.waiting(message)),
    served: (script) => tell((shown) => shown.served(script)),
  });
  (await page).run(tab);
  await tab.peer.start();
}

/** In the order told. */
function tell(news: (shown: TabPage) => void): void {
  page.then(news).catch(console.error);
}
