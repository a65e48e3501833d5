// What the renewal of an old page needs of the browser and of the tab.

import type { PageModel } from './model/page-model.ts';
import { PageRenewal } from './page-renewal.ts';
import type { Notice } from './text/news.ts';

/** `ownScript`: the address of this page's script. `running`: undefined until the tab runs. */
export function pageRenewal(
  ownScript: string,
  running: () => PageModel | undefined,
  notify: (notice: Notice) => void,
): PageRenewal {
  return new PageRenewal(ownScript, {
    isInUse: () => isInUse(running()),
    bytes: () => linkBytes(running()),
    random: () => Math.random(),
    later: (run, delayMs) => setTimeout(run, delayMs),
    // Where all storage is blocked, asking for it throws.
    get session() {
      return sessionStorage;
    },
    notify,
    reload: () => location.reload(),
  });
}

/** Files are being stored or fetched, or wait here to be saved or to have their failure read. */
function isInUse(model: PageModel | undefined): boolean {
  return model !== undefined && model.uploads.list.peek().length + model.downloads.list.peek().length > 0;
}

/** What the links that are open now have carried. */
function linkBytes(model: PageModel | undefined): number {
  const links = model?.peer.inspect().links ?? [];
  return links.reduce((sum, { bytesSent = 0, bytesReceived = 0 }) => sum + bytesSent + bytesReceived, 0);
}
