// What happens when a copy has come to this node, did not come, went bad, or may go (drop-judgement.ts).

import type { PullFailure } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { Acceptance } from './acceptance.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { Diverting } from './diverting.ts';
import { type DropVerdict, judgeDrop } from './drop-judgement.ts';
import type { HandoffProgress } from './handoff.ts';
import type { Handoffs } from './handoffs.ts';
import type { Wanted } from './intake-queue.ts';
import type { Lease } from './lease.ts';
import type { LeaseDesk } from './lease-desk.ts';
import type { Leaving } from './leaving.ts';
import type { LossNotices } from './loss-notices.ts';
import type { FinalRefusal } from './messages.ts';
import type { RecordOrigin } from './name-lists.ts';
import type { Offers } from './offers.ts';
import type { Placements } from './placements.ts';
import { receiptOf } from './receipts.ts';
import type { Repair } from './repair.ts';
import type { Verification } from './verification.ts';

interface Parts {
  readonly acceptance: Acceptance;
  readonly diverting: Diverting;
  readonly handoffs: Handoffs;
  readonly leaseDesk: LeaseDesk;
  readonly leaving: Leaving;
  readonly losses: LossNotices;
  readonly offers: Offers;
  readonly placements: Placements;
  readonly repair: Repair;
  readonly verification: Verification;
}

export class LocalCopies {
  readonly #context: PastContext;
  readonly #parts: Parts;

  constructor(context: PastContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** A block is durably on the disk: whoever offered it hears so, and the others are offered it. */
  kept(wanted: Wanted, source: NodeId): void {
    const { block, lane } = wanted;
    const { held, ring, self } = this.#context;
    const { losses, offers, placements, repair } = this.#parts;
    const origin = originOf(wanted, source);
    if (!held.hasRoomFor(block, origin)) {
      // Others came while it was on its way.
      ring.emit({ type: 'drop', digest: block.digest });
      this.#refuse(wanted, 'too-many');
      return;
    }
    if (!this.#context.leases.isLiving(block.digest)) {
      // Deleted while it was on its way.
      ring.emit({ type: 'drop', digest: block.digest });
      this.#context.leases.forget(block.digest);
      for (const asker of wanted.askers.keys()) this.#parts.leaseDesk.tellDeleted(asker, block);
      this.#refuse(wanted, 'unleased');
      return;
    }
    const displaced = held.displacedBy(block, origin);
    if (displaced !== undefined) this.#displace(displaced);
    held.add(block, ring.now, origin);
    this.#context.accounts.arrived(block.digest);
    this.#context.pointers.delete(block.digest);
    repair.keepUp();
    losses.forget(block.digest);
    this.#context.trace('held', block, source === self ? undefined : source);
    this.#answer(wanted);
    const view = this.#context.view();
    const members = this.#context.ownReplicaSet(view, block.key);
    const isPlacedHere = placements.isWatched(block.digest) || view.closest(block.key) === self;
    placements.report(block.digest, view);
    if (members === undefined || !isPlacedHere) return;
    placements.placeOthers(block, members, lane !== 'bulk');
    offers.flush();
  }

  /** A block did not come, and there is no other source. */
  notKept(wanted: Wanted, reason: PullFailure): void {
    const { accounts, held, leases } = this.#context;
    const { digest } = wanted.block;
    const known = leases.of(digest);
    accounts.release(digest);
    if (!held.has(digest)) leases.forget(digest);
    if (reason === 'full') this.#divert(wanted, known);
    else if (reason === 'malformed') this.#refuse(wanted, reason);
    // Whose copy it was to be must find it another place.
    else
      for (const [asker, { intent }] of wanted.askers) if (intent === 'divert') this.#refuseTo(asker, digest, 'full');
  }

  /** The disk did not take a block, whatever it said of its room: it goes elsewhere, as if it had been known before. */
  #divert(wanted: Wanted, leases: readonly Lease[]): void {
    const { block, askers } = wanted;
    if (this.#context.ownReplicaSet(this.#context.view(), block.key) === undefined) return this.#refuse(wanted, 'full');
    this.#parts.placements.forget(block.digest);
    for (const [from, { intent, orders }] of askers) {
      if (intent !== 'replicate') this.#refuseTo(from, block.digest, 'full');
      else this.#parts.diverting.diversions.divert({ block, from, orders: [...orders.values()], leases });
    }
  }

  /** The driver found a copy gone or wrong, and removed it. */
  lost(digest: string): void {
    const { held, known, replicas } = this.#context;
    const lost = held.get(digest)?.block;
    if (lost === undefined) return;
    const members = this.#context.view().replicaSet(lost.key, replicas);
    this.#parts.losses.add(new Set([...members, ...known.holders(digest)]), digest);
    this.#forget(lost);
    this.#context.trace('lost', lost, undefined);
  }

  /** Its owners have deleted a held block, or their time is over. */
  ended(block: BlockRef, how: 'deleted' | 'ended'): void {
    this.#forget(block);
    this.#parts.placements.forget(block.digest);
    this.#context.leases.forget(block.digest);
    this.#context.ring.emit({ type: 'drop', digest: block.digest });
    this.#context.trace(how, block, undefined);
  }

  /** The disk holds these blocks, and no others. */
  onDisk(blocks: readonly BlockRef[]): void {
    const { held, leases, pointers, ring } = this.#context;
    const digests = new Set(blocks.map(({ digest }) => digest));
    for (const { block } of held.all()) if (!digests.has(block.digest)) this.lost(block.digest);
    for (const block of blocks) {
      if (held.has(block.digest)) continue;
      pointers.delete(block.digest);
      held.add(block, ring.now);
      leases.adopt(block);
      leases.keepAgain(block.digest);
      this.#context.trace('held', block, undefined);
    }
    this.#parts.repair.keepUp();
    this.#parts.repair.soon();
  }

  /** Enough others say that they hold a block, or have proved it: drops this copy if it may go, or lets them prove it. */
  handedOff(block: BlockRef): void {
    const { acceptance, handoffs, losses } = this.#parts;
    const progress = handoffs.progress(block.digest);
    if (progress === undefined) return;
    const verdict = this.#judge(block, progress);
    if (verdict === 'prove') handoffs.prove(block.digest);
    if (verdict !== 'drop') return;
    losses.add(progress.named, block.digest);
    this.#forget(block);
    acceptance.dropped(block.digest, progress.root);
    this.#context.leases.forget(block.digest);
    this.#context.ring.emit({ type: 'drop', digest: block.digest });
    this.#context.trace('dropped', block, undefined);
  }

  #judge(block: BlockRef, progress: HandoffProgress): DropVerdict {
    const { held, replicas, ring } = this.#context;
    const { leaving, repair } = this.#parts;
    const copy = held.get(block.digest);
    if (copy === undefined) return 'keep';
    return judgeDrop({
      ...progress,
      now: ring.now,
      isIn: ring.status === 'active' && !leaving.isLeaving,
      isMember: this.#context.ownReplicaSet(this.#context.view(), block.key) !== undefined,
      standsIn: this.#parts.diverting.standIns.standsFor(copy) !== undefined,
      ...{ since: copy.since, displacedAt: copy.displacedAt, changedAt: repair.changedAt, wanted: replicas },
    });
  }

  #answer({ block, askers }: Wanted): void {
    const { held, known, ring } = this.#context;
    for (const [asker, { intent, orders }] of askers) {
      if (intent === 'store') continue;
      if (intent === 'divert') held.standFor(block.digest, { nodeId: asker, renewedAt: ring.now });
      else if (this.#context.heeds(asker)) known.set(block.digest, asker, 'holds');
      const receipts = [...orders.values()].map(receiptOf);
      this.#context.tell(asker, { type: 'holding', digests: [block.digest], receipts });
    }
  }

  /** A block without a copy here cannot be placed elsewhere from here: who asked hears it. */
  #refuse({ block, askers }: Wanted, reason: FinalRefusal): void {
    this.#context.accounts.release(block.digest);
    this.#parts.placements.forget(block.digest);
    for (const asker of askers.keys()) this.#refuseTo(asker, block.digest, reason);
  }

  #refuseTo(asker: NodeId, digest: string, reason: FinalRefusal): void {
    this.#context.tell(asker, { type: 'refuse', digest, reason });
  }

  /** A name record goes for another, for which there would be no place under the name. */
  #displace(record: BlockRef): void {
    this.#forget(record);
    this.#context.leases.forget(record.digest);
    this.#context.ring.emit({ type: 'drop', digest: record.digest });
    this.#context.trace('dropped', record, undefined);
  }

  #forget({ digest }: BlockRef): void {
    this.#context.held.delete(digest);
    this.#context.known.forgetDigest(digest);
    this.#context.accounts.release(digest);
    this.#parts.handoffs.forget(digest);
    this.#parts.verification.forget(digest);
  }
}

/** By whom a block came: who ordered it or stores it, else who had a copy. */
function originOf({ askers }: Wanted, source: NodeId): RecordOrigin {
  for (const [asker, { intent, orders }] of askers) {
    for (const { proof } of orders.values()) if (proof !== undefined) return { nodeId: proof.by, isStorer: true };
    if (intent === 'store') return { nodeId: asker, isStorer: true };
  }
  return { nodeId: source, isStorer: false };
}
