// What to do about blocks that a peer offers: say that they are here, fetch them, or decline.

import type { NodeId } from '../pastry/id.ts';
import type { Acceptance } from './acceptance.ts';
import { type BlockRef, isNameRecord, MAX_RECORD_BYTES } from './block.ts';
import type { PastContext } from './context.ts';
import type { Diverting } from './diverting.ts';
import type { Handoffs } from './handoffs.ts';
import type { Intake } from './intake.ts';
import type { Lease } from './lease.ts';
import type { LeaseDesk } from './lease-desk.ts';
import type { FinalRefusal, Offer, Refuse } from './messages.ts';
import type { RecordOrigin } from './name-lists.ts';
import type { Offers } from './offers.ts';
import type { Placements } from './placements.ts';
import { type Order, receiptOf } from './receipts.ts';
import type { NodeView } from './replicas.ts';
import type { StoreRequests } from './store-requests.ts';

/** Blocks in an offer up to which somebody is likely waiting for them; longer ones are repair and wait behind these. */
const SHORT_OFFER_BLOCKS = 4;

interface Parts {
  readonly acceptance: Acceptance;
  readonly diverting: Diverting;
  readonly handoffs: Handoffs;
  readonly intake: Intake;
  readonly leaseDesk: LeaseDesk;
  readonly offers: Offers;
  readonly placements: Placements;
  readonly stores: StoreRequests;
}

export class OfferReceiver {
  readonly #context: PastContext;
  readonly #parts: Parts;

  constructor(context: PastContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  receive(from: NodeId, offer: Offer): void {
    const view = this.#context.view();
    if (offer.intent === 'store') {
      for (const block of offer.blocks) this.#store(from, offer, block, view);
    } else {
      this.#replicate(from, offer, view);
    }
    this.#parts.offers.flush();
  }

  #store(from: NodeId, offer: Offer, block: BlockRef, view: NodeView): void {
    const { held, ring } = this.#context;
    const orders = ordersFor(offer, block);
    const isUrgent = offer.blocks.length <= SHORT_OFFER_BLOCKS;
    const members = ring.status === 'active' ? this.#context.ownReplicaSet(view, block.key) : undefined;
    if (members === undefined) return this.#refuse(from, block, 'not-mine');
    // One of its other places: no more room than the first.
    if (this.#hasOtherKey(block)) return this.#refuse(from, block, isNameRecord(block) ? 'not-mine' : 'full');
    const own = orders.find(({ proof }) => (proof?.by ?? this.#context.self) === from);
    const fault = this.#faultOf(block, { nodeId: own?.proof?.by ?? from, isStorer: true });
    if (fault !== undefined) return this.#refuse(from, block, fault);
    if (!this.#isLeased(from, offer, block)) return;
    // Who has no room cannot give it to the others: another member coordinates, and offers it here to be diverted.
    if (!this.#hasRoomFor(block)) return this.#refuse(from, block, 'full');
    this.#parts.placements.watch(block, from, own, view);
    if (!held.has(block.digest)) return this.#want(from, offer, block, isUrgent);
    this.#context.leases.take(block, leasesFor(offer, block));
    this.#parts.placements.placeOthers(block, members, isUrgent);
  }

  #replicate(from: NodeId, offer: Offer, view: NodeView): void {
    const { acceptance, handoffs, placements } = this.#parts;
    const isUrgent = offer.blocks.length <= SHORT_OFFER_BLOCKS;
    const isHeeded = this.#context.heeds(from);
    const viewWithoutOfferer = view.without(from);
    const held: BlockRef[] = [];
    for (const block of offer.blocks) {
      if (this.#hasOtherKey(block)) {
        this.#refuse(from, block, 'not-mine');
      } else if (this.#context.held.has(block.digest)) {
        // Who offers to replicate has a copy, so its offer is also its word for it.
        if (isHeeded) {
          this.#context.known.set(block.digest, from, 'holds');
          if (ordersFor(offer, block).length === 0) this.#context.accounts.share(block.digest, from);
        }
        this.#context.leases.take(block, leasesFor(offer, block));
        if (placements.isWatched(block.digest)) placements.report(block.digest, view);
        const isOwed = acceptance.confirms(block, from, view) || handoffs.isSettled(block.digest);
        if (isOwed || this.#standsIn(block)) held.push(block);
        else this.#refuse(from, block, 'not-mine');
      } else if (acceptance.accepts(block, from, view, viewWithoutOfferer)) {
        const orders = ordersFor(offer, block);
        const storer = orders[0]?.proof?.by;
        const fault = this.#faultOf(block, { nodeId: storer ?? from, isStorer: storer !== undefined });
        if (fault !== undefined) this.#refuse(from, block, fault);
        else if (!this.#isLeased(from, offer, block)) continue;
        else if (this.#hasRoomFor(block)) this.#want(from, offer, block, isUrgent);
        else this.#divert(from, offer, block, view);
      } else {
        this.#refuse(from, block, 'not-mine');
      }
    }
    if (held.length === 0) return;
    const receipts = held.flatMap((block) => ordersFor(offer, block).map(receiptOf));
    this.#context.tell(from, { type: 'holding', digests: held.map(({ digest }) => digest), receipts });
  }

  /** True if a lease keeps a block, or one that came with it would. If not, its offerer hears that, and why. */
  #isLeased(from: NodeId, offer: Offer, block: BlockRef): boolean {
    if (this.#context.leases.wouldKeep(block, leasesFor(offer, block))) return true;
    this.#parts.leaseDesk.tellDeleted(from, block);
    this.#refuse(from, block, 'unleased');
    return false;
  }

  /** A member keeps a pointer; who would only be next in line has none to keep. */
  #divert(from: NodeId, offer: Offer, block: BlockRef, view: NodeView): void {
    if (this.#context.ownReplicaSet(view, block.key) === undefined) return this.#refuse(from, block, 'full');
    const { diversions } = this.#parts.diverting;
    diversions.divert({ block, from, orders: ordersFor(offer, block), leases: leasesFor(offer, block) });
  }

  #want(from: NodeId, offer: Offer, block: BlockRef, isUrgent: boolean): void {
    const { intent } = offer;
    const orders = ordersFor(offer, block);
    const { accounts, self } = this.#context;
    const { intake, stores } = this.#parts;
    const { digest, size } = block;
    const storer = orders[0]?.proof?.by;
    const payer = storer ?? from;
    const isNew = !intake.has(digest);
    // A second node that offers it as repair holds it too.
    if (!isNew && orders.length === 0 && intent === 'replicate') accounts.share(digest, from);
    const sources = stores.isStoring(digest) && from !== self ? [self, from] : [from];
    intake.want(block, sources, from, intent, isUrgent);
    if (intake.has(digest)) this.#context.leases.take(block, leasesFor(offer, block));
    const isCharged = payer !== self && (storer !== undefined || !accounts.isShared(digest, from));
    if (isNew && intake.has(digest) && isCharged) accounts.charge(payer, digest, size, storer !== undefined);
    for (const order of orders) intake.wantReceipt(from, order);
  }

  /** One digest under two keys cannot be kept for both: the first stays, and no copy is claimed for the second. */
  #hasOtherKey(block: BlockRef): boolean {
    const key = this.#context.held.get(block.digest)?.block.key ?? this.#parts.intake.keyOf(block.digest);
    return key !== undefined && key !== block.key;
  }

  /** Why a block cannot be kept that is not here yet; what the bytes of a name record say is checked when they are here. */
  #faultOf(block: BlockRef, origin: RecordOrigin): FinalRefusal | undefined {
    const { accounts, held, self } = this.#context;
    const { digest, size } = block;
    if (held.has(digest)) return undefined;
    const isTooLarge = isNameRecord(block) && size > MAX_RECORD_BYTES;
    if (size === 0 || isTooLarge) return 'malformed';
    if (!held.hasRoomFor(block, origin)) return 'too-many';
    const { nodeId: payer, isStorer } = origin;
    const mayHave = (): boolean =>
      isStorer ? accounts.mayCharge(payer, size) : accounts.mayRepair(payer, digest, size);
    const isPaid = payer === self || this.#parts.intake.has(digest) || mayHave();
    // What has no room here goes elsewhere, and is charged there.
    return isPaid || !this.#hasRoomFor(block) ? undefined : 'full';
  }

  /** Of what a stand-in keeps in this node's place there is a copy already. */
  #hasRoomFor({ digest, size }: BlockRef): boolean {
    const { held, pointers } = this.#context;
    if (held.has(digest) || this.#parts.intake.has(digest)) return true;
    return pointers.get(digest) === undefined && this.#context.hasRoom(size, 'primary');
  }

  #standsIn({ digest }: BlockRef): boolean {
    const held = this.#context.held.get(digest);
    return held !== undefined && this.#parts.diverting.standIns.standsFor(held) !== undefined;
  }

  #refuse(to: NodeId, block: BlockRef, reason: Refuse['reason']): void {
    this.#context.tell(to, { type: 'refuse', digest: block.digest, reason });
  }
}

/** What came with an offer for one of its blocks. */
function ordersFor({ orders }: Offer, { digest, size }: BlockRef): readonly Order[] {
  return orders.filter((order) => order.digest === digest && order.size === size);
}

function leasesFor({ leases }: Offer, { digest }: BlockRef): readonly Lease[] {
  return leases.filter((lease) => lease.digest === digest);
}
