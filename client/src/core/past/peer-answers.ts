// What peers say about copies, or fail to show: that they hold one, that they will not, that theirs is gone.

import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';
import type { CopyCounts } from './copy-counts.ts';
import type { Diverting } from './diverting.ts';
import type { Handoffs } from './handoffs.ts';
import type { Challenge } from './holding-proofs.ts';
import type { Leaving } from './leaving.ts';
import type { Diverted, Holding, Refuse } from './messages.ts';
import type { Offers } from './offers.ts';
import type { Placements } from './placements.ts';
import type { Repair } from './repair.ts';
import type { Failure } from './reputation.ts';
import type { SpotChecks } from './spot-checks.ts';
import type { StoreRequests } from './store-requests.ts';

interface Parts {
  readonly counts: CopyCounts;
  readonly diverting: Diverting;
  readonly handoffs: Handoffs;
  readonly leaving: Leaving;
  readonly offers: Offers;
  readonly placements: Placements;
  readonly repair: Repair;
  readonly spotChecks: SpotChecks;
  readonly stores: StoreRequests;
}

export class PeerAnswers {
  readonly #context: PastContext;
  readonly #parts: Parts;

  constructor(context: PastContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  holding(from: NodeId, message: Holding): void {
    const { digests, receipts } = message;
    this.#parts.diverting.diversions.holding(from, message);
    const { held, known } = this.#context;
    const { handoffs, leaving, offers, placements, spotChecks } = this.#parts;
    const isHeeded = this.#context.heeds(from);
    const view = this.#context.view();
    if (isHeeded) for (const receipt of receipts) placements.receipt(from, receipt);
    for (const digest of digests) {
      const block = held.get(digest)?.block;
      offers.answered(from, digest);
      if (block === undefined) continue;
      const isNews = known.get(digest, from) !== 'holds';
      if (isHeeded) known.set(digest, from, 'holds');
      if (isHeeded && isNews) spotChecks.claimed(from, digest);
      placements.report(digest, view);
      const isHandedOff = handoffs.holding(from, digest);
      if (isHandedOff || (isNews && isHeeded && leaving.isLeaving)) this.#context.trace('handed-over', block, from);
      leaving.answered(from, digest);
    }
  }

  /** Another node holds a block in the place of this leaf, as that says. */
  diverted(from: NodeId, message: Diverted): void {
    const { digest, target, receipts } = message;
    const { diverting, handoffs, offers, placements } = this.#parts;
    offers.answered(from, digest);
    if (!this.#context.held.has(digest)) return;
    handoffs.pointed(from, digest, target);
    if (!this.#context.heeds(from)) return;
    for (const receipt of receipts) if (receipt.digest === digest) placements.receipt(target, receipt);
    diverting.claims.claimed(from, message);
  }

  /** That node has proved it. */
  pointed(member: NodeId, digest: string): void {
    const { leaving, placements } = this.#parts;
    placements.report(digest, this.#context.view());
    leaving.answered(member, digest);
  }

  refused(from: NodeId, message: Refuse): void {
    const { digest, reason } = message;
    const { handoffs, leaving, offers, placements, stores } = this.#parts;
    stores.refused(from, message);
    this.#parts.diverting.diversions.refused(from, message);
    offers.answered(from, digest);
    handoffs.refused(from, message);
    if (this.#context.held.has(digest) && this.#context.devices().has(from)) {
      this.#context.known.set(digest, from, reason);
      if (reason !== 'not-mine') placements.refused(digest, from, reason, this.#context.view());
    }
    leaving.answered(from, digest);
    leaving.rooted(digest);
  }

  /** Asked for its copies, a node has said that it does not hold these: of some it had said that it does. */
  missing(from: NodeId, digests: readonly string[]): void {
    const { known } = this.#context;
    const lost = digests.filter((digest) => known.holderFor(digest, from) !== undefined);
    if (lost.length > 0) this.lost(from, lost);
  }

  lost(from: NodeId, digests: readonly string[]): void {
    const { held, known, self } = this.#context;
    const { counts, handoffs, offers } = this.#parts;
    const view = this.#context.view();
    for (const digest of digests) {
      counts.lost(from, digest);
      this.#parts.diverting.diversions.lost(from, digest);
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

  /** A copy that was claimed is none: it is made again; and who claims too many such is not believed for a while. */
  notShown({ peer, digest }: Challenge, failure: Failure): void {
    const { known, reputation } = this.#context;
    const { counts, handoffs, leaving, placements, repair } = this.#parts;
    const repairSoon = (): void => {
      if (!leaving.isLeaving) repair.soon();
    };
    known.forget(digest, peer);
    counts.lost(peer, digest);
    if (reputation.failed(peer, failure)) {
      known.forgetNode(peer);
      counts.nodeFailed(peer);
      handoffs.nodeFailed(peer);
      this.#context.after({ kind: 'believe', key: peer }, reputation.disbeliefMs(peer), repairSoon);
    }
    placements.report(digest, this.#context.view());
    repairSoon();
  }
}
