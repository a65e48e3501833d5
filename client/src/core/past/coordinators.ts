// Who is offered a block in the place of a root that gives no word, because no link leads to it, or brings nothing: the other
// members of the replica set, closest first (after PAST, section 2.1). They are linked with the root, or talk with it through
// a common leaf.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant } from '../io.ts';
import { isCloser, type NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { MemberSearch } from './member-search.ts';
import type { SearchPurposeOf } from './purposes.ts';

/** Where no network ever changes asking a silent node first is a wait for nothing; it is still asked beside. */
const REMEMBERED_MS = 240_000;
/** Bound of the list. */
const MAX_SILENT = 256;

export class Coordinators {
  readonly #context: PastContext;
  readonly #search: MemberSearch;
  readonly #silentUntilById = new BoundedMap<NodeId, Instant>(MAX_SILENT);

  constructor(context: PastContext, search: MemberSearch) {
    this.#context = context;
    this.#search = search;
  }

  /** A node gave no word to an offer in time, or its words brought nothing, or no message reaches it. */
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

  /** Asks who may take the place of `root`; the members found go by `purpose`, perhaps at once. */
  search(
    block: BlockRef,
    root: NodeId | undefined,
    purpose: SearchPurposeOf<'store-coordinator' | 'handoff-coordinator'>,
  ): void {
    this.#search.begin(block, root, purpose);
  }

  /**
   * The closest to the block of those named, which is neither silent nor among `except`; undefined if there is none. A node
   * beside the replica set may be named; it will refuse.
   */
  closest(block: BlockRef, named: readonly NodeId[], except: ReadonlySet<NodeId>): NodeId | undefined {
    let closest: NodeId | undefined;
    for (const nodeId of named) {
      if (except.has(nodeId) || this.isSilent(nodeId)) continue;
      if (closest === undefined || isCloser(block.key, nodeId, closest)) closest = nodeId;
    }
    return closest;
  }
}
