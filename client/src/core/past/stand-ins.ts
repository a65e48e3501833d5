// Who is offered a block in the place of a root that gives no word, because no link leads to it: the other members of the
// replica set, closest first (after PAST, section 2.1). They are linked with the root, or talk with it through a common leaf.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant } from '../io.ts';
import { isCloser, type NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';

const LOCATE_TIMEOUT_MS = 15_000;
/** Where no network ever changes asking a silent node first is a wait for nothing; it is still asked beside. */
const REMEMBERED_MS = 240_000;
/** Bound of the list. */
const MAX_SILENT = 256;

export class StandIns {
  readonly #context: PastContext;
  readonly #silentUntilById = new BoundedMap<NodeId, Instant>(MAX_SILENT);

  constructor(context: PastContext) {
    this.#context = context;
  }

  /** A node gave no word to an offer in time, or no message reaches it. */
  silent(nodeId: NodeId): void {
    this.#silentUntilById.set(nodeId, this.#context.ring.now + REMEMBERED_MS);
  }

  spoke(nodeId: NodeId): void {
    this.#silentUntilById.delete(nodeId);
  }

  isSilent(nodeId: NodeId): boolean {
    const { ring } = this.#context;
    return ring.isUnreachable(nodeId) || ring.now < (this.#silentUntilById.get(nodeId) ?? 0);
  }

  /**
   * Asks the ring who may hold the block, and calls `found` once, unless this node leaves first: with the closest of them
   * that is neither silent nor among `except`, or undefined. A node beside the replica set may be named; it will refuse.
   */
  find(block: BlockRef, except: ReadonlySet<NodeId>, found: (member: NodeId | undefined) => void): void {
    this.#context.ring.route(
      block.key,
      { kind: 'locate', block },
      LOCATE_TIMEOUT_MS,
      (reply) => {
        let closest: NodeId | undefined;
        for (const nodeId of reply.kind === 'holders' ? reply.holders : []) {
          if (except.has(nodeId) || this.isSilent(nodeId)) continue;
          if (closest === undefined || isCloser(block.key, nodeId, closest)) closest = nodeId;
        }
        found(closest);
      },
      () => found(undefined),
    );
  }
}
