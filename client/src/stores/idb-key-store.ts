// Keys in IndexedDB, which keeps CryptoKeys as they are: of those that are not extractable, nobody can read the private part.

import { type KeyStore, parseStoredKeys } from '../trust/key-store.ts';
import type { StoredKeys } from '../trust/key-suite.ts';
import { IdbMap } from './idb.ts';

/** Name of the object store: part of the format on disk. */
const KEYS_STORE = 'keys';

export class IdbKeyStore implements KeyStore {
  readonly #keys: IdbMap;

  constructor(databaseName: string) {
    this.#keys = new IdbMap(databaseName, KEYS_STORE);
  }

  async get(name: string): Promise<StoredKeys | undefined> {
    return parseStoredKeys(await this.#keys.get(name));
  }

  set(name: string, keys: StoredKeys): Promise<void> {
    return this.#keys.set(name, keys);
  }

  delete(name: string): Promise<void> {
    return this.#keys.delete(name);
  }

  async names(): Promise<readonly string[]> {
    return (await this.#keys.keys()).filter((name) => typeof name === 'string');
  }
}
