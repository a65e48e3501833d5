// Whether an offered block belongs here. Views of the ring differ while it changes, so this is a little more generous
// than the replica set of the own view: a copy too many is dropped later, a copy too few may be the last one.

import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { NodeView } from './replicas.ts';

/** Dropped digests remembered; more than one repair round of one neighbour offers. */
const MAX_DROPPED = 10_000;

export class Acceptance {
  readonly #context: PastContext;
  /** Dropped since the leaf set last changed: only a member, or the root's word, brings them back. */
  readonly #dropped = new Set<string>();

  constructor(context: PastContext) {
    this.#context = context;
  }

  accepts(block: BlockRef, offerer: NodeId, view: NodeView, viewWithoutOfferer: NodeView): boolean {
    const { ring, replicas, self } = this.#context;
    if (this.#context.ownReplicaSet(view, block.key) !== undefined) return true;
    // The root knows the key's surroundings best; with a small leaf set, a member cannot judge for itself.
    if (view.closest(block.key) === offerer) return true;
    // The offerer may be leaving: then this node is next in line.
    if (this.#dropped.has(block.digest) || !ring.covers(block.key)) return false;
    return viewWithoutOfferer.replicaSet(block.key, replicas).includes(self);
  }

  /**
   * Whether to vouch to `asker` for a copy that is here. Only who thinks that the copy is its to keep may say so: two
   * nodes about to drop theirs must not take each other's word.
   */
  vouches(block: BlockRef, asker: NodeId, view: NodeView): boolean {
    return this.#context.ownReplicaSet(view, block.key) !== undefined || view.closest(block.key) === asker;
  }

  dropped(digest: string): void {
    if (this.#dropped.size < MAX_DROPPED) this.#dropped.add(digest);
  }

  leafSetChanged(): void {
    this.#dropped.clear();
  }
}
