// Makes the machine that a simulated node runs: the same core as in a tab.

import { TabringNode } from '../core/node.ts';
import type { NodeHandle } from '../core/pastry/node-handle.ts';
import type { RingParams } from '../core/pastry/params.ts';
import type { Timing } from '../core/pastry/timing.ts';
import type { SimMachine } from './host.ts';

export interface MachineOptions {
  readonly self: NodeHandle;
  readonly params: RingParams;
  readonly seed: number;
  readonly timing: Timing;
}

export type CreateMachine = (options: MachineOptions) => SimMachine;

export const createTabringNode: CreateMachine = (options) => new TabringNode(options);
