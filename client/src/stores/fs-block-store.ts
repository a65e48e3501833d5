// Blocks as files of one directory. A file's name tells all that the index knows of it, so there is no index to go wrong:
// it is made anew from the names when the store is opened. A file gets its name when it is whole and on the disk.

import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockRef } from '../core/past/block.ts';
import { type Id, isId } from '../core/pastry/id.ts';
import { PeerError } from '../peer/errors.ts';
import type { BlockStore } from '../peer/ports.ts';
import { fileError, systemCode, type WriteWhole, writeWhole } from './fs-files.ts';

export interface FsBlockStoreOptions {
  /** Bytes that all blocks together may take. Default: what the disk has. */
  readonly quotaBytes?: number | undefined;
  /** Tests give a disk that is full. */
  readonly write?: WriteWhole;
}

/** digest, key, size: part of the format on disk. */
const FILE_NAME = /^([0-9a-f]{64})-([0-9a-f]{1,64})-(0|[1-9][0-9]{0,14})$/;

export class FsBlockStore implements BlockStore {
  readonly #blocksDir: string;
  readonly #incomingDir: string;
  readonly #quotaBytes: number;
  readonly #write: WriteWhole;
  readonly #refByDigest = new Map<string, BlockRef>();
  /** The last work under way on each block: its files are changed by one at a time. */
  readonly #workByDigest = new Map<string, Promise<void>>();
  /** Of blocks that are here or being written. */
  #usedBytes = 0;
  #temporaries = 0;
  #isClosed = false;

  private constructor(directory: string, { quotaBytes, write }: FsBlockStoreOptions) {
    this.#blocksDir = join(directory, 'blocks');
    this.#incomingDir = join(directory, 'incoming');
    this.#quotaBytes = quotaBytes ?? Number.POSITIVE_INFINITY;
    this.#write = write ?? writeWhole;
  }

  /** Opens the store in `directory`, which is this process's alone (fs-lock.ts). Rejects with a PeerError: storage, full. */
  static async open(directory: string, options: FsBlockStoreOptions = {}): Promise<FsBlockStore> {
    const store = new FsBlockStore(directory, options);
    try {
      await mkdir(store.#blocksDir, { recursive: true });
      await store.#sweepIncoming();
      await store.#readNames();
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

  /** Waits for what is being written; afterwards nothing is written any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#workByDigest.values());
  }

  #path(ref: BlockRef): string {
    return join(this.#blocksDir, fileName(ref));
  }

  async #alone(digest: string, work: () => Promise<void>): Promise<void> {
    if (this.#isClosed) throw new PeerError('storage', 'the store of blocks is closed');
    const former = this.#workByDigest.get(digest);
    const done = (former ?? Promise.resolve()).catch(() => undefined).then(work);
    this.#workByDigest.set(digest, done);
    try {
      await done;
    } finally {
      if (this.#workByDigest.get(digest) === done) this.#workByDigest.delete(digest);
    }
  }

  /** What a killed process was writing has no use. */
  async #sweepIncoming(): Promise<void> {
    await rm(this.#incomingDir, { recursive: true, force: true });
    await mkdir(this.#incomingDir);
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

function isAnyId(text: string): text is Id {
  return isId(text, text.length);
}
