// What identity leases need of a browser: Web Locks, sessionStorage, IndexedDB, the clock and randomness.

import { toHex } from '../peer/bytes.ts';
import { OWN_FILES_SETTING } from '../peer/own-files.ts';
import type { KeySuite } from '../trust/key-suite.ts';
import { IdbKeyStore } from './idb-key-store.ts';
import { IdbSettings } from './idb-settings.ts';
import { leaseIdentity } from './identity.ts';
import type { IdentityLease, IdentityOptions, Locks, SessionNotes } from './identity-lease.ts';

/** Of the address of a ring that is not the only one at its Discovery node. */
const RING_PATH = /\/r\/([^/]+)$/;

/** Who a browser profile is in the ring at `url`; in each ring of one Discovery node it is somebody else. Part of the format on disk. */
function profileName(url: string): string {
  const name = RING_PATH.exec(url)?.[1];
  return name === undefined ? 'profile' : `profile:${name}`;
}

/** What all tabs of this browser profile share that are in the ring at `url`. */
export function profileSettings(url: string): IdbSettings {
  return new IdbSettings(profileName(url));
}

/** Leases an identity of this browser profile for the ring at `url`. To be released on `pagehide`. Rejects if IndexedDB cannot be used. */
export function leaseBrowserIdentity(
  url: string,
  suite: KeySuite,
  ring: IdentityOptions['ring'],
  wantedId: string | undefined,
): Promise<IdentityLease> {
  return leaseIdentity({
    suite,
    ring,
    settings: profileSettings(url),
    keys: new IdbKeyStore(`tabring:${profileName(url)}:keys`),
    // Not extractable where the browser has such keys.
    keyKind: 'browser',
    // Typed as always there, but missing on insecure origins.
    locks: 'locks' in navigator && navigator.locks !== undefined ? webLocks(navigator.locks) : undefined,
    session: sessionNotes(sessionStorage, profileName(url)),
    wantedId,
    ownsFiles,
    now: () => Date.now(),
    randomHex,
  });
}

async function ownsFiles(name: string): Promise<boolean> {
  const settings = new IdbSettings(name);
  try {
    const files = await settings.get(OWN_FILES_SETTING);
    return Array.isArray(files) && files.length > 0;
  } finally {
    await settings.close();
  }
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

function sessionNotes(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, profile: string): SessionNotes {
  const place = (name: string): string => (profile === 'profile' ? name : `${name}:${profile}`);
  return {
    get: (name) => storage.getItem(place(name)) ?? undefined,
    set: (name, text) => {
      if (text === undefined) storage.removeItem(place(name));
      else storage.setItem(place(name), text);
    },
  };
}

function randomHex(bytes: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}
