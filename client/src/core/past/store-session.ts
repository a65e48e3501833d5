// What a storer knows of one store under way.

import type { Instant, RequestId } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { Lease } from './lease.ts';
import type { Copies as CopiesReport, FinalRefusal } from './messages.ts';
import { type Copies, copiesOf, type Goal, type Verdict, verdictOn } from './receipt-count.ts';
import type { Order } from './receipts.ts';

/** What a report brought: a holder's first receipt; and receipts enough for a quorum, without those of other reports. */
interface Progress {
  readonly isMore: boolean;
  readonly isQuorum: boolean;
}

const MAX_REFUSALS_OF_ROOT = 2;

/** What a coordinator last reported. */
interface Report {
  readonly copies: Copies;
  readonly wanted: number;
  /** It counts on the storer's own copy. */
  readonly countsOnStorer: boolean;
}

export class StoreSession {
  readonly number: number;
  readonly block: BlockRef;
  readonly requests: Set<RequestId>;
  /** Of those who store it here, by owner. */
  readonly leases: Map<string, Lease>;
  readonly startedAt: Instant;
  /** When a word last came that was worth waiting on. */
  heardAt: Instant;
  /** When a holder's first receipt last came. */
  progressAt: Instant;
  isLooking = false;
  /** As last looked up. */
  root: NodeId | undefined;
  /** The root, or who was offered the block in its place. */
  coordinator: NodeId | undefined;
  /** Since when it, and nobody else, was offered the block. */
  coordinatorSince: Instant;
  /** It gave a word since it was last offered the block. */
  hasWord = false;
  /** Who was offered the block: their words are heard. */
  readonly offered = new Set<NodeId>();
  /** Who said that the block is not its own, and how often. */
  readonly refusalsById = new Map<NodeId, number>();
  /** Who has no room. */
  readonly full = new Set<NodeId>();
  route: readonly NodeId[] = [];
  /** The latest count. */
  copies: Copies = new Map();
  wanted = 0;
  verdict: Verdict = 'none';
  /** It had a quorum once: it will not fail. */
  hasQuorum = false;
  /** It was complete once: its bytes may be gone. */
  wasComplete = false;
  readonly #context: PastContext;
  readonly #receiptFor: string;
  readonly #reportByCoordinator = new Map<NodeId, Report>();
  readonly #holdersSeen = new Set<NodeId>();

  constructor(context: PastContext, number: number, block: BlockRef, request: RequestId, lease: Lease) {
    const { now } = context.ring;
    this.#context = context;
    this.#receiptFor = context.ring.newId();
    this.number = number;
    this.block = block;
    this.requests = new Set([request]);
    this.leases = new Map([[lease.owner, lease]]);
    this.startedAt = now;
    this.heardAt = now;
    this.progressAt = now;
    this.coordinatorSince = now;
  }

  /** What holders are to answer with a receipt. */
  get order(): Order {
    const { digest, size } = this.block;
    return { digest, size, receiptFor: this.#receiptFor, proof: undefined };
  }

  /** Takes the report of a node that was offered the block. */
  report(from: NodeId, { holders, receipts, wanted }: CopiesReport): Progress {
    const copies = copiesOf(receipts, this.block, this.#receiptFor);
    const countsOnStorer = holders.includes(this.#context.self);
    this.#reportByCoordinator.set(from, { copies, wanted, countsOnStorer });
    const before = this.#holdersSeen.size;
    for (const holder of copies.keys()) this.#holdersSeen.add(holder);
    const isQuorum = copies.size * 2 > this.#goal(copies).wanted;
    return { isMore: this.#holdersSeen.size > before, isQuorum };
  }

  /** Counts anew; true if the count, or what is wanted, is another than before. */
  count(): boolean {
    const copies = this.#copies();
    const goal = this.#goal(copies);
    const before = this.copies;
    const isNews =
      goal.wanted !== this.wanted || copies.size !== before.size || [...copies.keys()].some((id) => !before.has(id));
    this.copies = copies;
    this.wanted = goal.wanted;
    this.verdict = verdictOn(copies, goal);
    return isNews;
  }

  /** True if as many nodes have no room as there should be copies. One that has some brings the others to stand-ins. */
  get isHopeless(): boolean {
    return this.full.size >= this.#goal(this.copies).wanted;
  }

  /** True if the others cannot make a quorum alone. */
  get isMostlyFull(): boolean {
    const { wanted } = this.#goal(this.copies);
    return (wanted - this.full.size) * 2 <= wanted;
  }

  /** A root that says so more than once is none, or hides: views of the ring are one again after the first time. */
  isDenied(root: NodeId): boolean {
    return (this.refusalsById.get(root) ?? 0) >= MAX_REFUSALS_OF_ROOT;
  }

  nodeFailed(nodeId: NodeId): void {
    this.#reportByCoordinator.delete(nodeId);
    for (const [coordinator, report] of this.#reportByCoordinator) {
      if (!report.copies.has(nodeId)) continue;
      const copies = new Map([...report.copies].filter(([holder]) => holder !== nodeId));
      this.#reportByCoordinator.set(coordinator, { ...report, copies });
    }
  }

  #copies(): Copies {
    const { held, ring, self } = this.#context;
    const { digest, key } = this.block;
    const reports = this.#reports();
    const copies = new Map(reports.flatMap((report) => [...report.copies]));
    // Its own copy counts while it is this node's to keep.
    const isMember = this.#context.ownReplicaSet(this.#context.view(), key) !== undefined;
    const isOwned = isMember || reports.some(({ countsOnStorer }) => countsOnStorer);
    if (held.has(digest) && isOwned) copies.set(self, ring.self.device);
    else copies.delete(self);
    return copies;
  }

  /**
   * Those that count: the present coordinator's alone, once it has brought all receipts. One that was passed over may have
   * signed for a copy that only it has seen.
   */
  #reports(): readonly Report[] {
    const current = this.coordinator === undefined ? undefined : this.#reportByCoordinator.get(this.coordinator);
    const isWhole = current !== undefined && current.wanted > 0 && current.copies.size >= current.wanted;
    return isWhole ? [current] : [...this.#reportByCoordinator.values()];
  }

  /**
   * What this node itself knows of the ring is the least that it asks for, whatever a root says. One that is not in the ring
   * knows the nodes on the way to the root, and those that gave receipts.
   */
  #goal(copies: Copies): Goal {
    const { replicas, ring, self } = this.#context;
    const leaves = ring.leaves();
    const isInRing = this.#context.seesAround(self);
    const others = isInRing ? leaves.map(({ nodeId }) => nodeId) : [...this.route, ...copies.keys()];
    const nodes = new Set(others.filter((nodeId) => nodeId !== self)).size + (isInRing ? 1 : 0);
    const claimed = this.#claimed();
    const devices = new Set([ring.self, ...leaves].map(({ device }) => device)).size;
    return {
      wanted: Math.min(replicas, Math.max(claimed, nodes, 1)),
      devices: Math.min(replicas, devices),
      seesAll: this.#seesAll(),
    };
  }

  /** True of the root, and of all in a ring within one leaf set: elsewhere the root's leaves are others than the storer's. */
  #seesAll(): boolean {
    const { ring, self } = this.#context;
    const { key } = this.block;
    if (!this.#context.seesAround(key)) return false;
    return ring.leaves().length < ring.params.leafSetSize || this.#context.view().closest(key) === self;
  }

  /** By the report of who coordinates, or did so last. */
  #claimed(): number {
    const current = this.coordinator === undefined ? undefined : this.#reportByCoordinator.get(this.coordinator);
    return (current ?? [...this.#reportByCoordinator.values()].at(-1))?.wanted ?? 0;
  }
}

/** Refusals of which the first fails a store: what a name record is worth is for its root to say. */
export function isFinal(reason: FinalRefusal): boolean {
  return reason !== 'full';
}
