// One IndexedDB database with one object store, as a map: idb-keyval behind a small class, and its only importer.
// Browsers close databases behind a page's back (iOS after a while in the background): each call is retried once.

import { createStore, del, delMany, entries, get, keys, set, type UseStore } from 'idb-keyval';

export class IdbMap {
  readonly #databaseName: string;
  readonly #storeName: string;
  #store: UseStore;

  /** Opens the database at the first call of a method. `storeName` must always be the same for one database. */
  constructor(databaseName: string, storeName: string) {
    this.#databaseName = databaseName;
    this.#storeName = storeName;
    this.#store = createStore(databaseName, storeName);
  }

  get(key: string): Promise<unknown> {
    return this.#run((store) => get<unknown>(key, store));
  }

  keys(): Promise<readonly IDBValidKey[]> {
    return this.#run((store) => keys(store));
  }

  /** Loads everything: for small values only. */
  entries(): Promise<readonly (readonly [IDBValidKey, unknown])[]> {
    return this.#run((store) => entries<IDBValidKey, unknown>(store));
  }

  /** Resolves when the transaction is complete: the value survives the end of the page and of the browser's processes. */
  set(key: string, value: unknown): Promise<void> {
    return this.#run((store) => set(key, value, store));
  }

  delete(key: string): Promise<void> {
    return this.#run((store) => del(key, store));
  }

  deleteMany(keysToDelete: readonly IDBValidKey[]): Promise<void> {
    return this.#run((store) => delMany([...keysToDelete], store));
  }

  /** Closes the connection once its transactions are done. A later call opens it again. */
  async close(): Promise<void> {
    const store = this.#store;
    this.#store = createStore(this.#databaseName, this.#storeName);
    await store('readonly', ({ transaction }) => transaction.db.close());
  }

  async #run<Result>(work: (store: UseStore) => Promise<Result>): Promise<Result> {
    try {
      return await work(this.#store);
    } catch (error) {
      if (!isNamed(error, 'InvalidStateError')) throw error;
      this.#store = createStore(this.#databaseName, this.#storeName);
      return work(this.#store);
    }
  }
}

/** True if the browser's storage quota, or the disk, is exhausted. */
export function isQuotaExceeded(error: unknown): boolean {
  return isNamed(error, 'QuotaExceededError');
}

/** DOMExceptions are told by name: they may come from another realm. */
function isNamed(error: unknown, name: string): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === name;
}
