// The other side of replica diversion (PAST, section 3.3.2): a copy that a leaf should hold, and has no room for, is kept here
// in its place. It is kept as long as that leaf asks for it; then it is a copy as any that belongs to others (handoffs.ts).

import { isCloser, type NodeId } from '../pastry/id.ts';
import { type BlockRef, isNameRecord, MAX_RECORD_BYTES } from './block.ts';
import type { PastContext } from './context.ts';
import { RENEW_MS } from './diversions.ts';
import type { HeldBlock } from './held.ts';
import type { Intake } from './intake.ts';
import type { LeaseDesk } from './lease-desk.ts';
import type { Divert, Refuse } from './messages.ts';
import { type Receipt, receiptOf } from './receipts.ts';

/** Without a word of the leaf for which a copy is kept: two of its questions may get lost. */
export const KEPT_MS = 3 * RENEW_MS;

interface Parts {
  readonly intake: Intake;
  readonly leaseDesk: LeaseDesk;
}

export class StandIns {
  readonly #context: PastContext;
  readonly #parts: Parts;

  constructor(context: PastContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** A leaf asks this node to keep blocks in its place. */
  receive(from: NodeId, message: Divert): void {
    const held: string[] = [];
    const receipts: Receipt[] = [];
    for (const block of message.blocks) {
      const reason = this.#faultOf(from, block, message);
      if (reason !== undefined) {
        this.#context.tell(from, { type: 'refuse', digest: block.digest, reason });
      } else if (this.#context.held.has(block.digest)) {
        this.#context.held.standFor(block.digest, { nodeId: from, renewedAt: this.#context.ring.now });
        this.#context.leases.take(block, leasesFor(message, block));
        held.push(block.digest);
        receipts.push(...ordersFor(message, block).map(receiptOf));
      } else {
        this.#want(from, message, block);
      }
    }
    if (held.length > 0) this.#context.tell(from, { type: 'holding', digests: held, receipts });
  }

  /** In whose place a held copy is kept; undefined if it is in nobody's. */
  standsFor({ block, standsFor }: HeldBlock): NodeId | undefined {
    const { ring } = this.#context;
    if (standsFor === undefined || ring.now - standsFor.renewedAt >= KEPT_MS) return undefined;
    const { nodeId } = standsFor;
    return this.#context.isBelievedLeaf(nodeId) && this.#isOf(nodeId, block) ? nodeId : undefined;
  }

  /** It is dead, or has come back and knows of no copy here. */
  nodeFailed(nodeId: NodeId): void {
    for (const { block, standsFor } of this.#context.held.all())
      if (standsFor?.nodeId === nodeId) this.#context.held.standFor(block.digest, undefined);
  }

  /** Why a copy is not kept here in the place of `from`; undefined: it is, or will be. */
  #faultOf(from: NodeId, block: BlockRef, message: Divert): Refuse['reason'] | undefined {
    const { held, ring } = this.#context;
    const isOurs = this.#context.ownReplicaSet(this.#context.view(), block.key) !== undefined;
    if (ring.status !== 'active' || isOurs || !this.#context.isBelievedLeaf(from)) return 'not-mine';
    if (!this.#isOf(from, block)) return 'not-mine';
    const copy = held.get(block.digest);
    if (copy !== undefined) {
      // One copy in two places would count twice.
      const other = this.standsFor(copy);
      return copy.block.key !== block.key || (other !== undefined && other !== from) ? 'full' : undefined;
    }
    return message.source === undefined ? 'not-mine' : this.#faultOfNew(from, block, message);
  }

  #faultOfNew(from: NodeId, block: BlockRef, message: Divert): Refuse['reason'] | undefined {
    const { accounts, held, leases } = this.#context;
    const { intake, leaseDesk } = this.#parts;
    const { digest, key, size } = block;
    if (size === 0 || (isNameRecord(block) && size > MAX_RECORD_BYTES)) return 'malformed';
    const storer = ordersFor(message, block)[0]?.proof?.by;
    const payer = storer ?? from;
    if (!held.hasRoomFor(block, { nodeId: payer, isStorer: storer !== undefined })) return 'too-many';
    if (!leases.wouldKeep(block, leasesFor(message, block))) {
      leaseDesk.tellDeleted(from, block);
      return 'unleased';
    }
    if (intake.has(digest)) {
      const isOthers = intake.standsFor(digest).some((other) => other !== from);
      return isOthers || intake.keyOf(digest) !== key ? 'full' : undefined;
    }
    return accounts.mayCharge(payer, size) && this.#context.hasRoom(size, 'diverted') ? undefined : 'full';
  }

  #want(from: NodeId, message: Divert, block: BlockRef): void {
    const { accounts, leases, self } = this.#context;
    const { intake } = this.#parts;
    const { digest, size } = block;
    const orders = ordersFor(message, block);
    const storer = orders[0]?.proof?.by;
    const payer = storer ?? from;
    const isNew = !intake.has(digest);
    intake.want(block, message.source === undefined ? [] : [message.source], from, 'divert', true);
    if (!intake.has(digest)) return;
    leases.take(block, leasesFor(message, block));
    if (isNew && payer !== self) accounts.charge(payer, digest, size, storer !== undefined);
    for (const order of orders) intake.wantReceipt(from, order);
  }

  /** A leaf may divert what is its own to keep, as far as this node can tell. */
  #isOf(nodeId: NodeId, { key }: BlockRef): boolean {
    const { replicas, ring, self } = this.#context;
    if (!ring.covers(key)) return isCloser(key, nodeId, self);
    return this.#context.view().replicaSet(key, replicas).includes(nodeId);
  }
}

function ordersFor({ orders }: Divert, { digest, size }: BlockRef) {
  return orders.filter((order) => order.digest === digest && order.size === size);
}

function leasesFor({ leases }: Divert, { digest }: BlockRef) {
  return leases.filter((lease) => lease.digest === digest);
}
