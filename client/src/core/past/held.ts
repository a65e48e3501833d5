// What this node keeps on its own disk, as far as the core knows.

import type { Instant } from '../io.ts';
import type { Key, NodeId } from '../pastry/id.ts';
import { type BlockRef, isNameRecord } from './block.ts';
import { NameLists, type RecordOrigin } from './name-lists.ts';

export interface HeldBlock {
  readonly block: BlockRef;
  /** When it came here, or when this node started with it. */
  readonly since: Instant;
  /** Since when others are to hold it in this node's place; undefined while it is a member. */
  displacedAt: Instant | undefined;
  /** In whose place it is kept, if it is (stand-ins.ts). */
  standsFor: StandsFor | undefined;
}

export interface StandsFor {
  readonly nodeId: NodeId;
  /** When that node last asked for it. */
  readonly renewedAt: Instant;
}

export class HeldBlocks {
  /** Called with the digest after each change. */
  changed: (digest: string) => void = () => undefined;
  readonly #byDigest = new Map<string, HeldBlock>();
  readonly #names = new NameLists();
  #bytes = 0;

  /** Of all blocks. */
  get bytes(): number {
    return this.#bytes;
  }

  /** `origin`: who brought it; undefined for what was on the disk. */
  add(block: BlockRef, since: Instant, origin?: RecordOrigin): void {
    this.#bytes += block.size - (this.#byDigest.get(block.digest)?.block.size ?? 0);
    this.#byDigest.set(block.digest, { block, since, displacedAt: undefined, standsFor: undefined });
    if (isNameRecord(block)) this.#names.add(block, origin);
    this.changed(block.digest);
  }

  /** A held block is kept in another node's place from now on, or in nobody's. */
  standFor(digest: string, standsFor: StandsFor | undefined): void {
    const held = this.#byDigest.get(digest);
    if (held !== undefined) held.standsFor = standsFor;
  }

  delete(digest: string): void {
    const block = this.#byDigest.get(digest)?.block;
    if (block === undefined) return;
    this.#byDigest.delete(digest);
    this.#bytes -= block.size;
    this.#names.delete(block);
    this.changed(digest);
  }

  /** False for one name record more than a key, or a storer, may have. */
  hasRoomFor(block: BlockRef, origin: RecordOrigin): boolean {
    return this.has(block.digest) || this.#names.hasRoomFor(block, origin);
  }

  /** The name record that has to go for this one, for which there is room then. */
  displacedBy(block: BlockRef, origin: RecordOrigin): BlockRef | undefined {
    return this.#byDigest.get(this.#names.displacedBy(block, origin) ?? '')?.block;
  }

  /** The name records held at a key. */
  recordsAt(key: Key): readonly BlockRef[] {
    const records: BlockRef[] = [];
    for (const digest of this.#names.at(key)) {
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

  /** One of the blocks. `chance`: at least 0 and below 1. */
  atRandom(chance: number): BlockRef | undefined {
    return this.all()[Math.floor(chance * this.#byDigest.size)]?.block;
  }
}
