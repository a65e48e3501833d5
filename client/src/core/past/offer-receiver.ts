// What to do about blocks that a peer offers: say that they are here, fetch them, or decline.

import type { NodeId } from '../pastry/id.ts';
import type { Acceptance } from './acceptance.ts';
import { type BlockRef, isNameRecord, MAX_RECORD_BYTES } from './block.ts';
import type { PastContext } from './context.ts';
import type { Handoffs } from './handoffs.ts';
import type { Intake } from './intake.ts';
import type { Offer, Refuse } from './messages.ts';
import type { Offers } from './offers.ts';
import type { Placements } from './placements.ts';
import type { NodeView } from './replicas.ts';
import type { StoreRequests } from './store-requests.ts';

/** Blocks in an offer up to which somebody is likely waiting for them; longer ones are repair and wait behind these. */
const SHORT_OFFER_BLOCKS = 4;

interface Parts {
  readonly acceptance: Acceptance;
  readonly handoffs: Handoffs;
  readonly intake: Intake;
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

  receive(from: NodeId, { blocks, intent }: Offer): void {
    const view = this.#context.view();
    const isUrgent = blocks.length <= SHORT_OFFER_BLOCKS;
    if (intent === 'store') {
      for (const block of blocks) this.#store(from, block, view, isUrgent);
    } else {
      this.#replicate(from, blocks, view, isUrgent);
    }
    this.#parts.offers.flush();
  }

  /** Offers a held block to the members of its replica set that are not known to have it or to refuse it. */
  placeOthers(block: BlockRef, members: readonly NodeId[], isUrgent: boolean): void {
    for (const member of members) {
      if (member === this.#context.self || this.#context.known.get(block.digest, member) !== undefined) continue;
      if (isUrgent) this.#parts.offers.offerNow(member, block, 'replicate');
      else this.#parts.offers.add(member, block.digest, 'replicate');
    }
  }

  #store(from: NodeId, block: BlockRef, view: NodeView, isUrgent: boolean): void {
    const { held, ring } = this.#context;
    const members = ring.status === 'active' ? this.#context.ownReplicaSet(view, block.key) : undefined;
    if (members === undefined || this.#hasOtherKey(block)) {
      this.#refuse(from, block, 'not-mine');
      return;
    }
    const fault = this.#recordFault(block);
    if (fault !== undefined) return this.#refuse(from, block, fault);
    this.#parts.placements.watch(block, from, view);
    if (held.has(block.digest)) this.placeOthers(block, members, isUrgent);
    else this.#want(from, block, 'store', isUrgent);
  }

  #replicate(from: NodeId, blocks: readonly BlockRef[], view: NodeView, isUrgent: boolean): void {
    const { acceptance, handoffs, placements } = this.#parts;
    const isLeaf = this.#context.isLeaf(from);
    const viewWithoutOfferer = view.without(from);
    const digestsHeld: string[] = [];
    for (const block of blocks) {
      if (this.#hasOtherKey(block)) {
        this.#refuse(from, block, 'not-mine');
      } else if (this.#context.held.has(block.digest)) {
        // Who offers to replicate has a copy, so its offer is also its word for it.
        if (isLeaf) this.#context.known.set(block.digest, from, 'holds');
        if (placements.isWatched(block.digest)) placements.report(block.digest, view);
        if (acceptance.vouches(block, from, view) || handoffs.isSettled(block.digest)) digestsHeld.push(block.digest);
        else this.#refuse(from, block, 'not-mine');
      } else if (acceptance.accepts(block, from, view, viewWithoutOfferer)) {
        const fault = this.#recordFault(block);
        if (fault !== undefined) this.#refuse(from, block, fault);
        else this.#want(from, block, 'replicate', isUrgent);
      } else {
        this.#refuse(from, block, 'not-mine');
      }
    }
    if (digestsHeld.length > 0) this.#context.tell(from, { type: 'holding', digests: digestsHeld });
  }

  #want(from: NodeId, block: BlockRef, intent: Offer['intent'], isUrgent: boolean): void {
    const { self } = this.#context;
    const sources = this.#parts.stores.isStoring(block.digest) && from !== self ? [self, from] : [from];
    this.#parts.intake.want(block, sources, from, intent, isUrgent);
  }

  /** One digest under two keys cannot be kept for both: the first stays, and no copy is claimed for the second. */
  #hasOtherKey(block: BlockRef): boolean {
    const key = this.#context.held.get(block.digest)?.block.key ?? this.#parts.intake.keyOf(block.digest);
    return key !== undefined && key !== block.key;
  }

  /** What is wrong with a block as a name record; what its bytes say is checked when they are here. */
  #recordFault(block: BlockRef): 'too-many' | 'malformed' | undefined {
    const { held } = this.#context;
    if (!isNameRecord(block) || held.has(block.digest)) return undefined;
    if (block.size === 0 || block.size > MAX_RECORD_BYTES) return 'malformed';
    return held.hasRoomFor(block) ? undefined : 'too-many';
  }

  #refuse(to: NodeId, block: BlockRef, reason: Refuse['reason']): void {
    this.#context.tell(to, { type: 'refuse', digest: block.digest, reason });
  }
}
