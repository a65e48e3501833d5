// Spot checks: members of a replica set that say that they hold a block are asked to show it, soon after they said so, and
// now and then later. One at a time, so not every copy is checked: who claims many and keeps none is found by the first.

import { BoundedMap } from '../bounded-map.ts';
import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';
import type { Challenge, HoldingProofs, ProofVerdict } from './holding-proofs.ts';

/** Between a claim and its check, or two checks: at least the first, plus a random part of the second. A segment each three
 * seconds on average is 1.4 MB read a second while there is anything to check. */
const PAUSE_MS = 1_000;
const JITTER_MS = 4_000;
/** Claims of one peer to be checked soon; of more only the latest. */
const MAX_CLAIMS_OF_PEER = 64;
/** Peers with such claims: the largest leaf set. */
const MAX_PEERS = 128;

export class SpotChecks {
  readonly #context: PastContext;
  readonly #proofs: HoldingProofs;
  readonly #failed: (challenge: Challenge, verdict: 'wrong' | 'denied' | 'silent') => void;
  readonly #claimsByPeer = new BoundedMap<NodeId, BoundedMap<string, true>>(MAX_PEERS);
  #isUnderWay = false;

  /** `failed` is told of a copy that was claimed and not shown. */
  constructor(
    context: PastContext,
    proofs: HoldingProofs,
    failed: (challenge: Challenge, verdict: 'wrong' | 'denied' | 'silent') => void,
  ) {
    this.#context = context;
    this.#proofs = proofs;
    this.#failed = failed;
  }

  /** A leaf has just said that it holds a block which is held here. */
  claimed(peer: NodeId, digest: string): void {
    const claims = this.#claimsByPeer.get(peer) ?? new BoundedMap<string, true>(MAX_CLAIMS_OF_PEER);
    this.#claimsByPeer.set(peer, claims.set(digest, true));
    this.#schedule();
  }

  /** Time to check one more of all the copies that others claim, however long ago: called once in a repair round. */
  checkOne(): void {
    const { held, known } = this.#context;
    const block = held.atRandom(this.#context.chance());
    const holders = block === undefined ? [] : known.holders(block.digest);
    const peer = holders[Math.floor(this.#context.chance() * holders.length)];
    if (block !== undefined && peer !== undefined) this.claimed(peer, block.digest);
  }

  settled(challenge: Challenge, verdict: ProofVerdict): void {
    this.#isUnderWay = false;
    const { peer, digest } = challenge;
    // It may have said meanwhile that it has lost its copy.
    const isClaimed = this.#context.known.isHolder(digest, peer);
    if (isClaimed && verdict !== 'right' && verdict !== 'unknown') this.#failed(challenge, verdict);
    this.#schedule();
  }

  stop(): void {
    this.#context.cancel({ kind: 'spot-check' });
  }

  #schedule(): void {
    if (this.#isUnderWay || this.#claimsByPeer.size === 0 || this.#context.isWaiting({ kind: 'spot-check' })) return;
    this.#context.after({ kind: 'spot-check' }, PAUSE_MS + this.#context.chance() * JITTER_MS, () => this.#check());
  }

  #check(): void {
    const peers = [...this.#claimsByPeer.keys()];
    const peer = peers[Math.floor(this.#context.chance() * peers.length)];
    if (peer === undefined) return;
    const digest = this.#takeClaim(peer);
    const { held, known, reputation } = this.#context;
    const isDue = digest !== undefined && held.has(digest) && known.isHolder(digest, peer);
    if (!isDue || !reputation.isBelieved(peer)) return this.#schedule();
    this.#isUnderWay = true;
    this.#proofs.ask({ peer, digest, purpose: 'spot-check' });
  }

  #takeClaim(peer: NodeId): string | undefined {
    const claims = this.#claimsByPeer.get(peer);
    const digest = [...(claims?.keys() ?? [])].at(-1);
    if (digest !== undefined) claims?.delete(digest);
    if (claims === undefined || claims.size === 0) this.#claimsByPeer.delete(peer);
    return digest;
  }
}
