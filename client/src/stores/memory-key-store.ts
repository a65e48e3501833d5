// Keys in memory: for tests and nodes that need not outlive their process.

import type { KeyStore } from '../trust/key-store.ts';
import type { StoredKeys } from '../trust/key-suite.ts';

export class MemoryKeyStore implements KeyStore {
  readonly #keysByName = new Map<string, StoredKeys>();

  async get(name: string): Promise<StoredKeys | undefined> {
    return this.#keysByName.get(name);
  }

  async set(name: string, keys: StoredKeys): Promise<void> {
    this.#keysByName.set(name, keys);
  }

  async delete(name: string): Promise<void> {
    this.#keysByName.delete(name);
  }

  async names(): Promise<readonly string[]> {
    return [...this.#keysByName.keys()];
  }
}
