// A member's side of replica diversion (PAST, section 3.3.2): a block that it should hold and has no room for goes to a leaf
// that is no member, and stays here as a pointer. Who offered the block hears `diverted`, which is a claim: it counts when the
// stand-in has proved its copy to the one that hears it (pointer-claims.ts).

import type { NodeId } from '../pastry/id.ts';
import type { PastTimer } from '../timer-names.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { Lease } from './lease.ts';
import type { LossNotices } from './loss-notices.ts';
import type { Divert, Holding, Refuse } from './messages.ts';
import { MAX_OFFER_BLOCKS } from './offers.ts';
import { MAX_ORDERS_OF_OFFER } from './placements.ts';
import { isPointerGood, type Pointer } from './pointers.ts';
import type { Order, Receipt } from './receipts.ts';
import { chooseStandIn } from './room.ts';
import type { RoomSurvey } from './room-survey.ts';

/** How often a stand-in is asked whether it still has its copies. */
export const RENEW_MS = 5 * 60_000;
/** A pointer of which the stand-in has spoken since is answered with at once. */
const FRESH_MS = RENEW_MS + 90_000;
/** A stand-in that says nothing for so long is passed over: four segments at 5 Mbit/s are ahead of this one. */
const ANSWER_MS = 60_000;
/** Blocks for which a stand-in is sought at once; of more, their offerers hear nothing, and offer them again. */
const MAX_PENDING = 1_000;

interface Diversion {
  readonly block: BlockRef;
  /** Who offered it, each with its orders. */
  readonly askers: Map<NodeId, readonly Order[]>;
  readonly leases: readonly Lease[];
  /** Who has been asked and will not, or was silent. */
  readonly tried: Set<NodeId>;
  target: NodeId | undefined;
  /** The present target is asked only whether it has the block already. */
  isProbe: boolean;
}

/** A block that came with an offer, and its offerer waits for an answer. */
export interface Offered {
  readonly block: BlockRef;
  readonly from: NodeId;
  readonly orders: readonly Order[];
  readonly leases: readonly Lease[];
}

export class Diversions {
  readonly #context: PastContext;
  readonly #survey: RoomSurvey;
  readonly #losses: LossNotices;
  readonly #diversionByDigest = new Map<string, Diversion>();

  constructor(context: PastContext, survey: RoomSurvey, losses: LossNotices) {
    this.#context = context;
    this.#survey = survey;
    this.#losses = losses;
  }

  /** A block that is this node's to hold, and for which it has no room. Its offerer hears `diverted`, or `refuse`. */
  divert({ block, from, orders, leases }: Offered): void {
    const { pointers, ring } = this.#context;
    const { digest } = block;
    let pointer = pointers.get(digest);
    if (pointer?.target === from) {
      // It would be rid of its copy, or knows no more that it stands in for this node.
      this.#void(pointer);
      pointer = undefined;
    }
    const isFresh = pointer !== undefined && ring.now - pointer.renewedAt < FRESH_MS;
    if (pointer !== undefined && isFresh && orders.length === 0) return this.#tellDiverted(from, pointer, []);
    const running = this.#diversionByDigest.get(digest);
    if (running !== undefined) return this.#join(running, from, orders);
    if (this.#diversionByDigest.size >= MAX_PENDING) return;
    if (pointer === undefined && pointers.isFull) return this.#context.tell(from, refusal(digest, 'full'));
    const diversion: Diversion = {
      ...{ block, leases, askers: new Map([[from, orders]]), tried: new Set<NodeId>() },
      ...{ target: undefined, isProbe: true },
    };
    this.#diversionByDigest.set(digest, diversion);
    const first = pointer?.target ?? this.#likelyHolder(from, block);
    if (first === undefined) this.#choose(diversion);
    else this.#askTarget(diversion, first);
  }

  /** A stand-in has said that it holds these. */
  holding(from: NodeId, { digests, receipts }: Holding): void {
    const { pointers, ring } = this.#context;
    for (const digest of digests) {
      const pointer = pointers.get(digest);
      if (pointer?.target === from) pointer.renewedAt = ring.now;
      const diversion = this.#diversionByDigest.get(digest);
      if (diversion?.target === from) this.#found(diversion, from, receipts);
    }
  }

  /** A node has said that it will not stand in, or does not any more. */
  refused(from: NodeId, { digest }: Refuse): void {
    const pointer = this.#context.pointers.get(digest);
    if (pointer?.target === from) this.#void(pointer);
    const diversion = this.#diversionByDigest.get(digest);
    if (diversion?.target === from) this.#passOver(diversion);
  }

  /** A node has lost its copy. */
  lost(from: NodeId, digest: string): void {
    const pointer = this.#context.pointers.get(digest);
    if (pointer?.target === from) this.#void(pointer);
  }

  nodeFailed(nodeId: NodeId): void {
    for (const pointer of this.#context.pointers.all()) if (pointer.target === nodeId) this.#void(pointer);
    for (const diversion of [...this.#diversionByDigest.values()]) {
      diversion.askers.delete(nodeId);
      if (diversion.askers.size === 0) this.#end(diversion);
      else if (diversion.target === nodeId) this.#passOver(diversion);
    }
  }

  /** The ring has changed: pointers that do not stand for a copy any more go, and the others hear it. */
  check(): void {
    const view = this.#context.view();
    for (const pointer of this.#context.pointers.all()) {
      const { block, target } = pointer;
      const members = view.replicaSet(block.key, this.#context.replicas);
      const isGood = isPointerGood({
        isMember: this.#context.ownReplicaSet(view, block.key) !== undefined,
        isTargetLeaf: this.#context.isBelievedLeaf(target),
        isTargetMember: members.includes(target),
      });
      if (!isGood) this.#void(pointer);
    }
  }

  /** Asks the stand-ins whether they still hold what they should: each keeps its copies only as long as it is asked. */
  renew(): void {
    const blocksByTarget = new Map<NodeId, BlockRef[]>();
    for (const { block, target } of this.#context.pointers.all())
      blocksByTarget.set(target, [...(blocksByTarget.get(target) ?? []), block]);
    for (const [target, all] of blocksByTarget) {
      for (let start = 0; start < all.length; start += MAX_OFFER_BLOCKS) {
        const blocks = all.slice(start, start + MAX_OFFER_BLOCKS);
        this.#context.tell(target, { type: 'divert', blocks, source: undefined, orders: [], leases: [] });
      }
    }
  }

  #join(diversion: Diversion, from: NodeId, orders: readonly Order[]): void {
    const before = diversion.askers.get(from) ?? [];
    const known = new Set(before.map(({ receiptFor }) => receiptFor));
    const news = orders.filter(({ receiptFor }) => !known.has(receiptFor));
    diversion.askers.set(from, [...before, ...news].slice(0, MAX_ORDERS_OF_OFFER));
    // Its target is to sign for these too.
    if (news.length > 0 && diversion.target !== undefined) this.#askTarget(diversion, diversion.target);
  }

  #choose(diversion: Diversion): void {
    diversion.target = undefined;
    this.#survey.ask(() => {
      if (this.#diversionByDigest.get(diversion.block.digest) !== diversion || diversion.target !== undefined) return;
      const { block } = diversion;
      const view = this.#context.view();
      const members = this.#context.ownReplicaSet(view, block.key);
      if (members === undefined) return this.#fail(diversion, 'not-mine');
      const leaves = this.#context.ring.leaves();
      const devices = leaves.filter(({ nodeId }) => members.includes(nodeId)).map(({ device }) => device);
      const near = view.nearest(block.key, this.#context.ring.params.leafSetSize / 2 + 1);
      const candidates = leaves
        .filter(({ nodeId }) => !diversion.tried.has(nodeId) && this.#isCandidate(nodeId, block))
        .map(({ nodeId, device }) => {
          return { nodeId, device, isNear: near.has(nodeId), freeBytes: this.#survey.freeBytes(nodeId) };
        });
      const target = chooseStandIn(candidates, block.size, new Set(devices), this.#context.ring.roomPolicy);
      if (target === undefined) return this.#fail(diversion, 'full');
      diversion.isProbe = false;
      this.#survey.given(target, block.size);
      this.#askTarget(diversion, target);
    });
  }

  #askTarget(diversion: Diversion, target: NodeId): void {
    const { block, askers, leases, isProbe } = diversion;
    diversion.target = target;
    const orders = [...askers.values()].flat().slice(0, MAX_ORDERS_OF_OFFER);
    const [source] = askers.keys();
    const message: Divert = { type: 'divert', blocks: [block], source: isProbe ? undefined : source, orders, leases };
    this.#context.after(timerName(block.digest), ANSWER_MS, () => this.#passOver(diversion));
    this.#context.tell(target, message);
  }

  #passOver(diversion: Diversion): void {
    // Who does not have the block already may still take it.
    if (diversion.target !== undefined && !diversion.isProbe) diversion.tried.add(diversion.target);
    this.#context.cancel(timerName(diversion.block.digest));
    this.#choose(diversion);
  }

  #found(diversion: Diversion, target: NodeId, receipts: readonly Receipt[]): void {
    const { held, pointers, ring } = this.#context;
    const { block, askers } = diversion;
    this.#end(diversion);
    // It has come here all the same, and who offered it has heard so: a copy and a pointer would be one too many.
    if (held.has(block.digest)) return;
    pointers.set(block, target, ring.now);
    const pointer = { block, target };
    for (const [asker, orders] of askers) {
      const wanted = new Set(orders.map(({ receiptFor }) => receiptFor));
      this.#tellDiverted(
        asker,
        pointer,
        receipts.filter(({ digest, receiptFor }) => digest === block.digest && wanted.has(receiptFor)),
      );
    }
  }

  #tellDiverted(to: NodeId, { block, target }: Pick<Pointer, 'block' | 'target'>, receipts: readonly Receipt[]): void {
    this.#context.tell(to, { type: 'diverted', digest: block.digest, target, receipts });
  }

  #fail(diversion: Diversion, reason: 'full' | 'not-mine'): void {
    this.#end(diversion);
    for (const asker of diversion.askers.keys()) this.#context.tell(asker, refusal(diversion.block.digest, reason));
  }

  #end({ block }: Diversion): void {
    this.#diversionByDigest.delete(block.digest);
    this.#context.cancel(timerName(block.digest));
  }

  /** The copy that it stood for is gone, or counts as another: the members offer the block anew. */
  #void({ block }: Pointer): void {
    const { pointers, replicas } = this.#context;
    pointers.delete(block.digest);
    this.#losses.add(this.#context.view().replicaSet(block.key, replicas), block.digest);
  }

  /** A leaf that is no member for the block, by this node's view. */
  #isCandidate(nodeId: NodeId, block: BlockRef): boolean {
    if (!this.#context.isBelievedLeaf(nodeId) || this.#context.ring.isUnreachable(nodeId)) return false;
    return !this.#context.view().replicaSet(block.key, this.#context.replicas).includes(nodeId);
  }

  /**
   * Who has the block, or may have it, and is no member: so nothing need be copied. That is its offerer, or the (k+1)-th
   * closest, which was a member before this node came.
   */
  #likelyHolder(offerer: NodeId, block: BlockRef): NodeId | undefined {
    const line = this.#context.view().replicaSet(block.key, this.#context.replicas + 1);
    return [offerer, ...line].find((nodeId) => this.#isCandidate(nodeId, block));
  }
}

function refusal(digest: string, reason: Refuse['reason']): Refuse {
  return { type: 'refuse', digest, reason };
}

function timerName(digest: string): PastTimer {
  return { kind: 'divert', key: digest };
}
