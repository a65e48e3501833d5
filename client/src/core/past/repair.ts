// Keeps every held block on its replica set (PAST, section 3.5): soon after each change of the leaf set and once a
// minute, what is held is compared with who should hold it, and what is not known to be there is offered.

import type { Instant } from '../io.ts';
import type { PastContext } from './context.ts';
import type { Diverting } from './diverting.ts';
import { DROP_GRACE_MS } from './drop-judgement.ts';
import type { Handoffs } from './handoffs.ts';
import type { HeldBlock } from './held.ts';
import type { Offers } from './offers.ts';
import type { Placements } from './placements.ts';
import { RangeDigests } from './range-digests.ts';
import type { NodeView } from './replicas.ts';
import type { SpotChecks } from './spot-checks.ts';
import type { Tombstones } from './tombstones.ts';

/** Changes of the leaf set come in groups; one pass answers for all of a group. */
const DEBOUNCE_MS = 200;
/** How soon a joining node looks whether it is active by now. */
const INACTIVE_RETRY_MS = 1_000;
/** Anti-entropy: the unconfirmed are offered again, in case an offer or its answer was lost. */
export const ROUND_MS = 60_000;
/** Every fifth round also asks after confirmed copies, by digests, and who had no room: what a holder knows to be lost, and could not
 * tell, is missing for five minutes at most. Who refused by its view of the ring is asked again in each: views become one. */
const ROUNDS_TO_RECONFIRM = 5;

interface Parts {
  readonly offers: Offers;
  readonly placements: Placements;
  readonly handoffs: Handoffs;
  readonly diverting: Diverting;
  readonly spotChecks: SpotChecks;
  readonly tombstones: Tombstones;
}

export class Repair {
  readonly ranges: RangeDigests;
  readonly #context: PastContext;
  readonly #offers: Offers;
  readonly #placements: Placements;
  readonly #handoffs: Handoffs;
  readonly #diverting: Diverting;
  readonly #spotChecks: SpotChecks;
  readonly #tombstones: Tombstones;
  #changedAt: Instant = 0;
  #rounds = 0;

  constructor(context: PastContext, { offers, placements, handoffs, diverting, spotChecks, tombstones }: Parts) {
    this.#context = context;
    this.#offers = offers;
    this.ranges = new RangeDigests(context, offers);
    this.#placements = placements;
    this.#handoffs = handoffs;
    this.#diverting = diverting;
    this.#spotChecks = spotChecks;
    this.#tombstones = tombstones;
  }

  start(): void {
    this.#changedAt = this.#context.ring.now;
    this.soon();
    this.keepUp();
  }

  /** Rounds are made while there is anything to keep: a node that holds nothing has nothing to do. */
  keepUp(): void {
    if (!this.#context.isWaiting({ kind: 'repair-round' })) this.#scheduleRound();
  }

  leafSetChanged(): void {
    this.#changedAt = this.#context.ring.now;
    this.#context.known.forgetRefusals();
    this.#handoffs.reset();
    this.soon();
    this.#context.after({ kind: 'repair-settled' }, DROP_GRACE_MS, () => this.#pass(false));
  }

  /** One pass in a moment. Not put off by further calls: constant churn must not stop repair. */
  soon(): void {
    if (!this.#context.isWaiting({ kind: 'repair-soon' }))
      this.#context.after({ kind: 'repair-soon' }, DEBOUNCE_MS, () => this.#pass(false));
  }

  /** When the leaf set last changed, or this node started. */
  get changedAt(): Instant {
    return this.#changedAt;
  }

  stop(): void {
    for (const kind of ['repair-soon', 'repair-settled', 'repair-round'] as const) this.#context.cancel({ kind });
  }

  #scheduleRound(): void {
    this.#context.after({ kind: 'repair-round' }, ROUND_MS, () => {
      this.#rounds += 1;
      const reconfirms = this.#rounds % ROUNDS_TO_RECONFIRM === 0;
      const { known } = this.#context;
      if (reconfirms) known.forgetRefusals();
      else known.forgetRefusals('not-mine');
      if (reconfirms) this.#handoffs.renew();
      if (reconfirms) this.#diverting.diversions.renew();
      this.#placements.expire();
      this.ranges.expire();
      this.#spotChecks.checkOne();
      this.#pass(reconfirms);
      if (this.#placements.size > 0 || this.#context.held.all().length > 0 || this.#context.leases.size > 0)
        this.keepUp();
    });
  }

  #pass(reconfirms: boolean): void {
    if (this.#context.ring.status !== 'active') {
      this.#context.after({ kind: 'repair-soon' }, INACTIVE_RETRY_MS, () => this.#pass(reconfirms));
      return;
    }
    const view = this.#context.view();
    for (const held of this.#context.held.all()) this.#compare(held, view, reconfirms);
    this.#tombstones.handOn(view);
    this.#offers.flush();
    this.ranges.flush();
  }

  #compare(held: HeldBlock, view: NodeView, reconfirms: boolean): void {
    const { known, ring, self } = this.#context;
    const { block } = held;
    const members = this.#context.ownReplicaSet(view, block.key);
    held.displacedAt = members === undefined ? (held.displacedAt ?? ring.now) : undefined;
    const others = ring.covers(block.key) ? view.replicaSet(block.key, this.#context.replicas) : undefined;
    const standsFor = members === undefined ? this.#diverting.standIns.standsFor(held) : undefined;
    if (members === undefined && standsFor === undefined) return this.#handoffs.pursue(block, others);
    // Who stands in for a member sees to the others as that would. If it does not see them all, and they only point as its own
    // does, nobody else might: it asks the ring for them, as for a copy that belongs to others, and keeps it.
    const seesAll = members !== undefined || this.#context.wholeReplicaSet(view, block.key) !== undefined;
    if (seesAll) this.#handoffs.forget(block.digest);
    else this.#handoffs.pursue(block, undefined);
    const all = members ?? others ?? [];
    known.keepOnly(block.digest, all);
    for (const member of all) {
      if (member === self || member === standsFor) continue;
      const state = known.get(block.digest, member);
      // Who stands in shares nothing with the members by their view, in which it is none.
      const isShared = members !== undefined && state === 'holds';
      if (reconfirms && isShared) this.ranges.add(member, block);
      else if (reconfirms || state === undefined) this.#offers.add(member, block.digest, 'replicate');
    }
    this.#placements.report(block.digest, view);
  }
}
