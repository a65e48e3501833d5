// The page of a running tab: what it shows, what it watches, and window.tabring. Loaded while the tab asks for its id.

import type { Tab } from './compose.ts';
import { watchLifecycle } from './lifecycle.ts';
import { PageModel } from './model/page-model.ts';
import { browserConnection, watchNetwork } from './network-watch.ts';
import { keepStorageOnceUsed } from './persistent-storage.ts';
import { createTabring } from './tabring.ts';
import { pageFiles } from './view/page-files.ts';
import { loadInsight } from './view/panels.tsx';

export { PageRenewal } from './page-renewal.ts';
export { Panels } from './view/panels.tsx';

/** Puts the model of the page together, and gives the window to it. */
export function runPage(window: Window, tab: Tab): PageModel {
  const { peer } = tab;
  const model = new PageModel(peer, {
    now: () => performance.now(),
    today: () => new Date(),
    later: (run, delayMs) => setTimeout(run, delayMs),
    urls: URL,
    files: pageFiles,
  });
  watchLifecycle(window, { goodbye: () => tab.goodbye(), isClosingUnsafe: () => model.isClosingUnsafe });
  watchNetwork({ page: window, connection: browserConnection() }, () => tab.networkChanged());
  keepStorageOnceUsed(peer);
  window.tabring = createTabring(peer, model.uploads);
  return model;
}

/** What need not be there at first. Rejects if it cannot be loaded. */
export async function loadRest(model: PageModel): Promise<void> {
  await Promise.all([model.loadConsole(), loadInsight(), pageFiles.prepare()]);
}
