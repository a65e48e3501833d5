// The browser's way in: puts a peer together and joins the ring with it, while the page that shows it is loaded.

import { lazily } from '../peer/lazily.ts';
import { RingKeyChanged } from '../stores/ring-pins.ts';
import type { Entry } from '../trust/ring-entry.ts';
import { composeTab } from './compose.ts';
import { Given } from './given.ts';
import type { TabPage } from './running-page.ts';
import { takeAddress } from './taken-address.ts';
import type { Lack, Notice } from './text/news.ts';
import type { Phase } from './view/page.tsx';

const root = document.querySelector('#app');
if (root === null) throw new Error('index.html has no #app');
const given = new Given(window);
const door = lazily(() => import('./closed-ring.ts'));
/** Until it is there, index.html itself says that something comes. */
const page = lazily(() => import('./running-page.ts'))
  .whenThere(() => root.replaceChildren('A part of the page is not here yet: trying again. Reloading may help too.'))
  .then(({ TabPage }) => TabPage.open(window, root, import.meta.url, given));
begin(undefined);

/** `acceptedRingKey`: a changed key of the Discovery node's that the user has accepted. */
function begin(acceptedRingKey: string | undefined): void {
  start(acceptedRingKey).catch((error: unknown) => {
    console.error(error);
    const accept = error instanceof RingKeyChanged ? () => begin(error.ringKey) : undefined;
    show({ state: 'failed', failure: { kind: 'error', error }, accept });
  });
}

async function start(acceptedRingKey: string | undefined): Promise<void> {
  const { wantedId, invitation } = takeAddress(window);
  show({ state: 'starting', wait: undefined });
  const lacks: readonly Lack[] = [
    ...('RTCPeerConnection' in window ? [] : (['webrtc'] as const)),
    ...('indexedDB' in window ? [] : (['indexedDb'] as const)),
  ];
  if (lacks.length > 0) {
    show({ state: 'failed', failure: { kind: 'lacks', lacks }, accept: undefined });
    return;
  }
  const notify = (notice: Notice): void => tell((shown) => shown.notify(notice));
  if (!isSecureContext) notify({ kind: 'insecure', host: location.host });
  // Where the page is, also below a path, without the slash at its end.
  const url = new URL('.', location.href).href.slice(0, -1);
  const tab = await composeTab({
    ...{ url, wantedId, acceptedRingKey, notify },
    entry: later(async () => (await door.whenThere()).closedRing(url, invitation, show)),
    waiting: (wait) => tell((shown) => shown.wait(wait)),
    served: (script) => tell((shown) => shown.served(script)),
  });
  const shown = await page;
  // The disk is read while the page is drawn; what comes of it is heard only after that.
  const started = tab.peer.start();
  shown.run(tab);
  await started;
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
