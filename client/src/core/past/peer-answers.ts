// What peers say about copies: that they hold one, that they will not, that theirs is gone.

import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';
import type { Handoffs } from './handoffs.ts';
import type { Leaving } from './leaving.ts';
import type { Refuse } from './messages.ts';
import type { Offers } from './offers.ts';
import type { Placements } from './placements.ts';
import type { StoreRequests } from './store-requests.ts';

interface Parts {
  readonly handoffs: Handoffs;
  readonly leaving: Leaving;
  readonly offers: Offers;
  readonly placements: Placements;
  readonly stores: StoreRequests;
}

export class PeerAnswers {
  readonly #context: PastContext;
  readonly #parts: Parts;

  constructor(context: PastContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  holding(from: NodeId, digests: readonly string[]): void {
    const { held, known } = this.#context;
    const { handoffs, leaving, offers, placements } = this.#parts;
    const isLeaf = this.#context.isLeaf(from);
    const view = this.#context.view();
    for (const digest of digests) {
      const block = held.get(digest)?.block;
      offers.answered(from, digest);
      if (block === undefined) continue;
      const isNews = known.get(digest, from) !== 'holds';
      if (isLeaf) known.set(digest, from, 'holds');
      placements.report(digest, view);
      const isHandedOff = handoffs.holding(from, digest);
      if (isHandedOff || (isNews && isLeaf && leaving.isLeaving)) this.#context.trace('handed-over', block, from);
      leaving.answered(from, digest);
    }
  }

  refused(from: NodeId, message: Refuse): void {
    const { digest, reason } = message;
    const { handoffs, leaving, offers, placements, stores } = this.#parts;
    stores.refused(from, message);
    offers.answered(from, digest);
    handoffs.refused(from, message);
    if (this.#context.held.has(digest) && this.#context.isLeaf(from)) {
      this.#context.known.set(digest, from, reason);
      if (reason !== 'not-mine') placements.refused(digest, from, reason, this.#context.view());
    }
    leaving.answered(from, digest);
    leaving.rooted(digest);
  }

  lost(from: NodeId, digests: readonly string[]): void {
    const { held, known, self } = this.#context;
    const { handoffs, offers } = this.#parts;
    const view = this.#context.view();
    for (const digest of digests) {
      const block = held.get(digest)?.block;
      if (block === undefined) continue;
      known.forget(digest, from);
      handoffs.lost(from, digest);
      const members = this.#context.ownReplicaSet(view, block.key);
      // Who cannot judge offers too: the loser may be the root, and a copy that it does not want it declines.
      if (from !== self && (members === undefined || members.includes(from))) offers.add(from, digest, 'replicate');
    }
    offers.flush();
  }
}
