// Who holds a block, or should, if its root cannot be reached, or hides it: what this node's own leaf set says, if it sees
// the whole replica set; else the roots of some keys beside it, which know the members of its replica set as their own leaves. They
// are asked over other ways than the root, which may still be on some of them, so several are, on both sides of the key.
// (Castro et al., OSDI 2002, section 5: routes to the neighbours of a root find the replicas past it.)

import { idAfter, type Key, type NodeId, ringDistance } from '../pastry/id.ts';
import { holdersOf, type Outcome } from '../pastry/routing/requests.ts';
import type { PastTimer } from '../timer-names.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { PurposeOf, SearchPurpose } from './purposes.ts';

/** Answers that come later are not waited for, if there is one. */
const SETTLE_MS = 2_000;
/** How long the ring is asked. */
const LOCATE_TIMEOUT_MS = 15_000;
/**
 * How far beside the key, in hundredths of the mean distance of two nodes: past the root, but within the four leaves on a
 * side that the smallest usual leaf set has.
 */
const OFFSETS = [0n, 150n, -150n, 350n, -350n];
/** The distance of a root from its key is a quarter of the mean distance of two nodes, on average. */
const SPACINGS_FROM_ROOT = 4n;
/** Without any clue: a ring of so many nodes. */
const UNKNOWN_NODES = 64n;
/** Named in one answer, and taken: k is at most 16. */
const MAX_NAMED = 16;

interface Search {
  readonly number: number;
  readonly purpose: SearchPurpose;
  readonly named: Set<NodeId>;
  pending: number;
}

export class MemberSearch {
  readonly #context: PastContext;
  readonly #found: (purpose: SearchPurpose, named: readonly NodeId[]) => void;
  readonly #searchByNumber = new Map<number, Search>();
  #lastNumber = 0;

  /** `found` is told of each search once, unless this node leaves first; perhaps at once. */
  constructor(context: PastContext, found: (purpose: SearchPurpose, named: readonly NodeId[]) => void) {
    this.#context = context;
    this.#found = found;
  }

  /** `suspect`: who was taken for the root. */
  begin(block: BlockRef, suspect: NodeId | undefined, purpose: SearchPurpose): void {
    const { ring } = this.#context;
    const members = this.#context.wholeReplicaSet(this.#context.view(), block.key);
    if (members !== undefined) return this.#found(purpose, members);
    this.#lastNumber += 1;
    const search: Search = { number: this.#lastNumber, purpose, named: new Set(), pending: OFFSETS.length };
    this.#searchByNumber.set(search.number, search);
    this.#context.after(timerName(search), SETTLE_MS, () => {
      if (search.named.size > 0) this.#end(search);
    });
    const spacing = this.#spacing(block.key, suspect);
    for (const offset of OFFSETS) {
      const key = idAfter(block.key, (spacing * offset) / 100n);
      ring.ask(key, { kind: 'locate', block }, LOCATE_TIMEOUT_MS, { type: 'search', search: search.number });
    }
  }

  /** One of the questions has been answered, or not. */
  located({ search: number }: PurposeOf<'search'>, outcome: Outcome): void {
    const search = this.#searchByNumber.get(number);
    if (search === undefined) return;
    for (const nodeId of (holdersOf(outcome) ?? []).slice(0, MAX_NAMED)) search.named.add(nodeId);
    search.pending -= 1;
    const hasWaited = !this.#context.isWaiting(timerName(search));
    if (search.pending === 0 || (hasWaited && search.named.size > 0)) this.#end(search);
  }

  #end(search: Search): void {
    this.#searchByNumber.delete(search.number);
    this.#context.cancel(timerName(search));
    this.#found(search.purpose, [...search.named]);
  }

  /** The mean distance of two nodes, roughly: by this node's leaves, else by how far the root is from the key. */
  #spacing(key: Key, suspect: NodeId | undefined): bigint {
    const { ring, self } = this.#context;
    const leaves = ring.leaves();
    let farthest = 0n;
    for (const { nodeId } of leaves) {
      const distance = ringDistance(self, nodeId);
      if (distance > farthest) farthest = distance;
    }
    if (leaves.length > 1) return (2n * farthest) / BigInt(leaves.length);
    if (suspect !== undefined) return SPACINGS_FROM_ROOT * ringDistance(key, suspect);
    return (1n << BigInt(4 * key.length)) / UNKNOWN_NODES;
  }
}

function timerName({ number }: Search): PastTimer {
  return { kind: 'search', key: number };
}
