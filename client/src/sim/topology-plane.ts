// Nodes at random points of a square; a message takes time in proportion to the distance (Pastry, section 3.1).

import type { Rng } from './rng.ts';
import type { Topology } from './topology.ts';

/** Mean distance of two random points of the unit square. */
const MEAN_UNIT_DISTANCE = 0.5214054331647207;

export function createPlane(rng: Rng, meanDelayMs: number): Topology {
  const xs: number[] = [];
  const ys: number[] = [];
  const sideMs = meanDelayMs / MEAN_UNIT_DISTANCE;
  return {
    add() {
      xs.push(rng.float() * sideMs);
      return ys.push(rng.float() * sideMs) - 1;
    },
    delayMs(a, b) {
      const dx = (xs[a] ?? 0) - (xs[b] ?? 0);
      const dy = (ys[a] ?? 0) - (ys[b] ?? 0);
      return Math.sqrt(dx * dx + dy * dy);
    },
  };
}
