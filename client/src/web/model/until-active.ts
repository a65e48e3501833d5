// Waiting for the tab to be in the ring, so that what a user asks for while it joins is done when it can be.

import type { PeerApi } from '../../peer/api.ts';
import { PeerError } from '../../peer/errors.ts';

/** Resolves when `peer` is active. Rejects: left, or aborted by `signal`. */
export function untilActive(peer: PeerApi, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      unsubscribe();
      signal.removeEventListener('abort', onAbort);
      outcome();
    };
    const onAbort = (): void => settle(() => reject(new PeerError('aborted', 'Cancelled.')));
    const look = (): void => {
      if (peer.status === 'active') settle(resolve);
      if (peer.status === 'left') {
        settle(() => reject(new PeerError('left', 'This tab has left the ring. Reload the page to join again.')));
      }
    };
    const unsubscribe = peer.subscribe((event) => {
      if (event.type === 'status') look();
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else look();
  });
}
