// Where the keys of identities are kept, each pair under its identity's name. Adapters are in stores/.

import * as v from 'valibot';
import type { StoredKeys } from './key-suite.ts';

/** Contract: client/test/contracts/key-store.ts. */
export interface KeyStore {
  /** Undefined if there are none, or what is there are no keys. */
  get(name: string): Promise<StoredKeys | undefined>;
  /** Resolves when the keys would survive a crash. */
  set(name: string, keys: StoredKeys): Promise<void>;
  /** Deleting what is not there is not an error. */
  delete(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
}

const storedKeys = v.variant('kind', [
  v.object({ kind: v.literal('browser'), sign: v.unknown(), agree: v.unknown() }),
  v.object({ kind: v.literal('raw'), sign: v.string(), agree: v.string() }),
]);

/** What of a stored value has the form of keys; whether they are any, KeySuite.open finds out. */
export function parseStoredKeys(value: unknown): StoredKeys | undefined {
  const result = v.safeParse(storedKeys, value);
  return result.success ? result.output : undefined;
}
