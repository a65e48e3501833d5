// Where a node stands in the picture of the ring: id 0 at the top, ids growing clockwise. Pure.

import type { Id } from '../../core/pastry/id.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Hex digits that fit a double exactly; more could not move a pixel. */
const EXACT_DIGITS = 13;

/** How far round the ring an id lies: 0 (inclusive) to 1 (exclusive). */
export function ringFraction(id: Id): number {
  const digits = id.slice(0, EXACT_DIGITS);
  return Number.parseInt(digits, 16) / 16 ** digits.length;
}

/** The point at `fraction` of a circle around the origin; y grows downwards, as in SVG. */
export function ringPoint(fraction: number, radius: number): Point {
  const angle = fraction * 2 * Math.PI;
  return { x: radius * Math.sin(angle), y: -radius * Math.cos(angle) };
}

/** An SVG path clockwise along the circle; the whole circle if both ends are one. */
export function arcPath(start: number, end: number, radius: number): string {
  const span = start === end ? 1 : wrap(end - start);
  // SVG cannot draw an arc that ends where it starts: two halves can.
  const middle = start + span / 2;
  const points = [start, middle, start + span].map((fraction) => ringPoint(fraction, radius));
  const [first, ...rest] = points.map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`);
  return `M ${first} ${rest.map((point) => `A ${radius} ${radius} 0 0 1 ${point}`).join(' ')}`;
}

/** The shorter way round between two fractions: 0 to 0.5. */
export function ringGap(a: number, b: number): number {
  const clockwise = wrap(b - a);
  return Math.min(clockwise, 1 - clockwise);
}

function wrap(fraction: number): number {
  return fraction - Math.floor(fraction);
}
