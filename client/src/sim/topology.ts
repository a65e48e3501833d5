// Where nodes are and how long a message takes between two places. Two networks of the literature: points on a plane
// (Pastry, section 3.1) and a hierarchy of transit and stub domains (GT-ITM, as in MSPastry, section 5.1).

import type { Rng } from './rng.ts';
import { createPlane } from './topology-plane.ts';
import { createTransitStub } from './topology-transit-stub.ts';

/** A place in a topology, numbered from 0 in the order of `add`. */
export type Place = number;

export interface Topology {
  /** A new random place. */
  add(): Place;
  /** One-way delay, milliseconds: symmetric, 0 from a place to itself. */
  delayMs(a: Place, b: Place): number;
}

export type TopologyName = 'plane' | 'transit-stub';

/** Mean one-way delay between two random places, milliseconds: about half of the round trip between continents. */
export const MEAN_DELAY_MS = 50;

export function createTopology(name: TopologyName, rng: Rng): Topology {
  return name === 'plane' ? createPlane(rng, MEAN_DELAY_MS) : createTransitStub(rng, MEAN_DELAY_MS);
}
