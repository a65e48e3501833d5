// A cluster for what concerns objects, and not links: nodes on a plane, datagrams that all arrive, no codec.

import { DEFAULT_RING_PARAMS, type RingParams } from '../core/pastry/params.ts';
import { DEFAULT_TIMING } from '../core/pastry/timing.ts';
import { Cluster } from './cluster.ts';
import { createTabringNode } from './machine.ts';

/** `params`: what differs from a usual ring's. */
export function plainCluster(seed: number, params: Partial<RingParams>): Cluster {
  return new Cluster({
    seed,
    params: { ...DEFAULT_RING_PARAMS, ...params },
    ...{ timing: DEFAULT_TIMING, topology: 'plane', links: 'instant', wire: false },
    createMachine: createTabringNode,
  });
}
