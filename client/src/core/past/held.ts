// What this node keeps on its own disk, as far as the core knows.

import type { Instant } from '../io.ts';
import type { BlockRef } from './block.ts';

export interface HeldBlock {
  readonly block: BlockRef;
  /** When it came here, or when this node started with it. */
  readonly since: Instant;
}

export class HeldBlocks {
  readonly #byDigest = new Map<string, HeldBlock>();

  add(block: BlockRef, since: Instant): void {
    this.#byDigest.set(block.digest, { block, since });
  }

  delete(digest: string): void {
    this.#byDigest.delete(digest);
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
