// A graceful leave: everything held is offered to those who should hold it without this node, which stays until they
// have it, or until its time is up.

import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';
import type { Handoffs } from './handoffs.ts';
import type { Offers } from './offers.ts';

/** A user who closes a tab waits no longer; what is not handed over by then is repaired from the other copies. */
export const LEAVE_LIMIT_MS = 20_000;

export class Leaving {
  readonly #context: PastContext;
  readonly #offers: Offers;
  readonly #handoffs: Handoffs;
  readonly #storesWait: () => boolean;
  /** Copies that are owed, by the node that owes an answer. */
  readonly #owedByNode = new Map<NodeId, Set<string>>();
  /** Blocks whose root is not known yet, or has not reported a copy. */
  readonly #unrooted = new Set<string>();
  #done: (() => void) | undefined;
  #isLeaving = false;
  #isDone = false;

  /** `storesWait` tells whether this node's own stores still lack a quorum. */
  constructor(context: PastContext, offers: Offers, handoffs: Handoffs, storesWait: () => boolean) {
    this.#context = context;
    this.#offers = offers;
    this.#handoffs = handoffs;
    this.#storesWait = storesWait;
  }

  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Calls `done` once: now, when all is handed over, or when the time is up. */
  begin(done: () => void): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#done = done;
    this.#context.after({ kind: 'leave' }, LEAVE_LIMIT_MS, () => this.#finish());
    this.offerAll();
  }

  /** Offers what is not yet known to be where it should be; again after each change of the leaf set. */
  offerAll(): void {
    const { ring, known, self } = this.#context;
    this.#owedByNode.clear();
    this.#unrooted.clear();
    const leaves = ring.leaves();
    const others = this.#context.view().without(self);
    const held = leaves.length === 0 ? [] : this.#context.held.blocks();
    for (const block of held) {
      const members = this.#context.wholeReplicaSet(others, block.key);
      if (members === undefined) {
        this.#unrooted.add(block.digest);
        this.#handoffs.pursue(block, undefined);
        continue;
      }
      for (const member of members) {
        if (known.get(block.digest, member) !== undefined) continue;
        this.#owe(member, block.digest);
        this.#offers.add(member, block.digest, 'replicate');
      }
    }
    this.#offers.flush();
    this.check();
  }

  /** A node took or refused a block. */
  answered(nodeId: NodeId, digest: string): void {
    const owed = this.#owedByNode.get(nodeId);
    if (owed?.delete(digest) === true && owed.size === 0) this.#owedByNode.delete(nodeId);
    this.check();
  }

  /** The root of a far block has at least one copy, or there is no hope for it. */
  rooted(digest: string): void {
    this.#unrooted.delete(digest);
    this.check();
  }

  nodeFailed(nodeId: NodeId): void {
    this.#owedByNode.delete(nodeId);
    this.check();
  }

  check(): void {
    if (!this.#isLeaving || this.#isDone) return;
    if (this.#owedByNode.size > 0 || this.#unrooted.size > 0 || this.#storesWait()) return;
    this.#finish();
  }

  #owe(nodeId: NodeId, digest: string): void {
    const owed = this.#owedByNode.get(nodeId);
    if (owed === undefined) this.#owedByNode.set(nodeId, new Set([digest]));
    else owed.add(digest);
  }

  #finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#done?.();
  }
}
