// The root's side of a store (PAST, section 2.1: insert): who asked to be told of copies of which block, the receipts that
// the holders gave for each asker's order, and the reports that go to the askers as the copies grow. A displaced holder asks
// in the same way, without an order, before it drops its copy.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { FinalRefusal } from './messages.ts';
import type { Offers } from './offers.ts';
import { type Order, type Receipt, receiptOf } from './receipts.ts';
import type { NodeView } from './replicas.ts';

/** Blocks with askers remembered at once; the oldest gives way, and its askers ask again if they still wait. */
const MAX_PLACEMENTS = 10_000;
/** Askers of one block: who stores it at the same moment, and its displaced holders. */
const MAX_ASKERS = 32;
/** Orders in one offer: so many store one block at the same moment; the others' come with the next. */
export const MAX_ORDERS_OF_OFFER = 8;
/** Longer than a storer waits (STORE_LIMIT_MS). */
const PLACEMENT_LIMIT_MS = 15 * 60_000;
/** When all copies are there, the askers still hear for so long if one is not: by then it has been checked (spot-checks.ts). */
export const AFTERMATH_MS = 60_000;

interface Asker {
  /** Undefined of a displaced holder. */
  readonly order: Order | undefined;
  /** Who holds the block, and has given a receipt for this asker's order. */
  readonly receiptByHolder: Map<NodeId, Receipt>;
  /** What it was told last: how many copies there are, of how many. Below 0: nothing. */
  told: number;
  wanted: number;
}

interface Placement {
  readonly block: BlockRef;
  readonly since: Instant;
  readonly askerById: BoundedMap<NodeId, Asker>;
  readonly refusers: Set<NodeId>;
  /** Since when every asker has been told of all copies. */
  completeAt: Instant | undefined;
}

export class Placements {
  readonly #context: PastContext;
  readonly #offers: Offers;
  readonly #placementByDigest = new BoundedMap<string, Placement>(MAX_PLACEMENTS);

  constructor(context: PastContext, offers: Offers) {
    this.#context = context;
    this.#offers = offers;
  }

  /** Reports on `block` to `asker` at once, and again whenever there are more copies, until there are enough. */
  watch(block: BlockRef, asker: NodeId, order: Order | undefined, view: NodeView): void {
    const placement = this.#placementByDigest.get(block.digest) ?? this.#begin(block);
    const known = placement.askerById.get(asker);
    const isSameOrder = known !== undefined && known.order?.receiptFor === order?.receiptFor;
    const receiptByHolder = isSameOrder ? known.receiptByHolder : new Map<NodeId, Receipt>();
    placement.askerById.set(asker, { order, receiptByHolder, told: -1, wanted: 0 });
    placement.completeAt = undefined;
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

  /** Offers a held block to those members of its replica set that have not said that they hold it, or owe a receipt. */
  placeOthers(block: BlockRef, members: readonly NodeId[], isUrgent: boolean): void {
    const { known, self } = this.#context;
    for (const member of members) {
      if (member === self) continue;
      const state = known.get(block.digest, member);
      const orders = this.#ordersWithout(block.digest, member);
      const hasCopy = state === 'holds' || state === 'points';
      if (state !== undefined && (!hasCopy || orders.length === 0)) continue;
      if (isUrgent || orders.length > 0) this.#offers.offerNow(member, block, 'replicate', orders);
      else this.#offers.add(member, block.digest, 'replicate');
    }
  }

  /** A holder has given a receipt. */
  receipt(from: NodeId, receipt: Receipt): void {
    const placement = this.#placementByDigest.get(receipt.digest);
    if (placement === undefined || receipt.proof?.by !== from || receipt.size !== placement.block.size) return;
    for (const { order, receiptByHolder } of placement.askerById.values()) {
      if (order?.receiptFor === receipt.receiptFor) receiptByHolder.set(from, receipt);
    }
  }

  /** Tells the askers of a block about the copies, if they are not as they know, or another number is wanted. */
  report(digest: string, view: NodeView): void {
    const placement = this.#placementByDigest.get(digest);
    if (placement === undefined) return;
    const { held, known, replicas, self } = this.#context;
    const members = view.replicaSet(placement.block.key, replicas);
    const isHeld = held.has(digest);
    const holderFor = (nodeId: NodeId): NodeId | undefined =>
      nodeId === self ? nodeId : known.holderFor(digest, nodeId);
    const holders = isHeld ? members.flatMap((nodeId) => holderFor(nodeId) ?? []) : [];
    const wanted = members.length;
    const reports = [...placement.askerById].map(([nodeId, asker]) => {
      const receipts = this.#receiptsOf(asker, holders);
      return { nodeId, asker, receipts, copies: asker.order === undefined ? holders.length : receipts.length };
    });
    const isComplete = reports.every(({ copies }) => copies >= wanted);
    placement.completeAt = isComplete ? (placement.completeAt ?? this.#context.ring.now) : undefined;
    // A displaced holder is freed by others' proofs, and told no more than once that they are there.
    if (isComplete && reports.every(({ asker }) => asker.order === undefined)) this.forget(digest);
    for (const { nodeId, asker, receipts, copies } of reports) {
      if (copies === asker.told && wanted === asker.wanted) continue;
      asker.told = copies;
      asker.wanted = wanted;
      this.#context.tell(nodeId, { type: 'copies', digest, holders, receipts, wanted });
    }
  }

  /** A member will not hold it, nor could it divert it. If the rest cannot make a quorum, the askers hear why. */
  refused(digest: string, member: NodeId, reason: FinalRefusal, view: NodeView): void {
    const placement = this.#placementByDigest.get(digest);
    if (placement === undefined) return;
    const members = view.replicaSet(placement.block.key, this.#context.replicas);
    placement.refusers.add(member);
    const possible = members.filter((nodeId) => !placement.refusers.has(nodeId)).length;
    if (possible * 2 > members.length) return;
    this.forget(digest);
    for (const asker of placement.askerById.keys()) this.#context.tell(asker, { type: 'refuse', digest, reason });
  }

  nodeFailed(nodeId: NodeId): void {
    for (const [digest, { askerById }] of this.#placementByDigest) {
      askerById.delete(nodeId);
      if (askerById.size === 0) this.forget(digest);
    }
  }

  /** Forgets what is over, or has waited too long. */
  expire(): void {
    const { now } = this.#context.ring;
    for (const [digest, { since, completeAt }] of this.#placementByDigest) {
      const isOver = completeAt !== undefined && now - completeAt >= AFTERMATH_MS;
      if (isOver || now - since > PLACEMENT_LIMIT_MS) this.forget(digest);
    }
  }

  #begin(block: BlockRef): Placement {
    const placement: Placement = {
      block,
      since: this.#context.ring.now,
      askerById: new BoundedMap(MAX_ASKERS),
      refusers: new Set(),
      completeAt: undefined,
    };
    this.#placementByDigest.set(block.digest, placement);
    return placement;
  }

  /** What goes to an asker: this node's own receipt is made anew each time, and signed on its way. */
  #receiptsOf({ order, receiptByHolder }: Asker, holders: readonly NodeId[]): readonly Receipt[] {
    if (order === undefined) return [];
    const receipts: Receipt[] = [];
    for (const holder of holders) {
      const receipt = holder === this.#context.self ? receiptOf(order) : receiptByHolder.get(holder);
      if (receipt !== undefined) receipts.push(receipt);
    }
    return receipts;
  }

  /** The orders for which a member has given no receipt. */
  #ordersWithout(digest: string, member: NodeId): readonly Order[] {
    const holder = this.#context.known.holderFor(digest, member) ?? member;
    const orders: Order[] = [];
    for (const { order, receiptByHolder } of this.#placementByDigest.get(digest)?.askerById.values() ?? []) {
      if (order !== undefined && !receiptByHolder.has(holder)) orders.push(order);
    }
    return orders.slice(0, MAX_ORDERS_OF_OFFER);
  }
}
