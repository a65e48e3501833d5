// Whether an offered block belongs here. Views of the ring differ while it changes, so this is a little more generous
// than the replica set of the own view: a copy too many is dropped later, a copy too few may be the last one.

import { isCloser, type NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { NodeView } from './replicas.ts';

/** Dropped digests remembered; more than one repair round of one neighbour offers. */
const MAX_DROPPED = 10_000;

export class Acceptance {
  readonly #context: PastContext;
  /** Dropped since the leaf set last changed, on whose word: only that root brings them back, or views that differ for
   * good would move a block to and fro for ever. */
  readonly #rootByDropped = new Map<string, NodeId>();

  constructor(context: PastContext) {
    this.#context = context;
  }

  accepts(block: BlockRef, offerer: NodeId, view: NodeView, viewWithoutOfferer: NodeView): boolean {
    const { ring, replicas, self } = this.#context;
    if (this.#context.ownReplicaSet(view, block.key) !== undefined) return true;
    const judge = this.#rootByDropped.get(block.digest);
    if (judge !== undefined) return offerer === judge;
    if (this.#isJudgedBetterBy(offerer, block, view)) return true;
    // The offerer may be leaving: then this node is next in line.
    if (!ring.covers(block.key)) return false;
    return viewWithoutOfferer.replicaSet(block.key, replicas).includes(self);
  }

  /**
   * Whether to confirm to `asker` a copy that is here. Only who thinks that the copy is its to keep may say so: two
   * nodes about to drop theirs must not take each other's word.
   */
  confirms(block: BlockRef, asker: NodeId, view: NodeView): boolean {
    return this.#context.ownReplicaSet(view, block.key) !== undefined || this.#isJudgedBetterBy(asker, block, view);
  }

  dropped(digest: string, root: NodeId): void {
    if (this.#rootByDropped.size < MAX_DROPPED) this.#rootByDropped.set(digest, root);
  }

  leafSetChanged(): void {
    this.#rootByDropped.clear();
  }

  /** True for the root, and outside the leaf set's range, where a member cannot judge for itself, for whoever is closer. */
  #isJudgedBetterBy(nodeId: NodeId, { key }: BlockRef, view: NodeView): boolean {
    const { ring, self } = this.#context;
    return view.closest(key) === nodeId || (!ring.covers(key) && isCloser(key, nodeId, self));
  }
}
