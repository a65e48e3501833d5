// Tombstones of blocks that were never here, and who brought each: one node may bring as many as half of the room that all others
// leave (as in P34), so that a flood of made-up ones keeps nobody's true ones out.

import type { NodeId } from '../pastry/id.ts';

/** 400 bytes each: a newcomer's share of what a leaf set deletes in a week. */
export const MAX_FOREIGN_TOMBSTONES = 10_000;
/** Of the room that others leave. */
const MOST_OF_REST = 1 / 2;

export class ForeignTombstones {
  readonly #bringerByDigest = new Map<string, NodeId>();
  readonly #countByBringer = new Map<NodeId, number>();

  /** True if there is room for one more of `bringer`'s. */
  mayBring(bringer: NodeId): boolean {
    const own = this.#countByBringer.get(bringer) ?? 0;
    const room = MAX_FOREIGN_TOMBSTONES - this.#bringerByDigest.size;
    return own + 1 <= (room + own) * MOST_OF_REST;
  }

  add(digest: string, bringer: NodeId): void {
    this.delete(digest);
    this.#bringerByDigest.set(digest, bringer);
    this.#countByBringer.set(bringer, (this.#countByBringer.get(bringer) ?? 0) + 1);
  }

  delete(digest: string): void {
    const bringer = this.#bringerByDigest.get(digest);
    if (bringer === undefined) return;
    this.#bringerByDigest.delete(digest);
    const rest = (this.#countByBringer.get(bringer) ?? 0) - 1;
    if (rest > 0) this.#countByBringer.set(bringer, rest);
    else this.#countByBringer.delete(bringer);
  }
}
