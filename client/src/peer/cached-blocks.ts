// Copies of the blocks that this node's user has fetched, for whoever asks for the same soon after, while there is room (PAST, section 4).
// They are no replicas: nobody counts on them, and they are gone with the page. What has to go is chosen by GreedyDual-Size: of what
// was not asked for lately, the large first, since for its room many small ones may stay.

import type { Deadlines } from './parallel.ts';

/** In memory, or where the browser keeps Blobs: sixteen segments. */
export const CACHE_BYTES = 64 * 1024 * 1024;
/** Small ones would be many. */
const MAX_BLOCKS = 1_024;
/** What was not asked for between two looks goes: a little longer than others are told of it (core/past/receivers.ts). */
export const CACHE_LOOK_MS = 5 * 60_000;
const TIMER = 'cached-blocks';

interface Cached {
  readonly content: Blob;
  /** GreedyDual-Size's H: the least goes first. */
  worth: number;
  isWanted: boolean;
}

export class CachedBlocks {
  readonly #maxBytes: number;
  readonly #deadlines: Deadlines;
  readonly #cachedByDigest = new Map<string, Cached>();
  #usedBytes = 0;
  /** GreedyDual-Size's L: what went last was worth so much. */
  #floor = 0;

  constructor(maxBytes: number, deadlines: Deadlines) {
    this.#maxBytes = maxBytes;
    this.#deadlines = deadlines;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Keeps a copy of bytes whose digest is right, if there is room for it at all. */
  put(digest: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length > this.#maxBytes || this.#cachedByDigest.has(digest)) return;
    this.#cachedByDigest.set(digest, {
      content: new Blob([bytes]),
      worth: this.#floor + 1 / Math.max(1, bytes.length),
      isWanted: true,
    });
    this.#usedBytes += bytes.length;
    while (this.#usedBytes > this.#maxBytes || this.#cachedByDigest.size > MAX_BLOCKS) this.#dropLeast();
    if (this.#cachedByDigest.size === 1) this.#lookLater();
  }

  /** A copy of its bytes; undefined if they are not here. Never rejects. */
  async get(digest: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const cached = this.#cachedByDigest.get(digest);
    if (cached === undefined) return undefined;
    cached.worth = this.#floor + 1 / Math.max(1, cached.content.size);
    cached.isWanted = true;
    try {
      return new Uint8Array(await cached.content.arrayBuffer());
    } catch {
      // The browser had no room for it any more.
      this.delete(digest);
      return undefined;
    }
  }

  delete(digest: string): void {
    this.#usedBytes -= this.#cachedByDigest.get(digest)?.content.size ?? 0;
    this.#cachedByDigest.delete(digest);
  }

  #dropLeast(): void {
    let least: readonly [string, Cached] | undefined;
    for (const entry of this.#cachedByDigest) if (least === undefined || entry[1].worth < least[1].worth) least = entry;
    if (least === undefined) return;
    this.#floor = least[1].worth;
    this.delete(least[0]);
  }

  #lookLater(): void {
    this.#deadlines.after(TIMER, CACHE_LOOK_MS, () => {
      for (const [digest, cached] of this.#cachedByDigest) {
        if (!cached.isWanted) this.delete(digest);
        cached.isWanted = false;
      }
      if (this.#cachedByDigest.size > 0) this.#lookLater();
    });
  }
}
