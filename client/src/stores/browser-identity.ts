// What identity leases need of a browser: Web Locks, sessionStorage, IndexedDB, the clock and randomness.

import { IdbSettings } from './idb-settings.ts';
import { type IdentityLease, type Locks, leaseIdentity, type SessionNotes } from './identity.ts';

/** Leases an identity of this browser profile. To be released on `pagehide`. Rejects if IndexedDB cannot be used. */
export function leaseBrowserIdentity(wantedId: string | undefined): Promise<IdentityLease> {
  return leaseIdentity({
    settings: new IdbSettings('profile'),
    // Typed as always there, but missing on insecure origins.
    locks: 'locks' in navigator && navigator.locks !== undefined ? webLocks(navigator.locks) : undefined,
    session: sessionNotes(sessionStorage),
    wantedId,
    now: () => Date.now(),
    randomHex,
  });
}

export function webLocks(manager: Pick<LockManager, 'request'>): Locks {
  return {
    take: (name, waitMs) =>
      new Promise((resolve, reject) => {
        const options = waitMs === 0 ? { ifAvailable: true } : { signal: AbortSignal.timeout(waitMs) };
        const hold = (lock: Lock | null): Promise<void> | undefined => {
          if (lock !== null) return new Promise((free) => resolve(free));
          resolve(undefined);
          return undefined;
        };
        manager.request(name, options, hold).catch((error: unknown) => {
          if (error instanceof DOMException && error.name === 'TimeoutError') resolve(undefined);
          else reject(error);
        });
      }),
  };
}

function sessionNotes(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): SessionNotes {
  return {
    get: (name) => storage.getItem(name) ?? undefined,
    set: (name, text) => {
      if (text === undefined) storage.removeItem(name);
      else storage.setItem(name, text);
    },
  };
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
