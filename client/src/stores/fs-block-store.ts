// Blocks as files of one directory. A file's name tells all that the index knows of it, so there is no index to go wrong:
// it is made anew from the names when the store is opened. A file gets its name when it is whole and on the disk.

import { mkdir, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockRef } from '../core/past/block.ts';
import type { Leased } from '../core/past/lease.ts';
import { isAnyId } from '../core/pastry/id.ts';
import { PeerError } from '../peer/errors.ts';
import { OneAtATime } from '../peer/one-at-a-time.ts';
import type { BlockStore } from '../peer/ports.ts';
import { randomId } from '../peer/random-id.ts';
import { fileError, systemCode, type WriteWhole, writeWhole } from './fs-files.ts';
import { parseLeased } from './stored-leases.ts';

export interface FsBlockStoreOptions {
  /** Bytes that all blocks together may take. Default: what the disk has. */
  readonly quotaBytes?: number | undefined;
  /** Tests give a disk that is full. */
  readonly write?: WriteWhole;
}

/** digest, key, size: part of the format on disk. */
const FILE_NAME = /^([0-9a-f]{64})-([0-9a-f]{1,64})-(0|[1-9][0-9]{0,14})$/;

/** No digest: the calls that are of all blocks. */
const CHECK = 'check';

export class FsBlockStore implements BlockStore {
  readonly #blocksDir: string;
  readonly #incomingDir: string;
  readonly #leasesDir: string;
  readonly #quotaBytes: number;
  readonly #write: WriteWhole;
  readonly #refByDigest = new Map<string, BlockRef>();
  readonly #leasedByDigest = new Map<string, Leased>();
  /** A block's files are changed by one at a time. */
  readonly #calls = new OneAtATime();
  #canary = randomId();
  /** Of blocks that are here or being written. */
  #usedBytes = 0;
  #temporaries = 0;
  #isClosed = false;

  private constructor(directory: string, { quotaBytes, write }: FsBlockStoreOptions) {
    this.#blocksDir = join(directory, 'blocks');
    this.#incomingDir = join(directory, 'incoming');
    this.#leasesDir = join(directory, 'leases');
    this.#quotaBytes = quotaBytes ?? Number.POSITIVE_INFINITY;
    this.#write = write ?? writeWhole;
  }

  /** Opens the store in `directory`, which is this process's alone (fs-lock.ts). Rejects with a PeerError: storage, full. */
  static async open(directory: string, options: FsBlockStoreOptions = {}): Promise<FsBlockStore> {
    const store = new FsBlockStore(directory, options);
    try {
      await mkdir(store.#blocksDir, { recursive: true });
      await store.#sweepIncoming();
      await mkdir(store.#leasesDir, { recursive: true });
      await store.#readNames();
      await store.#readLeases();
      await store.#writeCanary();
    } catch (error) {
      throw fileError('blocks cannot be kept in', directory, error);
    }
    return store;
  }

  /** Bytes of all blocks here. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  async list(): Promise<readonly BlockRef[]> {
    return [...this.#refByDigest.values()];
  }

  async get(digest: string): Promise<Uint8Array | undefined> {
    const ref = this.#refByDigest.get(digest);
    if (ref === undefined) return undefined;
    const path = this.#path(ref);
    try {
      const bytes = await readFile(path);
      // A plain array of its own: small Buffers share memory.
      return bytes.length === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
    } catch (error) {
      // Deleted in the meantime, or by hand.
      if (systemCode(error) === 'ENOENT') return undefined;
      throw fileError('a block cannot be read from', path, error);
    }
  }

  put({ key, digest, size }: BlockRef, bytes: Uint8Array): Promise<void> {
    const ref = { key, digest, size };
    return this.#alone(digest, async () => {
      const former = this.#refByDigest.get(digest);
      const growth = size - (former?.size ?? 0);
      if (this.#usedBytes + growth > this.#quotaBytes) {
        throw new PeerError('full', `the quota of ${this.#quotaBytes} bytes is used up: raise it, or free some`);
      }
      // Counted before it is written, since others are written at the same time.
      this.#usedBytes += growth;
      this.#temporaries += 1;
      try {
        await this.#write(this.#path(ref), join(this.#incomingDir, String(this.#temporaries)), bytes);
        if (former !== undefined && fileName(former) !== fileName(ref)) await rm(this.#path(former), { force: true });
      } catch (error) {
        this.#usedBytes -= growth;
        throw fileError('a block cannot be written to', this.#blocksDir, error);
      }
      this.#refByDigest.set(digest, ref);
    });
  }

  delete(digest: string): Promise<void> {
    return this.#alone(digest, async () => {
      const ref = this.#refByDigest.get(digest);
      if (ref === undefined) return;
      try {
        await rm(this.#path(ref), { force: true });
      } catch (error) {
        throw fileError('a block cannot be removed from', this.#blocksDir, error);
      }
      this.#refByDigest.delete(digest);
      this.#usedBytes -= ref.size;
    });
  }

  async leases(): Promise<readonly Leased[]> {
    return [...this.#leasedByDigest.values()];
  }

  setLeases({ block: { key, digest, size }, leases }: Leased): Promise<void> {
    const leased: Leased = { block: { key, digest, size }, leases };
    return this.#alone(digest, async () => {
      const path = join(this.#leasesDir, `${digest}.json`);
      this.#temporaries += 1;
      try {
        if (leases.length === 0) await rm(path, { force: true });
        else {
          const bytes = new TextEncoder().encode(JSON.stringify(leased));
          await this.#write(path, join(this.#incomingDir, String(this.#temporaries)), bytes);
        }
      } catch (error) {
        throw fileError('a lease cannot be written to', this.#leasesDir, error);
      }
      if (leases.length === 0) this.#leasedByDigest.delete(digest);
      else this.#leasedByDigest.set(digest, leased);
    });
  }

  /** The rest of the quota, or of the disk, which others use too. */
  async freeBytes(): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(this.#blocksDir);
      return Math.max(0, Math.min(bavail * bsize, this.#quotaBytes - this.#usedBytes));
    } catch (error) {
      throw fileError('free room cannot be read of', this.#blocksDir, error);
    }
  }

  check(): Promise<'intact' | 'replaced'> {
    return this.#alone(CHECK, () => this.#checked());
  }

  async #checked(): Promise<'intact' | 'replaced'> {
    try {
      if ((await readIfThere(this.#canaryPath)) === this.#canary) return 'intact';
      await mkdir(this.#blocksDir, { recursive: true });
      await mkdir(this.#incomingDir, { recursive: true });
      await mkdir(this.#leasesDir, { recursive: true });
      this.#refByDigest.clear();
      this.#leasedByDigest.clear();
      this.#usedBytes = 0;
      await this.#readNames();
      await this.#readLeases();
      await this.#writeCanary();
      return 'replaced';
    } catch (error) {
      throw fileError('blocks cannot be read from', this.#blocksDir, error);
    }
  }

  /** Waits for what is being written; afterwards nothing is written any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#calls.settled();
  }

  #path(ref: BlockRef): string {
    return join(this.#blocksDir, fileName(ref));
  }

  async #alone<Result>(digest: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw new PeerError('storage', 'the store of blocks is closed');
    return this.#calls.run(digest, work);
  }

  get #canaryPath(): string {
    return join(this.#blocksDir, 'canary');
  }

  async #writeCanary(): Promise<void> {
    this.#canary = randomId();
    await writeFile(this.#canaryPath, this.#canary);
  }

  /** What a killed process was writing has no use. */
  async #sweepIncoming(): Promise<void> {
    await rm(this.#incomingDir, { recursive: true, force: true });
    await mkdir(this.#incomingDir);
  }

  async #readLeases(): Promise<void> {
    for (const name of await readdir(this.#leasesDir)) {
      const path = join(this.#leasesDir, name);
      const leased = parseLeased(parseJson(await readFile(path, 'utf8')));
      // Damaged, or not written by a store: the block is kept as one of before there were leases.
      if (leased === undefined || name !== `${leased.block.digest}.json`)
        await rm(path, { force: true, recursive: true });
      else this.#leasedByDigest.set(leased.block.digest, leased);
    }
  }

  async #readNames(): Promise<void> {
    for (const name of await readdir(this.#blocksDir)) {
      const ref = parseFileName(name);
      if (ref === undefined) continue; // not written by a store
      const path = join(this.#blocksDir, name);
      // Files are whole when they get their names, so a shorter one was damaged since. And a block that was written again
      // under another key may be there twice, if the process was killed in that moment.
      if (this.#refByDigest.has(ref.digest) || (await stat(path)).size !== ref.size) {
        await rm(path, { force: true });
        continue;
      }
      this.#refByDigest.set(ref.digest, ref);
      this.#usedBytes += ref.size;
    }
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // damaged
  }
}

function fileName({ digest, key, size }: BlockRef): string {
  const name = `${digest}-${key}-${size}`;
  if (!FILE_NAME.test(name)) throw new Error(`${name} does not name a block`);
  return name;
}

function parseFileName(name: string): BlockRef | undefined {
  const [, digest, key, size] = FILE_NAME.exec(name) ?? [];
  if (digest === undefined || key === undefined || !isAnyId(key)) return undefined;
  return { digest, key, size: Number(size) };
}
