// Asks the browser to keep this page's storage when the disk fills up: once the user has stored a file, so that a
// browser which asks the user asks when it makes sense.

import type { PeerApi } from '../peer/api.ts';

export function keepStorageOnceUsed(peer: PeerApi): void {
  // The types promise `storage` always; insecure contexts lack it.
  const storage: StorageManager | undefined = navigator.storage;
  if (storage === undefined) return;
  const unsubscribe = peer.subscribe((event) => {
    if (event.type !== 'files') return;
    unsubscribe();
    storage.persist().then(
      (isKept) => console.info(isKept ? 'the browser keeps stored data' : 'the browser may evict stored data'),
      (error: unknown) => console.info('the browser was not asked to keep stored data', error),
    );
  });
}
