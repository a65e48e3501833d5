// Blocks in IndexedDB: bytes in one database, the index of BlockRefs in another, both keyed by digest. Bytes are written
// before their index entry and removed after it, so that what a crash leaves is bytes without an entry, which are swept when
// the store is opened. Calls for one digest are carried out one after the other. A canary in each database tells whether the
// browser, or its user, has cleared them.

import type { BlockRef } from '../core/past/block.ts';
import type { Leased } from '../core/past/lease.ts';
import { isAnyId } from '../core/pastry/id.ts';
import { PeerError } from '../peer/errors.ts';
import { OneAtATime } from '../peer/one-at-a-time.ts';
import type { BlockStore } from '../peer/ports.ts';
import { randomId } from '../peer/random-id.ts';
import { IdbMap, isQuotaExceeded } from './idb.ts';
import { parseLeased } from './stored-leases.ts';

/** Names of the object stores: part of the format on disk. */
const BLOCKS_STORE = 'blocks';
const REFS_STORE = 'refs';

/** No digest. */
const CANARY = 'canary';
/** In the index, before a block's digest: its leases, which may outlive it. */
const LEASES = 'leases:';

/** Orphans removed in one transaction when opening. */
const SWEEP_BATCH = 100;

/** The database of a node's bytes. */
export function blocksDatabaseName(name: string): string {
  return `tabring:${name}:blocks`;
}

/** The database of a node's index. */
export function metaDatabaseName(name: string): string {
  return `tabring:${name}:meta`;
}

export class IdbBlockStore implements BlockStore {
  readonly #blocks: IdbMap;
  readonly #refs: IdbMap;
  readonly #calls = new OneAtATime();
  #canary = randomId();

  private constructor(name: string) {
    this.#blocks = new IdbMap(blocksDatabaseName(name), BLOCKS_STORE);
    this.#refs = new IdbMap(metaDatabaseName(name), REFS_STORE);
  }

  /** Opens the store `name` (a nodeId), of which no other tab may have it open. Rejects with a PeerError: storage. */
  static async open(name: string): Promise<IdbBlockStore> {
    const store = new IdbBlockStore(name);
    await asPeerError('The browser refuses to open its storage.', async () => {
      await store.#writeCanary();
      await store.#sweep();
    });
    return store;
  }

  async list(): Promise<readonly BlockRef[]> {
    const entries = await asPeerError('The index of stored blocks cannot be read.', () => this.#refs.entries());
    return entries.flatMap(([, value]) => (isBlockRef(value) ? [value] : []));
  }

  async get(digest: string): Promise<Uint8Array | undefined> {
    const value = await asPeerError('A stored block cannot be read.', () => this.#blocks.get(digest));
    return value instanceof Uint8Array ? value : undefined;
  }

  async put(block: BlockRef, bytes: Uint8Array): Promise<void> {
    const { key, digest, size } = block;
    // IndexedDB would store the whole buffer of which these bytes may be a small part.
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    await this.#alone(digest, 'A block cannot be stored.', async () => {
      try {
        await this.#blocks.set(digest, own);
        await this.#refs.set(digest, { key, digest, size });
      } catch (error) {
        // If this fails too, the next opening sweeps; the first error is the one that tells the cause.
        await this.#removeUnindexed(digest).catch(() => undefined);
        throw error;
      }
    });
  }

  async delete(digest: string): Promise<void> {
    await this.#alone(digest, 'A block cannot be deleted.', async () => {
      await this.#refs.delete(digest);
      await this.#blocks.delete(digest);
    });
  }

  async leases(): Promise<readonly Leased[]> {
    const entries = await asPeerError('The leases of stored blocks cannot be read.', () => this.#refs.entries());
    return entries.flatMap(([name, value]) => (isLeaseName(name) ? (parseLeased(value) ?? []) : []));
  }

  async setLeases({ block: { key, digest, size }, leases }: Leased): Promise<void> {
    const name = LEASES + digest;
    const value: Leased = { block: { key, digest, size }, leases: leases.map((lease) => ({ ...lease })) };
    await this.#alone(digest, 'The lease of a block cannot be stored.', async () => {
      if (leases.length === 0) await this.#refs.delete(name);
      else await this.#refs.set(name, value);
    });
  }

  async freeBytes(): Promise<number> {
    // The types promise both always; insecure contexts lack one, and Node the other.
    const { navigator }: { readonly navigator?: Navigator } = globalThis;
    const storage: StorageManager | undefined = navigator?.storage;
    const { quota, usage } = (await storage?.estimate()) ?? {};
    return quota === undefined ? Number.POSITIVE_INFINITY : Math.max(0, quota - (usage ?? 0));
  }

  check(): Promise<'intact' | 'replaced'> {
    return asPeerError('The stored blocks cannot be read.', async () => {
      const found = await Promise.all([this.#blocks.get(CANARY), this.#refs.get(CANARY)]);
      if (found.every((canary) => canary === this.#canary)) return 'intact';
      // One of the two may be left: bytes without an entry are swept, entries without bytes are not entries.
      await this.#sweep();
      await this.#writeCanary();
      return 'replaced';
    });
  }

  async close(): Promise<void> {
    await this.#calls.settled();
    await Promise.all([this.#blocks.close(), this.#refs.close()]);
  }

  /** Takes back the bytes of a failed put, unless an earlier put of the same block had succeeded. */
  async #removeUnindexed(digest: string): Promise<void> {
    if ((await this.#refs.get(digest)) === undefined) await this.#blocks.delete(digest);
  }

  #alone<Result>(digest: string, failure: string, work: () => Promise<Result>): Promise<Result> {
    return asPeerError(failure, () => this.#calls.run(digest, work));
  }

  async #writeCanary(): Promise<void> {
    this.#canary = randomId();
    await this.#blocks.set(CANARY, this.#canary);
    await this.#refs.set(CANARY, this.#canary);
  }

  async #sweep(): Promise<void> {
    const indexed = new Set(await this.#refs.keys());
    const stored = new Set(await this.#blocks.keys());
    await deleteAll(
      this.#blocks,
      [...stored].filter((digest) => !indexed.has(digest) && digest !== CANARY),
    );
    await deleteAll(
      this.#refs,
      [...indexed].filter((digest) => !stored.has(digest) && digest !== CANARY && !isLeaseName(digest)),
    );
  }
}

function isLeaseName(name: IDBValidKey): boolean {
  return typeof name === 'string' && name.startsWith(LEASES);
}

async function deleteAll(map: IdbMap, keys: readonly IDBValidKey[]): Promise<void> {
  for (let first = 0; first < keys.length; first += SWEEP_BATCH) {
    await map.deleteMany(keys.slice(first, first + SWEEP_BATCH));
  }
}

async function asPeerError<Result>(message: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isQuotaExceeded(error)) {
      throw new PeerError(
        'full',
        'There is no room left in this browser. Delete files, or free space on the disk.',
        error,
      );
    }
    throw new PeerError('storage', `${message} Private windows and full disks can cause this.`, error);
  }
}

/** The database may hold what an older version or a person with the developer tools has written. */
function isBlockRef(value: unknown): value is BlockRef {
  if (typeof value !== 'object' || value === null) return false;
  if (!('key' in value && 'digest' in value && 'size' in value)) return false;
  const { key, digest, size } = value;
  return typeof key === 'string' && isAnyId(key) && typeof digest === 'string' && typeof size === 'number';
}
