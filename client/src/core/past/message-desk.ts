// Hands each message of another node's storage layer to the part that knows about it.

import { unreachable } from '../assert.ts';
import type { NodeId } from '../pastry/id.ts';
import type { BeyondExchange } from './beyond-exchange.ts';
import type { PastContext } from './context.ts';
import type { CopyCounts } from './copy-counts.ts';
import type { Diverting } from './diverting.ts';
import type { Handoffs } from './handoffs.ts';
import type { HoldingProofs } from './holding-proofs.ts';
import type { Leasing } from './leasing.ts';
import type { Leaving } from './leaving.ts';
import type { ListRequests } from './list-requests.ts';
import type { Copies, Divert, PastMessage } from './messages.ts';
import type { OfferReceiver } from './offer-receiver.ts';
import type { Offers } from './offers.ts';
import type { PeerAnswers } from './peer-answers.ts';
import type { Repair } from './repair.ts';
import type { StoreRequests } from './store-requests.ts';
import type { Verification } from './verification.ts';

interface Parts {
  readonly answers: PeerAnswers;
  readonly beyond: BeyondExchange;
  readonly counts: CopyCounts;
  readonly diverting: Diverting;
  readonly handoffs: Handoffs;
  readonly leasing: Leasing;
  readonly leaving: Leaving;
  readonly lists: ListRequests;
  readonly offers: Offers;
  readonly proofs: HoldingProofs;
  readonly receiver: OfferReceiver;
  readonly repair: Repair;
  readonly stores: StoreRequests;
  readonly verification: Verification;
}

export class MessageDesk {
  readonly #context: PastContext;
  readonly #parts: Parts;

  constructor(context: PastContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Takes a message from the node at the other end of a link. Nothing in it can make this throw. */
  receive(from: NodeId, message: PastMessage): void {
    const { answers, beyond, counts, diverting, leasing, leaving, lists, proofs, receiver, repair, verification } =
      this.#parts;
    switch (message.type) {
      case 'offer':
        // Its own stores go on: the leave waits for their quorum.
        if (!leaving.isLeaving || from === this.#context.self) receiver.receive(from, message);
        else
          for (const { digest } of message.blocks)
            this.#context.tell(from, { type: 'refuse', digest, reason: 'not-mine' });
        return;
      case 'holding':
        return answers.holding(from, message);
      case 'refuse':
        return answers.refused(from, message);
      case 'copies':
        return this.#copies(from, message);
      case 'prove':
        if (!this.#context.held.has(message.digest)) leasing.desk.tellOfDeletion(from, message.digest);
        return proofs.asked(from, message);
      case 'proof':
        return proofs.answered(from, message);
      case 'lost':
        return answers.lost(from, message.digests);
      case 'bad-copy':
        return verification.badCopy(message.digest);
      case 'holds?':
        return counts.asked(from, message);
      case 'holds':
        counts.answered(from, message);
        return answers.missing(from, message.missing);
      case 'leases':
        return leasing.desk.receive(from, message);
      case 'leased':
        leasing.requests.answered(from, message);
        return leasing.tombstones.answered(from, message);
      case 'clock?':
        return leasing.clocks.asked(from, message.nonce);
      case 'clock':
        return leasing.clocks.answered(from, message);
      case 'records?':
        return lists.asked(from, message.key);
      case 'records':
        return lists.answered(from, message);
      case 'room?':
        return diverting.survey.asked(from);
      case 'room':
        return diverting.survey.answered(from, message.freeBytes);
      case 'divert':
        return this.#divert(from, message);
      case 'diverted':
        return answers.diverted(from, message);
      case 'ranges':
        // Nothing is shared for long with who leaves.
        if (!leaving.isLeaving) repair.ranges.asked(from, message);
        return;
      case 'ranges-differ':
        return repair.ranges.answered(from, message);
      case 'beyond?':
        return beyond.asked(from, message.side);
      case 'beyond':
        return beyond.answered(from, message);
      default:
        unreachable(message);
    }
  }

  #divert(from: NodeId, message: Divert): void {
    if (!this.#parts.leaving.isLeaving) return this.#parts.diverting.standIns.receive(from, message);
    for (const { digest } of message.blocks) this.#context.tell(from, { type: 'refuse', digest, reason: 'not-mine' });
  }

  #copies(from: NodeId, message: Copies): void {
    const { handoffs, leaving, offers, stores } = this.#parts;
    if (message.holders.length > 0) offers.answered(from, message.digest);
    stores.copies(from, message);
    handoffs.copies(from, message);
    if (message.holders.some((holder) => holder !== this.#context.self)) leaving.rooted(message.digest);
  }
}
