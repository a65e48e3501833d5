// What the other members make of a pointer: who says that another node holds a copy in its place is believed when that node
// has proved it (P30), and as long as nothing is known against it. So a pointer never counts by the word of who made it.

import { BoundedMap } from '../bounded-map.ts';
import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';
import type { Challenge, HoldingProofs, ProofVerdict } from './holding-proofs.ts';
import type { Diverted } from './messages.ts';
import type { Failure } from './reputation.ts';

/** Proofs awaited at once; of more, the claims are forgotten, and come again with the next offer. */
const MAX_CLAIMS = 10_000;

export interface PointerEvents {
  /** A pointer counts now. */
  proved(member: NodeId, digest: string): void;
  /** It was not shown; `whose` is to blame. */
  failed(whose: Challenge, failure: Failure): void;
}

export class PointerClaims {
  readonly #context: PastContext;
  readonly #proofs: HoldingProofs;
  readonly #events: PointerEvents;
  /** Who points there, by digest and target. */
  readonly #memberByClaim = new BoundedMap<string, NodeId>(MAX_CLAIMS);

  constructor(context: PastContext, proofs: HoldingProofs, events: PointerEvents) {
    this.#context = context;
    this.#proofs = proofs;
    this.#events = events;
  }

  /** A leaf says that `target` holds a block, which is held here too, in its place. */
  claimed(member: NodeId, { digest, target }: Diverted): void {
    const { known, self } = this.#context;
    if (target === self || target === member) return;
    if (known.holderFor(digest, member) === target) return this.#events.proved(member, digest);
    const claim = `${digest} ${target}`;
    if (this.#memberByClaim.has(claim)) return;
    this.#memberByClaim.set(claim, member);
    this.#proofs.ask({ peer: target, digest, purpose: 'pointer' });
  }

  settled(challenge: Challenge, verdict: ProofVerdict): void {
    const { digest, peer: target } = challenge;
    const claim = `${digest} ${target}`;
    const member = this.#memberByClaim.get(claim);
    this.#memberByClaim.delete(claim);
    if (member === undefined || verdict === 'unknown') return;
    if (verdict === 'right') {
      if (this.#counts(member, digest, target)) this.#events.proved(member, digest);
    } else if (verdict === 'wrong') {
      this.#events.failed(challenge, verdict);
    } else if (verdict === 'denied') {
      // Who points at nothing has claimed it. Of a silent target nothing is known: perhaps no link leads there from here.
      this.#events.failed({ ...challenge, peer: member }, verdict);
    }
  }

  /** A copy counts once: not a member's own, and not in two members' places. */
  #counts(member: NodeId, digest: string, target: NodeId): boolean {
    const { held, known, replicas } = this.#context;
    const block = held.get(digest)?.block;
    if (block === undefined || !this.#context.heeds(member)) return false;
    const members = this.#context.view().replicaSet(block.key, replicas);
    if (!members.includes(member) || members.includes(target)) return false;
    return known.point(digest, member, target);
  }
}
