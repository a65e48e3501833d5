// Where marks and labels go that would cover each other at their true places. Pure.

import { ringGap } from '../ring-geometry.ts';

/** Tried in turn, in widths of a label: at its place, then ever farther to either side. */
const SHIFTS = [0, 0.5, -0.5, 1, -1, 1.5, -1.5, 2, -2] as const;

/**
 * Where labels of these places go, as fractions of the ring; undefined for those that have no room. Earlier ones win. A label takes
 * `gap` of the ring.
 */
export function labelPlaces(fractions: readonly number[], gap: number): readonly (number | undefined)[] {
  const placed: number[] = [];
  return fractions.map((fraction) => {
    const place = SHIFTS.map((shift) => wrap(fraction + shift * gap)).find((candidate) =>
      placed.every((other) => ringGap(candidate, other) >= gap * 0.999),
    );
    if (place !== undefined) placed.push(place);
    return place;
  });
}

/** On which lane each is drawn, 0 on the ring and the others within it, so that no dot covers another; the last lane takes all the rest. */
export function lanes(fractions: readonly number[], gap: number, count: number): readonly number[] {
  const byLane: number[][] = Array.from({ length: count }, () => []);
  return fractions.map((fraction) => {
    const free = byLane.findIndex((lane) => lane.every((other) => ringGap(fraction, other) >= gap));
    const lane = free === -1 ? count - 1 : free;
    byLane[lane]?.push(fraction);
    return lane;
  });
}

function wrap(fraction: number): number {
  return fraction - Math.floor(fraction);
}
