// Keeps every held block on its replica set (PAST, section 3.5): soon after each change of the leaf set and once a
// minute, what is held is compared with who should hold it, and what is not known to be there is offered.

import type { Instant } from '../io.ts';
import type { PastContext } from './context.ts';
import { DROP_GRACE_MS, type Handoffs } from './handoffs.ts';
import type { HeldBlock } from './held.ts';
import type { Offers } from './offers.ts';
import type { Placements } from './placements.ts';
import type { NodeView } from './replicas.ts';

/** Changes of the leaf set come in groups; one pass answers for all of a group. */
const DEBOUNCE_MS = 200;
/** How soon a joining node looks whether it is active by now. */
const INACTIVE_RETRY_MS = 1_000;
/** Anti-entropy: the unconfirmed are offered again, in case an offer or its answer was lost. */
export const ROUND_MS = 60_000;
/** Every fifth round also asks after confirmed copies, so that a silent loss lasts five minutes at most. */
const ROUNDS_TO_RECONFIRM = 5;

export class Repair {
  readonly #context: PastContext;
  readonly #offers: Offers;
  readonly #placements: Placements;
  readonly #handoffs: Handoffs;
  #changedAt: Instant = 0;
  #rounds = 0;

  constructor(context: PastContext, offers: Offers, placements: Placements, handoffs: Handoffs) {
    this.#context = context;
    this.#offers = offers;
    this.#placements = placements;
    this.#handoffs = handoffs;
  }

  start(): void {
    this.#changedAt = this.#context.ring.now;
    this.soon();
    this.keepUp();
  }

  /** Rounds are made while there is anything to keep: a node that holds nothing has nothing to do. */
  keepUp(): void {
    if (!this.#context.isWaiting('repair-round')) this.#scheduleRound();
  }

  leafSetChanged(): void {
    this.#changedAt = this.#context.ring.now;
    this.#context.known.forgetRefusals();
    this.#handoffs.reset();
    this.soon();
    this.#context.after('repair-settled', DROP_GRACE_MS, () => this.#pass(false));
  }

  /** One pass in a moment. Not put off by further calls: constant churn must not stop repair. */
  soon(): void {
    if (!this.#context.isWaiting('repair-soon'))
      this.#context.after('repair-soon', DEBOUNCE_MS, () => this.#pass(false));
  }

  /** True if this node may drop the block, as far as time and status go. */
  mayDrop({ since }: HeldBlock): boolean {
    const { ring } = this.#context;
    return ring.status === 'active' && ring.now - Math.max(since, this.#changedAt) >= DROP_GRACE_MS;
  }

  stop(): void {
    for (const name of ['repair-soon', 'repair-settled', 'repair-round']) this.#context.cancel(name);
  }

  #scheduleRound(): void {
    this.#context.after('repair-round', ROUND_MS, () => {
      this.#rounds += 1;
      const reconfirms = this.#rounds % ROUNDS_TO_RECONFIRM === 0;
      if (reconfirms) {
        this.#context.known.forgetRefusals();
        this.#handoffs.reset();
      }
      this.#placements.expire();
      this.#pass(reconfirms);
      if (this.#placements.size > 0 || this.#context.held.all().length > 0) this.keepUp();
    });
  }

  #pass(reconfirms: boolean): void {
    if (this.#context.ring.status !== 'active') {
      this.#context.after('repair-soon', INACTIVE_RETRY_MS, () => this.#pass(reconfirms));
      return;
    }
    const view = this.#context.view();
    for (const held of this.#context.held.all()) this.#compare(held, view, reconfirms);
    this.#offers.flush();
  }

  #compare({ block }: HeldBlock, view: NodeView, reconfirms: boolean): void {
    const { known, ring, self } = this.#context;
    const members = this.#context.ownReplicaSet(view, block.key);
    if (members === undefined) {
      this.#handoffs.pursue(block, ring.covers(block.key) ? view.closest(block.key) : undefined);
      return;
    }
    this.#handoffs.forget(block.digest);
    known.keepOnly(block.digest, members);
    for (const member of members) {
      if (member === self) continue;
      if (reconfirms || known.get(block.digest, member) === undefined) {
        this.#offers.add(member, block.digest, 'replicate');
      }
    }
    this.#placements.report(block.digest, view);
  }
}
