// The parts of the storage layer that know about leases (P43 to P49), put together.

import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import { ClockCheck } from './clock-check.ts';
import type { PastContext } from './context.ts';
import type { Leased } from './lease.ts';
import { LeaseDesk } from './lease-desk.ts';
import { LeaseRequests } from './lease-requests.ts';
import { LeaseSweep } from './lease-sweep.ts';
import { Tombstones } from './tombstones.ts';

export interface LeasingEvents {
  /** No lease keeps a held block any more: its owners have deleted it, or its time is over. */
  ended(block: BlockRef, how: 'deleted' | 'ended'): void;
  /** There is a tombstone that others may lack. */
  deleted(): void;
  /** A block is on its way here. */
  isComing(digest: string): boolean;
  /** Other nodes that are known to hold a block. */
  holdersOf(digest: string): Iterable<NodeId>;
}

export class Leasing {
  readonly clocks: ClockCheck;
  readonly desk: LeaseDesk;
  readonly requests: LeaseRequests;
  readonly tombstones: Tombstones;
  readonly #context: PastContext;
  readonly #sweep: LeaseSweep;

  constructor(context: PastContext, { ended, deleted, isComing, holdersOf }: LeasingEvents) {
    this.#context = context;
    this.clocks = new ClockCheck(context);
    this.requests = new LeaseRequests(context, holdersOf);
    this.tombstones = new Tombstones(context);
    this.#sweep = new LeaseSweep(context, this.clocks, { ended: (block) => ended(block, 'ended'), isComing });
    this.desk = new LeaseDesk(context, { ended: (block) => ended(block, 'deleted'), deleted, isComing });
  }

  /** With what the disk knew. What it held before there were leases is kept for the longest time of one, once. */
  start(held: readonly BlockRef[], leased: readonly Leased[]): void {
    const { leases } = this.#context;
    for (const one of leased) leases.load(one);
    for (const block of held) leases.adopt(block);
    leases.changed = () => this.#sweep.keepUp();
    if (leases.size > 0) this.#sweep.keepUp();
  }

  nodeFailed(nodeId: NodeId): void {
    this.requests.nodeFailed(nodeId);
    this.tombstones.nodeFailed(nodeId);
  }
}
