// Hashes that the driver makes from the disk, for proofs of holding: one at a time, at a pace that leaves the disk and the
// processor to their users, this node's own questions first and then each peer's in turn.

import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';

/** Read and hashed for proofs: 4 segments of 4 MiB a second, some 5 % of a core where SHA-256 is the platform's. */
const BYTES_PER_MS = 16 * 1024;
/** Questions of one peer that wait here: twice what a correct one has under way. */
export const MAX_WAITING_OF_PEER = 4;
/** Peers beside the leaf set whose questions wait: whom a handoff has displaced, far from here. */
const MAX_STRANGERS_WAITING = 64;
/** The driver answers sooner, or its disk hangs. */
const READ_LIMIT_MS = 30_000;

export interface DiskProof {
  readonly digest: string;
  readonly nonce: string;
  /** Whose proof it is: this node's, or that of a peer which is being checked. */
  readonly prover: NodeId;
  /** A peer that has asked, or this node. */
  readonly asker: NodeId;
}

export class DiskProofs {
  readonly #context: PastContext;
  readonly #done: (proof: DiskProof, hash: string | undefined) => void;
  /** Whose turn it is comes first. */
  readonly #waitingByAsker = new Map<NodeId, DiskProof[]>();
  #running: DiskProof | undefined;
  /** The pace allows the next one then. */
  #nextAt = 0;

  constructor(context: PastContext, done: (proof: DiskProof, hash: string | undefined) => void) {
    this.#context = context;
    this.#done = done;
  }

  /** False if the asker has as many waiting as it may. */
  add(proof: DiskProof): boolean {
    const { asker } = proof;
    const waiting = this.#waitingByAsker.get(asker);
    const isOwn = asker === this.#context.self;
    if (!isOwn && waiting !== undefined && waiting.length >= MAX_WAITING_OF_PEER) return false;
    const isCrowded = this.#waitingByAsker.size >= MAX_STRANGERS_WAITING;
    if (!isOwn && waiting === undefined && isCrowded && !this.#context.isLeaf(asker)) return false;
    if (waiting === undefined) this.#waitingByAsker.set(asker, [proof]);
    else waiting.push(proof);
    this.#startNext();
    return true;
  }

  /** The driver has read. */
  proved(digest: string, salt: string, hash: string | undefined): void {
    const running = this.#running;
    if (running?.digest !== digest || saltOf(running) !== salt) return;
    this.#finish(running, hash);
  }

  #startNext(): void {
    const { ring } = this.#context;
    if (this.#running !== undefined || this.#context.isWaiting({ kind: 'disk-pace' })) return;
    if (ring.now < this.#nextAt) {
      if (this.#waitingByAsker.size > 0)
        this.#context.after({ kind: 'disk-pace' }, this.#nextAt - ring.now, () => this.#startNext());
      return;
    }
    const next = this.#take();
    if (next === undefined) return;
    const size = this.#context.held.get(next.digest)?.block.size;
    // Dropped while it waited.
    if (size === undefined) return this.#finish(next, undefined);
    this.#running = next;
    this.#nextAt = ring.now + size / BYTES_PER_MS;
    this.#context.after({ kind: 'disk-proof' }, READ_LIMIT_MS, () => this.#finish(next, undefined));
    ring.emit({ type: 'prove', digest: next.digest, salt: saltOf(next) });
  }

  #finish(proof: DiskProof, hash: string | undefined): void {
    this.#running = undefined;
    this.#context.cancel({ kind: 'disk-proof' });
    this.#done(proof, hash);
    this.#startNext();
  }

  #take(): DiskProof | undefined {
    const { self } = this.#context;
    const [first] = this.#waitingByAsker.keys();
    const asker = this.#waitingByAsker.has(self) ? self : first;
    if (asker === undefined) return undefined;
    const waiting = this.#waitingByAsker.get(asker) ?? [];
    const proof = waiting.shift();
    this.#waitingByAsker.delete(asker);
    if (waiting.length > 0) this.#waitingByAsker.set(asker, waiting);
    return proof;
  }
}

/**
 * What is hashed before the bytes. The prover's own id is part of it: with the nonce alone, who holds nothing could pass
 * the question on to a true holder, and the answer back. Both parts have fixed lengths.
 */
function saltOf({ nonce, prover }: DiskProof): string {
  return nonce + prover;
}
