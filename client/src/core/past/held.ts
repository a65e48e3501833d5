// What this node keeps on its own disk, as far as the core knows.

import type { Instant } from '../io.ts';
import type { Key } from '../pastry/id.ts';
import { type BlockRef, isNameRecord, MAX_RECORDS_AT_KEY } from './block.ts';

export interface HeldBlock {
  readonly block: BlockRef;
  /** When it came here, or when this node started with it. */
  readonly since: Instant;
}

export class HeldBlocks {
  readonly #byDigest = new Map<string, HeldBlock>();
  readonly #recordsByKey = new Map<Key, Set<string>>();

  add(block: BlockRef, since: Instant): void {
    this.#byDigest.set(block.digest, { block, since });
    if (!isNameRecord(block)) return;
    const records = this.#recordsByKey.get(block.key) ?? new Set();
    this.#recordsByKey.set(block.key, records.add(block.digest));
  }

  delete(digest: string): void {
    const key = this.#byDigest.get(digest)?.block.key;
    this.#byDigest.delete(digest);
    const records = key === undefined ? undefined : this.#recordsByKey.get(key);
    if (key !== undefined && records?.delete(digest) === true && records.size === 0) this.#recordsByKey.delete(key);
  }

  /** False for one name record more than a key may have. */
  hasRoomFor(block: BlockRef): boolean {
    if (!isNameRecord(block) || this.has(block.digest)) return true;
    return (this.#recordsByKey.get(block.key)?.size ?? 0) < MAX_RECORDS_AT_KEY;
  }

  /** The name records held at a key. */
  recordsAt(key: Key): readonly BlockRef[] {
    const records: BlockRef[] = [];
    for (const digest of this.#recordsByKey.get(key) ?? []) {
      const held = this.#byDigest.get(digest);
      if (held !== undefined) records.push(held.block);
    }
    return records;
  }

  has(digest: string): boolean {
    return this.#byDigest.has(digest);
  }

  get(digest: string): HeldBlock | undefined {
    return this.#byDigest.get(digest);
  }

  /** A copy, so that the caller may hold and drop blocks while it walks. */
  all(): readonly HeldBlock[] {
    return [...this.#byDigest.values()];
  }

  blocks(): readonly BlockRef[] {
    return this.all().map(({ block }) => block);
  }
}
