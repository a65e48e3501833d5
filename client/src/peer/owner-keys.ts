// Keys of files' owners: a pair made for each file in the profile that stores it. Who has the private key says how long the
// file is kept, and may delete it; it stands in the list of own files and never leaves the profile.

import { fromBase64url } from '../trust/base64url.ts';
import { KEY_BYTES } from '../trust/certificate.ts';
import { keySuite, type OwnKeys } from '../trust/key-suite.ts';

export interface OwnerKey {
  /** The public key, base64url: the owner in its leases. */
  readonly owner: string;
  /** The private key, base64url: what is kept of it, for `open`. */
  readonly secret: string;
  /** Signature, base64url. */
  sign(statement: string): Promise<string>;
}

export interface OwnerKeys {
  create(): Promise<OwnerKey>;
  /** Rejects if `secret` is no key. */
  open(secret: string): Promise<OwnerKey>;
}

/** Ed25519, by the best suite that there is here. */
export const platformOwnerKeys: OwnerKeys = {
  create: async () => ownerKeyOf(await (await keySuite()).create('raw')),
  // The suite's keys come in pairs, of which an owner needs the one that signs.
  open: async (secret) => ownerKeyOf(await (await keySuite()).open({ kind: 'raw', sign: secret, agree: secret })),
};

export function isOwnerSecret(text: string): boolean {
  return fromBase64url(text, KEY_BYTES) !== undefined;
}

/** Of raw keys. */
export function ownerKeyOf({ signKey, stored, sign }: OwnKeys): OwnerKey {
  if (stored.kind !== 'raw') throw new TypeError('a key that cannot be kept');
  return { owner: signKey, secret: stored.sign, sign };
}
