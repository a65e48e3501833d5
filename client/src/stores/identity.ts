// Who a tab is. An identity (keys, the id that the Discovery node certified for them, and the databases named after the
// identity) belongs to the browser profile or the peer's directory and is leased to one tab at a time, so that a tab that
// was closed or reloaded comes back with what it held. Its databases stay its own when its id changes.

import { exclusively, type IdentityLease, type IdentityOptions } from './identity-lease.ts';
import { LockedLease } from './locked-identity.ts';

const DEVICE = 'device';
const DEVICE_BYTES = 16;

/** Rejects with what the settings and keys reject with. */
export async function leaseIdentity(options: IdentityOptions): Promise<IdentityLease> {
  const device = await exclusively(options, () => deviceId(options));
  const { locks } = options;
  if (locks !== undefined) return LockedLease.take(options, locks, device);
  // Loaded where it is needed, which is on insecure origins alone.
  const { SessionLease } = await import('./session-identity.ts');
  return SessionLease.take(options, device);
}

async function deviceId({ settings, randomHex }: IdentityOptions): Promise<string> {
  const known = await settings.get(DEVICE);
  if (typeof known === 'string' && /^[0-9a-f]{32}$/.test(known)) return known;
  const device = randomHex(DEVICE_BYTES);
  await settings.set(DEVICE, device);
  return device;
}
