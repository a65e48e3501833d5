// Proofs of holding: who says that it holds a block is asked for SHA-256 over a fresh nonce, its own id and the block's
// bytes, which is compared with what the own copy gives. Both sides read the disk. A node without the bytes cannot answer;
// one that fetches them first can, so a proof says: it has the bytes, or gets them within the time that an answer may take.

import type { NodeId } from '../pastry/id.ts';
import type { PastTimer } from '../timer-names.ts';
import type { PastContext } from './context.ts';
import { type DiskProof, DiskProofs, MAX_WAITING_OF_PEER } from './disk-proofs.ts';
import type { HoldingProof, Prove } from './messages.ts';

/** Questions to one peer under way: half of what it takes, since a spot check may come beside handoffs. */
const MAX_UNDER_WAY = MAX_WAITING_OF_PEER / 2;
/** Longer than a peer with a full leaf set of askers needs for two segments of each (disk-proofs.ts). */
const PROOF_TIMEOUT_MS = 12_000;

/** Why a peer is asked. */
export type ProofPurpose = 'handoff' | 'spot-check' | 'pointer';

/**
 * right: it has the bytes. wrong: it made something up. denied: it says itself that it has none. silent: no answer in time.
 * unknown: it cannot be told, since the own copy is gone, or the peer.
 */
export type ProofVerdict = 'right' | 'wrong' | 'denied' | 'silent' | 'unknown';

export interface Challenge {
  readonly peer: NodeId;
  readonly digest: string;
  readonly purpose: ProofPurpose;
}

interface UnderWay extends Challenge {
  readonly nonce: string;
  /** Its answer, while the own copy is read. */
  hash: string | undefined;
}

export class HoldingProofs {
  readonly #context: PastContext;
  readonly #settled: (challenge: Challenge, verdict: ProofVerdict) => void;
  readonly #disk: DiskProofs;
  /** Still to be asked; at most one of each purpose for each copy of a held block. */
  readonly #waitingByPeer = new Map<NodeId, Map<string, Challenge>>();
  readonly #underWayByNonce = new Map<string, UnderWay>();

  /** `settled` is told of each question once, unless this node leaves first. */
  constructor(context: PastContext, settled: (challenge: Challenge, verdict: ProofVerdict) => void) {
    this.#context = context;
    this.#settled = settled;
    this.#disk = new DiskProofs(context, (proof, hash) => this.#read(proof, hash));
  }

  /** Asks a peer to show that it holds a block which is held here too. */
  ask(challenge: Challenge): void {
    const { peer, digest, purpose } = challenge;
    const waiting = this.#waitingByPeer.get(peer) ?? new Map<string, Challenge>();
    this.#waitingByPeer.set(peer, waiting.set(`${purpose} ${digest}`, challenge));
    this.#askNext(peer);
  }

  /** A peer asks this node. */
  asked(from: NodeId, { digest, nonce }: Prove): void {
    if (!this.#context.held.has(digest)) {
      this.#context.tell(from, { type: 'proof', digest, nonce, hash: undefined });
    } else if (!this.#disk.add({ digest, nonce, prover: this.#context.self, asker: from })) {
      this.#context.misdeed(from, 'more questions for proofs than one may have waiting');
    }
  }

  /** A peer has answered. */
  answered(from: NodeId, { digest, nonce, hash }: HoldingProof): void {
    const challenge = this.#underWayByNonce.get(nonce);
    if (challenge?.peer !== from || challenge.digest !== digest || challenge.hash !== undefined) {
      this.#context.misdeed(from, 'a proof that nobody asked for');
      return;
    }
    this.#context.cancel(timerName(challenge));
    if (hash === undefined) return this.#settle(challenge, 'denied');
    challenge.hash = hash;
    this.#disk.add({ digest, nonce, prover: from, asker: this.#context.self });
  }

  /** The driver has read the disk. */
  proved(digest: string, salt: string, hash: string | undefined): void {
    this.#disk.proved(digest, salt, hash);
  }

  nodeFailed(nodeId: NodeId): void {
    const waiting = this.#waitingByPeer.get(nodeId);
    this.#waitingByPeer.delete(nodeId);
    for (const challenge of this.#underWayByNonce.values()) {
      if (challenge.peer === nodeId) this.#settle(challenge, 'unknown');
    }
    for (const challenge of waiting?.values() ?? []) this.#settled(challenge, 'unknown');
  }

  #askNext(peer: NodeId): void {
    const waiting = this.#waitingByPeer.get(peer);
    if (waiting === undefined) return;
    for (const [name, challenge] of waiting) {
      if (this.#countUnderWay(peer) >= MAX_UNDER_WAY) return;
      waiting.delete(name);
      this.#send(challenge);
    }
    if (waiting.size === 0 && this.#waitingByPeer.get(peer) === waiting) this.#waitingByPeer.delete(peer);
  }

  #send(challenge: Challenge): void {
    const { peer, digest } = challenge;
    const underWay: UnderWay = { ...challenge, nonce: this.#context.ring.newId(), hash: undefined };
    this.#underWayByNonce.set(underWay.nonce, underWay);
    this.#context.after(timerName(underWay), PROOF_TIMEOUT_MS, () => this.#settle(underWay, 'silent'));
    this.#context.tell(peer, { type: 'prove', digest, nonce: underWay.nonce });
  }

  /** A hash from the own disk: an answer to a peer, or what a peer's answer is compared with. */
  #read({ digest, nonce, asker }: DiskProof, hash: string | undefined): void {
    if (asker !== this.#context.self) {
      this.#context.tell(asker, { type: 'proof', digest, nonce, hash });
      return;
    }
    const challenge = this.#underWayByNonce.get(nonce);
    if (challenge === undefined) return;
    this.#settle(challenge, hash === undefined ? 'unknown' : hash === challenge.hash ? 'right' : 'wrong');
  }

  #settle(challenge: UnderWay, verdict: ProofVerdict): void {
    this.#underWayByNonce.delete(challenge.nonce);
    this.#context.cancel(timerName(challenge));
    this.#settled(challenge, verdict);
    this.#askNext(challenge.peer);
  }

  #countUnderWay(peer: NodeId): number {
    let count = 0;
    for (const challenge of this.#underWayByNonce.values()) if (challenge.peer === peer) count += 1;
    return count;
  }
}

function timerName({ nonce }: UnderWay): PastTimer {
  return { kind: 'proof', key: nonce };
}
