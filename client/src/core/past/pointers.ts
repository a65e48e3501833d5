// The blocks that this node should hold and has no room for, each with the node that holds it in its place (PAST, section
// 3.3.2). They are in memory only: a node that comes back without them is offered the blocks, and diverts them again.

import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';

/** Blocks: 200 GB in segments. What is more is refused. */
const MAX_POINTERS = 50_000;

export interface Pointer {
  readonly block: BlockRef;
  /** Who holds the copy. */
  readonly target: NodeId;
  /** When it last said so. */
  renewedAt: Instant;
}

/** A pointer as others see it. */
export interface PointedAt {
  readonly digest: string;
  readonly target: NodeId;
}

/** All that the judgement of a pointer rests on. */
export interface PointerFacts {
  /** This node should hold the block, by its own view. */
  readonly isMember: boolean;
  /** Its target is a leaf whose word counts. */
  readonly isTargetLeaf: boolean;
  /** Its target should hold a copy of its own. */
  readonly isTargetMember: boolean;
}

/** Whether a pointer still stands for a copy more than there would be without it. */
export function isPointerGood({ isMember, isTargetLeaf, isTargetMember }: PointerFacts): boolean {
  return isMember && isTargetLeaf && !isTargetMember;
}

export class Pointers {
  readonly #pointerByDigest = new Map<string, Pointer>();

  get(digest: string): Pointer | undefined {
    return this.#pointerByDigest.get(digest);
  }

  set(block: BlockRef, target: NodeId, now: Instant): void {
    this.#pointerByDigest.set(block.digest, { block, target, renewedAt: now });
  }

  delete(digest: string): void {
    this.#pointerByDigest.delete(digest);
  }

  get isFull(): boolean {
    return this.#pointerByDigest.size >= MAX_POINTERS;
  }

  list(): readonly PointedAt[] {
    return this.all().map(({ block: { digest }, target }) => ({ digest, target }));
  }

  /** A copy, so that the caller may change them while it walks. */
  all(): readonly Pointer[] {
    return [...this.#pointerByDigest.values()];
  }
}
