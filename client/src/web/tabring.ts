// `window.tabring`: the peer for people in DevTools, and for tests (docs/console-api.md).

import type { FileSource, PeerApi, StoredFile, StoreOptions } from '../peer/api.ts';
import type { PageFiles } from './model/page-files.ts';
import type { Uploads } from './model/uploads.ts';

/** The peer; and stores what a browser has besides files: several, or a folder, as one. */
export interface Tabring extends PeerApi {
  store(
    given: FileSource | readonly File[] | FileSystemDirectoryHandle | FileSystemDirectoryEntry,
    options?: StoreOptions,
  ): Promise<StoredFile>;
}

declare global {
  interface Window {
    /** There once the tab has registered with the Discovery node. */
    tabring?: Tabring;
  }
}

/** Stores through the page's queue, so that its list shows them and closing the tab warns; the rest is the peer itself. */
export function createTabring(peer: PeerApi, uploads: Uploads, files: Pick<PageFiles, 'sourceOf'>): Tabring {
  return {
    get nodeId() {
      return peer.nodeId;
    },
    get status() {
      return peer.status;
    },
    inspect: () => peer.inspect(),
    // In a console anything may be given; String, so that a number is a key and `undefined` a clear error.
    lookup: (key) => peer.lookup(String(key)),
    store: async (given, options) => uploads.store(await files.sourceOf(given), options),
    retrieve: (linkOrId, options) => peer.retrieve(String(linkOrId), options),
    retrieveInto: (linkOrId, begin, options) => peer.retrieveInto(String(linkOrId), begin, options),
    find: (name, options) => peer.find(String(name), options),
    keyOfName: (name) => peer.keyOfName(String(name)),
    fileStatus: (linkOrId, options) => peer.fileStatus(String(linkOrId), options),
    remove: (linkOrId) => peer.remove(String(linkOrId)),
    pin: (linkOrId) => peer.pin(String(linkOrId)),
    unpin: (linkOrId) => peer.unpin(String(linkOrId)),
    safeToClose: () => peer.safeToClose(),
    listFiles: () => peer.listFiles(),
    leave: () => peer.leave(),
    subscribe: (listener) => peer.subscribe(listener),
  };
}
