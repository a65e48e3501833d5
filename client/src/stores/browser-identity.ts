// What identity leases need of a browser: Web Locks, sessionStorage, IndexedDB, the clock and randomness.

import type { KeySuite } from '../trust/key-suite.ts';
import { IdbKeyStore } from './idb-key-store.ts';
import { IdbSettings } from './idb-settings.ts';
import { leaseIdentity } from './identity.ts';
import type { IdentityLease, IdentityOptions, Locks, SessionNotes } from './identity-lease.ts';

/** What all tabs of this browser profile share. */
export function profileSettings(): IdbSettings {
  return new IdbSettings('profile');
}

/** Leases an identity of this browser profile for a ring. To be released on `pagehide`. Rejects if IndexedDB cannot be used. */
export function leaseBrowserIdentity(
  suite: KeySuite,
  ring: IdentityOptions['ring'],
  wantedId: string | undefined,
): Promise<IdentityLease> {
  return leaseIdentity({
    suite,
    ring,
    settings: profileSettings(),
    keys: new IdbKeyStore(),
    // Not extractable where the browser has such keys.
    keyKind: 'browser',
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
