// `window.tabring`: the peer for people in DevTools, and for tests (docs/console-api.md).

import type { PeerApi } from '../peer/api.ts';
import type { Uploads } from './model/uploads.ts';

export type Tabring = Omit<PeerApi, 'subscribe'>;

declare global {
  interface Window {
    /** There once the tab has registered with the Discovery node. */
    tabring?: Tabring;
  }
}

/** Stores through the page's queue, so that its list shows them and closing the tab warns; the rest is the peer itself. */
export function createTabring(peer: PeerApi, uploads: Uploads): Tabring {
  return {
    get nodeId() {
      return peer.nodeId;
    },
    get status() {
      return peer.status;
    },
    inspect: () => peer.inspect(),
    lookup: (key) => peer.lookup(key),
    store: (file, options) => uploads.store(file, options),
    retrieve: (linkOrId, options) => peer.retrieve(linkOrId, options),
    listFiles: () => peer.listFiles(),
    leave: () => peer.leave(),
  };
}
