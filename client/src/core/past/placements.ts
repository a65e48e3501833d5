// The root's side of a store (PAST, section 2.1: insert): who asked to be told of copies of which block, and the
// reports that go to them as the copies grow. A displaced holder asks in the same way before it drops its copy.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { FinalRefusal } from './messages.ts';
import type { NodeView } from './replicas.ts';

/** Askers remembered at once, over all blocks; the oldest gives way, and asks again if it still waits. */
const MAX_PLACEMENTS = 10_000;
/** Longer than a storer waits (STORE_LIMIT_MS). */
const PLACEMENT_LIMIT_MS = 15 * 60_000;

/** What an asker was told last: how many copies there are, of how many. */
interface Report {
  readonly copies: number;
  readonly wanted: number;
}

const NO_REPORT: Report = { copies: -1, wanted: 0 };

interface Placement {
  readonly block: BlockRef;
  readonly since: Instant;
  readonly reportedByAsker: Map<NodeId, Report>;
  readonly refusers: Set<NodeId>;
}

export class Placements {
  readonly #context: PastContext;
  readonly #placementByDigest = new BoundedMap<string, Placement>(MAX_PLACEMENTS);

  constructor(context: PastContext) {
    this.#context = context;
  }

  /** Reports on `block` to `asker` at once, and again whenever there are more copies, until there are enough. */
  watch(block: BlockRef, asker: NodeId, view: NodeView): void {
    let placement = this.#placementByDigest.get(block.digest);
    if (placement === undefined) {
      placement = { block, since: this.#context.ring.now, reportedByAsker: new Map(), refusers: new Set() };
      this.#placementByDigest.set(block.digest, placement);
    }
    placement.reportedByAsker.set(asker, NO_REPORT);
    this.report(block.digest, view);
  }

  get size(): number {
    return this.#placementByDigest.size;
  }

  isWatched(digest: string): boolean {
    return this.#placementByDigest.has(digest);
  }

  forget(digest: string): void {
    this.#placementByDigest.delete(digest);
  }

  /** Tells the askers of a block about the copies, if there are more than they know, or another number is wanted. */
  report(digest: string, view: NodeView): void {
    const placement = this.#placementByDigest.get(digest);
    if (placement === undefined) return;
    const { held, known, replicas, self } = this.#context;
    const members = view.replicaSet(placement.block.key, replicas);
    const isHeld = held.has(digest);
    const holders = members.filter((nodeId) =>
      nodeId === self ? isHeld : isHeld && known.get(digest, nodeId) === 'holds',
    );
    const wanted = members.length;
    // Before anything is told: an answer to a report may come back at once, if this node asked itself.
    if (holders.length >= wanted) this.#placementByDigest.delete(digest);
    for (const [asker, reported] of [...placement.reportedByAsker]) {
      if (holders.length <= reported.copies && wanted === reported.wanted) continue;
      placement.reportedByAsker.set(asker, { copies: holders.length, wanted });
      this.#context.tell(asker, { type: 'copies', digest, holders, wanted });
    }
  }

  /** A member will not hold it. If the rest cannot make a quorum, the askers hear why; diversion will find its place here. */
  refused(digest: string, member: NodeId, reason: FinalRefusal, view: NodeView): void {
    const placement = this.#placementByDigest.get(digest);
    if (placement === undefined) return;
    const members = view.replicaSet(placement.block.key, this.#context.replicas);
    placement.refusers.add(member);
    const possible = members.filter((nodeId) => !placement.refusers.has(nodeId)).length;
    if (possible * 2 > members.length) return;
    this.#placementByDigest.delete(digest);
    for (const asker of placement.reportedByAsker.keys()) {
      this.#context.tell(asker, { type: 'refuse', digest, reason });
    }
  }

  nodeFailed(nodeId: NodeId): void {
    for (const [digest, { reportedByAsker }] of this.#placementByDigest) {
      reportedByAsker.delete(nodeId);
      if (reportedByAsker.size === 0) this.#placementByDigest.delete(digest);
    }
  }

  /** Forgets what has waited too long. */
  expire(): void {
    for (const [digest, { since }] of this.#placementByDigest) {
      if (this.#context.ring.now - since > PLACEMENT_LIMIT_MS) this.#placementByDigest.delete(digest);
    }
  }
}
