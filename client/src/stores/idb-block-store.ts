// Blocks in IndexedDB: bytes in one database, the index of BlockRefs in another, both keyed by digest. Bytes are written
// before their index entry and removed after it, so the index never names what is not there; what a crash leaves without
// an entry is swept when the store is opened.

import type { BlockRef } from '../core/past/block.ts';
import { type Id, isId } from '../core/pastry/id.ts';
import { PeerError } from '../peer/errors.ts';
import type { BlockStore } from '../peer/ports.ts';
import { IdbMap, isQuotaExceeded } from './idb.ts';

/** Names of the object stores: part of the format on disk. */
const BLOCKS_STORE = 'blocks';
const REFS_STORE = 'refs';

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

  private constructor(name: string) {
    this.#blocks = new IdbMap(blocksDatabaseName(name), BLOCKS_STORE);
    this.#refs = new IdbMap(metaDatabaseName(name), REFS_STORE);
  }

  /** Opens the store `name` (a nodeId), of which no other tab may have it open. Rejects with a PeerError: storage. */
  static async open(name: string): Promise<IdbBlockStore> {
    const store = new IdbBlockStore(name);
    await asPeerError('The browser refuses to open its storage.', () => store.#sweep());
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
    await asPeerError('A block cannot be stored.', async () => {
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
    await asPeerError('A block cannot be deleted.', async () => {
      await this.#refs.delete(digest);
      await this.#blocks.delete(digest);
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#blocks.close(), this.#refs.close()]);
  }

  /** Takes back the bytes of a failed put, unless an earlier put of the same block had succeeded. */
  async #removeUnindexed(digest: string): Promise<void> {
    if ((await this.#refs.get(digest)) === undefined) await this.#blocks.delete(digest);
  }

  async #sweep(): Promise<void> {
    const indexed = new Set(await this.#refs.keys());
    const orphans = (await this.#blocks.keys()).filter((digest) => !indexed.has(digest));
    for (let first = 0; first < orphans.length; first += SWEEP_BATCH) {
      await this.#blocks.deleteMany(orphans.slice(first, first + SWEEP_BATCH));
    }
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

function isAnyId(text: string): text is Id {
  return isId(text, text.length);
}
