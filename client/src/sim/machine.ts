// Makes the machine that a simulated node runs: the same core as in a tab.

import { TabringNode } from '../core/node.ts';
import type { RoomPolicy } from '../core/past/room.ts';
import type { NodeHandle } from '../core/pastry/node-handle.ts';
import type { RingParams } from '../core/pastry/params.ts';
import type { Timing } from '../core/pastry/timing.ts';
import type { Scheme } from '../gate/scheme.ts';
import type { SimMachine } from './host.ts';
import { Rng } from './rng.ts';

export interface MachineOptions {
  readonly self: NodeHandle;
  readonly params: RingParams;
  readonly seed: number;
  readonly timing: Timing;
  /** What the node proves itself with: its gate's, and in a hostile node its own to misuse. */
  readonly scheme: Scheme;
  /** Milliseconds since 1970. */
  readonly ringTime: () => number;
  /** How full a disk may get with what; the usual if left out. */
  readonly roomPolicy?: RoomPolicy;
}

export type CreateMachine = (options: MachineOptions) => SimMachine;

export const createTabringNode: CreateMachine = (options) => {
  // A stream of its own: how many messages a node sends must not move any other draw.
  const ids = new Rng(options.seed).split('message ids');
  return new TabringNode({ ...options, newId: () => ids.hex(32) });
};
