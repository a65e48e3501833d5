// Once a minute: what no lease keeps any more goes (P45). A block is here for at most its longest lease, the slack of clocks
// and two such minutes; where the leaves do not confirm the time, longer.

import type { BlockRef } from './block.ts';
import type { ClockCheck } from './clock-check.ts';
import type { PastContext } from './context.ts';
import { LEASE_SLACK_MS, type Leased } from './lease.ts';

export const SWEEP_MS = 60_000;

export interface SweepEvents {
  /** Nobody's lease keeps a held block. */
  ended(block: BlockRef): void;
  isComing(digest: string): boolean;
}

export class LeaseSweep {
  readonly #context: PastContext;
  readonly #clocks: ClockCheck;
  readonly #events: SweepEvents;

  constructor(context: PastContext, clocks: ClockCheck, events: SweepEvents) {
    this.#context = context;
    this.#clocks = clocks;
    this.#events = events;
  }

  /** Rounds are made while there is any lease. */
  keepUp(): void {
    if (this.#context.isWaiting({ kind: 'lease-sweep' })) return;
    this.#context.after({ kind: 'lease-sweep' }, SWEEP_MS, () => this.#round());
  }

  #round(): void {
    const { leases, ring } = this.#context;
    const isSomethingOver = leases.entries().some((leased) => this.#isStale(leased) || this.#hasEnded(leased));
    if (isSomethingOver && ring.status === 'active') this.#clocks.ifRight(() => this.#sweep());
    if (leases.size > 0) this.keepUp();
  }

  #sweep(): void {
    const { held, leases } = this.#context;
    for (const leased of leases.entries()) {
      const { block } = leased;
      if (held.has(block.digest) && !leases.isLiving(block.digest)) this.#events.ended(block);
      else if (this.#isStale(leased)) leases.forget(block.digest);
      leases.expire(block.digest);
    }
  }

  /** Leases of a block that is not here, and will not be: it did not come, or is lost. */
  #isStale({ block, leases }: Leased): boolean {
    const isHere = this.#context.held.has(block.digest) || this.#events.isComing(block.digest);
    return !isHere && leases.some(({ ends }) => !ends);
  }

  /** A block that is here and that only tombstones speak of came back with a disk. */
  #hasEnded({ block, leases }: Leased): boolean {
    const now = this.#context.ring.ringTime();
    const isDeleted = this.#context.held.has(block.digest) && leases.every(({ ends }) => ends);
    return isDeleted || leases.some(({ expires }) => expires + LEASE_SLACK_MS <= now);
  }
}
