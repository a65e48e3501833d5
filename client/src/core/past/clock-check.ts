// Whether this node knows the ring's time. A clock that jumps by days would end all leases at once, so before anything goes
// because its time is over the leaves are asked for theirs (P45): lying ones can keep a block here, but not end it. Their
// answers are compared at the moment at which things end, not when they come: it may jump in between (P69).

import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';
import { LEASE_SLACK_MS } from './lease.ts';
import type { ClockTold } from './messages.ts';

/** Leaves are linked: who has not answered by then sleeps. */
const ANSWER_MS = 5_000;

interface Check {
  readonly nonce: string;
  readonly leaves: ReadonlySet<NodeId>;
  /** By how much their clocks are ahead of this node's instants, which never jump. */
  readonly aheadMsById: Map<NodeId, number>;
}

export class ClockCheck {
  readonly #context: PastContext;
  #check: Check | undefined;

  constructor(context: PastContext) {
    this.#context = context;
  }

  /** Calls `then` if the clocks of most leaves agree with this node's; not at all where there are none to ask. */
  ifRight(then: () => void): void {
    const { ring } = this.#context;
    const leaves = new Set(ring.leaves().map(({ nodeId }) => nodeId));
    if (this.#check !== undefined || leaves.size === 0) return;
    const check = { nonce: ring.newId(), leaves, aheadMsById: new Map<NodeId, number>() };
    this.#check = check;
    for (const leaf of leaves) this.#context.tell(leaf, { type: 'clock?', nonce: check.nonce });
    this.#context.after({ kind: 'clock-check' }, ANSWER_MS, () => {
      this.#check = undefined;
      if (isRight(check, this.#aheadMs(ring.ringTime()))) then();
      else ring.count('leases not ended: the leaves do not confirm the time');
    });
  }

  asked(from: NodeId, nonce: string): void {
    this.#context.tell(from, { type: 'clock', nonce, time: Math.max(0, Math.round(this.#context.ring.ringTime())) });
  }

  answered(from: NodeId, { nonce, time }: ClockTold): void {
    const check = this.#check;
    if (check?.nonce !== nonce || !check.leaves.has(from)) return;
    check.aheadMsById.set(from, this.#aheadMs(time));
  }

  #aheadMs(time: number): number {
    return time - this.#context.ring.now;
  }
}

function isRight({ leaves, aheadMsById }: Check, ownAheadMs: number): boolean {
  if (aheadMsById.size * 2 <= leaves.size) return false;
  const ascending = [...aheadMsById.values()].sort((a, b) => a - b);
  const median = ascending[Math.floor(ascending.length / 2)] ?? Number.POSITIVE_INFINITY;
  return Math.abs(median - ownAheadMs) <= LEASE_SLACK_MS;
}
