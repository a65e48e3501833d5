// Parts of files that are being fetched, in IndexedDB: what a page that is reloaded goes on from, and what a file is put together
// from where the browser has no way to write one. Blobs, which browsers keep on disk. They go when the file is saved or given up,
// or after a week.

import { IdbMap } from './idb.ts';

/** Names of the database and its object store: part of the format on disk. */
const DATABASE = 'tabring:profile:partials';
const STORE = 'parts';
/** Of a fetch that nobody goes on with, milliseconds. */
const KEPT_MS = 7 * 24 * 60 * 60_000;
/** Of what the browser would still give, so much is taken for going on later: the rest is for blocks of the ring. */
const SHARE_OF_FREE = 0.25;
const MAX_BYTES = 2 * 2 ** 30;

export interface Partial {
  /** Bytes that are here of an earlier try. */
  readonly bytesBefore: number;
  get(position: number, size: number): Promise<Uint8Array | undefined>;
  /** Keeps it if there is room for that, and it has not been removed. */
  put(position: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The same as the browser has it. Undefined if it is not here. */
  blob(position: number): Promise<Blob | undefined>;
  /** With what is being written; what comes later is not kept. */
  remove(): Promise<void>;
}

export class IdbPartials {
  readonly #parts: IdbMap;

  constructor(databaseName = DATABASE) {
    this.#parts = new IdbMap(databaseName, STORE);
  }

  /**
   * Of one file. `isNeeded`: all of it has to be kept, and what the browser refuses is an error; else as much as is seemly.
   * Rejects if the browser gives no storage.
   */
  async open(fileId: string, isNeeded: boolean, now = Date.now()): Promise<Partial> {
    const keys = await this.#sweep(now);
    const own = keys.filter((key) => key.fileId === fileId);
    const sizeByPosition = new Map(own.map(({ position, size }) => [position, size]));
    let left = isNeeded ? Number.POSITIVE_INFINITY : (await budget()) - sum(keys.map(({ size }) => size));
    await this.#parts.set(`${fileId} began`, now);
    const blob = async (position: number): Promise<Blob | undefined> => {
      const size = sizeByPosition.get(position);
      const value = size === undefined ? undefined : await this.#parts.get(nameOf(fileId, position, size));
      return value instanceof Blob ? value : undefined;
    };
    let isRemoved = false;
    const writes = new Set<Promise<void>>();
    return {
      bytesBefore: sum(own.map(({ size }) => size)),
      blob,
      get: async (position, size) => {
        if (sizeByPosition.get(position) !== size) return undefined;
        const bytes = await (await blob(position))?.arrayBuffer();
        return bytes === undefined ? undefined : new Uint8Array(bytes);
      },
      put: async (position, bytes) => {
        if (isRemoved || bytes.length > left) return;
        left -= bytes.length;
        const writing = this.#parts.set(nameOf(fileId, position, bytes.length), new Blob([bytes]));
        writes.add(writing);
        try {
          await writing;
        } finally {
          writes.delete(writing);
        }
        sizeByPosition.set(position, bytes.length);
      },
      remove: async () => {
        isRemoved = true;
        await Promise.allSettled(writes);
        await this.#remove(fileId);
      },
    };
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  /** Removes what is too old; returns what is there. */
  async #sweep(now: number): Promise<readonly PartKey[]> {
    const names = await this.#parts.keys();
    const began = names.filter((name) => typeof name === 'string' && name.endsWith(' began'));
    const old = new Set<string>();
    for (const name of began) {
      const at = await this.#parts.get(String(name));
      if (typeof at !== 'number' || now - at > KEPT_MS) old.add(String(name).slice(0, -' began'.length));
    }
    for (const fileId of old) await this.#remove(fileId);
    return names.flatMap((name) => parseName(String(name))).filter(({ fileId }) => !old.has(fileId));
  }

  async #remove(fileId: string): Promise<void> {
    const names = await this.#parts.keys();
    await this.#parts.deleteMany(names.filter((name) => String(name).startsWith(`${fileId} `)));
  }
}

interface PartKey {
  readonly fileId: string;
  readonly position: number;
  readonly size: number;
}

function nameOf(fileId: string, position: number, size: number): string {
  return `${fileId} ${position} ${size}`;
}

function parseName(name: string): PartKey[] {
  const [, fileId, position, size] = /^([0-9a-f]{64}) (\d{1,15}) (\d{1,9})$/.exec(name) ?? [];
  return fileId === undefined ? [] : [{ fileId, position: Number(position), size: Number(size) }];
}

async function budget(): Promise<number> {
  // The types promise `storage` always; insecure contexts lack it.
  const storage: StorageManager | undefined = globalThis.navigator?.storage;
  const { quota = 0, usage = 0 } = (await storage?.estimate?.()) ?? {};
  return Math.min(MAX_BYTES, SHARE_OF_FREE * Math.max(0, quota - usage));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
