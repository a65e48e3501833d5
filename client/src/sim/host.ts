// One life of a simulated node: its machine, where it is, and whether it runs. A restart is a new host of the same id.

import type { Input, Inspection, Instant, Machine, NodeStatus } from '../core/io.ts';
import type { BlockRef } from '../core/past/block.ts';
import type { Leased } from '../core/past/lease.ts';
import type { NodeId } from '../core/pastry/id.ts';
import { Gate } from '../gate/gate.ts';
import type { Scheme } from '../gate/scheme.ts';
import type { Speaker } from '../gate/speaker.ts';
import type { FrameCodec } from '../wire/frame.ts';
import type { Place } from './topology.ts';

/** What the simulator drives: the core's machine, or a small fake in the simulator's own tests. */
export interface SimMachine extends Machine {
  inspect(): Inspection;
  /** Who may bring blocks from a node that no link reaches. */
  carriersOf?(nodeId: NodeId): readonly NodeId[];
}

/** What survives a crash: the blocks of a tab's IndexedDB. */
export interface Disk {
  readonly blockByDigest: Map<string, BlockRef>;
  readonly leasedByDigest: Map<string, Leased>;
  /** Bytes it can hold. */
  readonly capacity: number;
  /** It refuses all that is to be written, whatever it says of its room. */
  refusesWrites: boolean;
}

/** up: runs. frozen: takes nothing and does nothing, but is not gone. down: crashed or left, for ever. */
export type HostState = 'up' | 'frozen' | 'down';

export interface HostOptions {
  readonly nodeId: NodeId;
  readonly epoch: number;
  readonly place: Place;
  readonly disk: Disk;
  readonly machine: SimMachine;
  /** What it proves itself with. */
  readonly scheme: Scheme;
  readonly codec: FrameCodec;
  /** Added to virtual time to make this node's clock: no two nodes' clocks may be compared, and a node that does fails. */
  readonly clockOffset: number;
}

export class Host {
  readonly nodeId: NodeId;
  readonly epoch: number;
  readonly place: Place;
  readonly disk: Disk;
  readonly machine: SimMachine;
  readonly clockOffset: number;
  /** What its messages pass on the way out, and those of others on the way in. */
  readonly gate: Gate;
  /** This life of the node, as its links show it to others. */
  readonly speaker: Speaker;
  /** What its gate dropped and refused, by cause. */
  readonly refused = new Map<string, number>();
  state: HostState = 'up';
  /** As the machine last said. */
  status: NodeStatus = 'joining';
  /** When the one wake event in the schedule is due, virtual time; Infinity for none. */
  wakeScheduledAt: Instant = Number.POSITIVE_INFINITY;
  /** What arrives at a frozen host; undefined while it is not frozen. */
  inbox: Input[] | undefined;
  #clock = Number.NEGATIVE_INFINITY;

  constructor(options: HostOptions) {
    this.nodeId = options.nodeId;
    this.epoch = options.epoch;
    this.place = options.place;
    this.disk = options.disk;
    this.machine = options.machine;
    this.clockOffset = options.clockOffset;
    const { scheme, codec } = options;
    this.speaker = { peer: options.nodeId, certificate: scheme.certificate };
    this.gate = new Gate({
      scheme,
      codec,
      now: () => this.#clock,
      count: (cause) => this.#count(cause),
      misbehaved: (_, what) => this.#count(`misbehaved: ${what}`),
    });
  }

  /** This node's clock at virtual time `now`. Never goes back, not even by an error of rounding. */
  clockAt(now: Instant): Instant {
    this.#clock = Math.max(this.#clock, now + this.clockOffset);
    return this.#clock;
  }

  /** When the machine wants to be woken, virtual time; Infinity for never. */
  get wakeAt(): Instant {
    const wakeAt = this.machine.wakeAt;
    return wakeAt === undefined ? Number.POSITIVE_INFINITY : wakeAt - this.clockOffset;
  }

  #count(cause: string): void {
    this.refused.set(cause, (this.refused.get(cause) ?? 0) + 1);
  }

  /** True if this node can deliver a key now: it runs and believes that it may. */
  get canDeliver(): boolean {
    return this.state === 'up' && this.status === 'active';
  }
}
