// The blocks that this node can produce or waits for: those on disk, those of files being stored (sources), and those
// just fetched for a request of its own. Bytes from the disk are believed only once their digest is right.

import type { Input } from '../core/io.ts';
import { type BlockRef, isNameRecord } from '../core/past/block.ts';
import type { Leased } from '../core/past/lease.ts';
import { plainBytes } from '../core/plain-bytes.ts';
import type { Counters } from './counters.ts';
import { PeerError } from './errors.ts';
import { decodeRecord } from './name-record.ts';
import type { BlockStore, Sha256 } from './ports.ts';

/**
 * Produces a block's bytes anew each time, so that no file need stay in memory while it is stored. Rejects if they are not what they
 * were: what it gives has the block's digest.
 */
export type BlockSource = () => Promise<Uint8Array>;

/** Told how many bytes of a block have come from another node, or gone to one. */
export type Travelled = (bytes: number) => void;

export interface LocalBlocksParts {
  readonly store: BlockStore;
  readonly sha256: Sha256;
  readonly counters: Counters;
  readonly dispatch: (input: Input) => void;
  /** Called when the disk cannot be read or written. */
  readonly suspect: () => void;
}

interface Wanted {
  waiting: number;
  bytes: Uint8Array | undefined;
}

/** Copies that serve others, and count for nothing. */
export interface BlockCache {
  put(digest: string, bytes: Uint8Array<ArrayBuffer>): void;
  get(digest: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  delete(digest: string): void;
}

export class LocalBlocks {
  /** Comes after the rest. */
  cache: BlockCache | undefined;
  readonly #parts: LocalBlocksParts;
  readonly #sourcesByDigest = new Map<string, Set<BlockSource>>();
  readonly #wantedByDigest = new Map<string, Wanted>();
  readonly #travelByDigest = new Map<string, Set<Travelled>>();
  /** Reads under way are shared, so that a late finding of damage cannot remove the copy that replaced it. */
  readonly #loadByDigest = new Map<string, Promise<Uint8Array | undefined>>();
  /** Whether the last write of a block's leases succeeded, while it is under way, or has failed. */
  readonly #leasesByDigest = new Map<string, Promise<boolean>>();
  #isTellingRoom = false;

  constructor(parts: LocalBlocksParts) {
    this.#parts = parts;
  }

  /** Serves a block from `source` until the returned function is called. */
  addSource(digest: string, source: BlockSource): () => void {
    const sources = this.#sourcesByDigest.get(digest) ?? new Set();
    this.#sourcesByDigest.set(digest, sources.add(source));
    return () => {
      sources.delete(source);
      if (sources.size === 0 && this.#sourcesByDigest.get(digest) === sources) this.#sourcesByDigest.delete(digest);
    };
  }

  /** Keeps the block's bytes in memory when they arrive, until `release`. */
  want(digest: string): { take(): Uint8Array | undefined; release(): void } {
    const wanted = this.#wantedByDigest.get(digest) ?? { waiting: 0, bytes: undefined };
    this.#wantedByDigest.set(digest, wanted);
    wanted.waiting += 1;
    return {
      take: () => wanted.bytes,
      release: () => {
        wanted.waiting -= 1;
        if (wanted.waiting === 0) this.#wantedByDigest.delete(digest);
      },
    };
  }

  /** Tells `travelled` of the block's bytes under way, until the returned function is called. */
  watchTravel(digest: string, travelled: Travelled): () => void {
    const watchers = this.#travelByDigest.get(digest) ?? new Set();
    this.#travelByDigest.set(digest, watchers.add(travelled));
    return () => {
      watchers.delete(travelled);
      if (watchers.size === 0 && this.#travelByDigest.get(digest) === watchers) this.#travelByDigest.delete(digest);
    };
  }

  /** Of a transfer under way: so many of the block's bytes have come or gone. */
  travelled(digest: string, bytes: number): void {
    for (const tell of this.#travelByDigest.get(digest) ?? []) tell(bytes);
  }

  /** Bytes whose digest is right have arrived. What was waited for, and is not kept, is cached (P74). */
  arrived(digest: string, bytes: Uint8Array, isKept: boolean): void {
    const wanted = this.#wantedByDigest.get(digest);
    if (wanted === undefined) return;
    wanted.bytes = bytes;
    if (!isKept) this.cache?.put(digest, plainBytes(bytes));
  }

  /** The bytes of a block, digest checked, from a source, as they have just come, from the cache or the disk; undefined if it is nowhere. Never rejects. */
  async load(digest: string): Promise<Uint8Array | undefined> {
    for (const source of this.#sourcesByDigest.get(digest) ?? []) {
      const bytes = await this.#fromSource(source);
      if (bytes !== undefined) return bytes;
      // A file that the user changed or deleted since it was chosen.
      this.#parts.counters.count('files changed while being stored');
    }
    const here = this.#wantedByDigest.get(digest)?.bytes ?? (await this.cache?.get(digest));
    return here ?? this.#loadHeld(digest);
  }

  /** `back` as in Sha256. */
  async isRight(digest: string, bytes: Uint8Array, back?: (bytes: Uint8Array) => void): Promise<boolean> {
    return (await this.#parts.sha256(bytes, back)) === digest;
  }

  /**
   * Stores a block durably, unless the disk refuses it or it should be a name record and is none; then nothing stays
   * behind. Never rejects.
   */
  async keep(block: BlockRef, bytes: Uint8Array): Promise<'kept' | 'full' | 'malformed'> {
    if (isNameRecord(block) && (await decodeRecord(block.key, bytes, this.#parts.sha256)) === undefined) {
      this.#parts.counters.count('malformed name records');
      return 'malformed';
    }
    // What nobody knows for how long to keep would be here for ever.
    if ((await this.#leasesByDigest.get(block.digest)) === false) return 'full';
    try {
      await this.#parts.store.put({ ...block, size: bytes.length }, bytes);
      this.cache?.delete(block.digest);
      void this.tellRoom();
      return 'kept';
    } catch (error) {
      this.#parts.counters.count(error instanceof PeerError ? `store refused: ${error.code}` : 'store failed to write');
      this.#parts.suspect();
      return 'full';
    }
  }

  /** Writes a block's leases, and tells the core. Never rejects. */
  async keepLeases(leased: Leased): Promise<void> {
    const { digest } = leased.block;
    const writing = this.#writeLeases(leased);
    this.#leasesByDigest.set(digest, writing);
    const isKept = await writing;
    // A failure is remembered until a block that lacks its lease is refused, or the next write.
    if ((isKept || leased.leases.length === 0) && this.#leasesByDigest.get(digest) === writing)
      this.#leasesByDigest.delete(digest);
    this.#parts.dispatch({ type: 'leases-kept', digest, isKept });
  }

  /** Removes a block from disk. Never rejects: what stays behind is announced at the next start, and dropped again. */
  async drop(digest: string): Promise<void> {
    try {
      await this.#parts.store.delete(digest);
    } catch {
      this.#parts.counters.count('store failed to delete');
    }
  }

  /** Hashes a held block's bytes, read from the disk, after the characters of `salt`, and tells the core. */
  async prove(digest: string, salt: string): Promise<void> {
    const bytes = await this.#loadHeld(digest);
    const hash = bytes === undefined ? undefined : await this.#digestOnly(joined(encoder.encode(salt), bytes));
    this.#parts.dispatch({ type: 'proved', digest, salt, hash });
  }

  /** Of bytes that nobody needs any more. */
  #digestOnly(bytes: Uint8Array): Promise<string | undefined> {
    return this.#parts.sha256(bytes, () => undefined).catch(() => undefined);
  }

  /** Tells the core how much more the disk takes; until then it counts on no bound. Never rejects. */
  async tellRoom(): Promise<void> {
    if (this.#isTellingRoom) return;
    this.#isTellingRoom = true;
    try {
      this.#parts.dispatch({ type: 'room', freeBytes: await this.#parts.store.freeBytes() });
    } catch {
      this.#parts.counters.count('free room not known');
    } finally {
      this.#isTellingRoom = false;
    }
  }

  /** Tells the core if a held block is gone or wrong, and removes it. */
  async verify(digest: string): Promise<void> {
    await this.#loadHeld(digest);
  }

  async #writeLeases(leased: Leased): Promise<boolean> {
    try {
      await this.#parts.store.setLeases(leased);
      return true;
    } catch (error) {
      this.#parts.counters.count(
        error instanceof PeerError ? `leases refused: ${error.code}` : 'leases failed to write',
      );
      this.#parts.suspect();
      return false;
    }
  }

  #loadHeld(digest: string): Promise<Uint8Array | undefined> {
    const load = this.#loadByDigest.get(digest) ?? this.#readHeld(digest);
    this.#loadByDigest.set(digest, load);
    return load.finally(() => this.#loadByDigest.delete(digest));
  }

  async #readHeld(digest: string): Promise<Uint8Array | undefined> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = await this.#parts.store.get(digest);
    } catch {
      // Perhaps busy or closing, so not known to be lost.
      this.#parts.counters.count('store failed to read');
      this.#parts.suspect();
      return undefined;
    }
    if (bytes !== undefined && (await this.isRight(digest, bytes))) return bytes;
    if (bytes !== undefined) {
      this.#parts.counters.count('corrupt blocks on disk');
      await this.drop(digest);
    }
    this.#parts.dispatch({ type: 'block-lost', digest });
    return undefined;
  }

  async #fromSource(source: BlockSource): Promise<Uint8Array | undefined> {
    try {
      return await source();
    } catch {
      return undefined;
    }
  }
}

const encoder = new TextEncoder();

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
