// A straight line through measured points (least squares), and how far its slope may be off.

export interface Point {
  /** Minutes. */
  readonly at: number;
  readonly value: number;
}

export interface Trend {
  readonly points: number;
  readonly mean: number;
  /** By the minute. */
  readonly slope: number;
  /** Standard error of the slope. */
  readonly error: number;
}

export function trend(points: readonly Point[]): Trend {
  const count = points.length;
  const mean = sum(points.map(({ value }) => value)) / count;
  const middle = sum(points.map(({ at }) => at)) / count;
  const spread = sum(points.map(({ at }) => (at - middle) ** 2));
  if (count < 3 || spread === 0) return { points: count, mean, slope: 0, error: Number.POSITIVE_INFINITY };
  const slope = sum(points.map(({ at, value }) => (at - middle) * (value - mean))) / spread;
  const residue = sum(points.map(({ at, value }) => (value - mean - slope * (at - middle)) ** 2));
  return { points: count, mean, slope, error: Math.sqrt(residue / (count - 2) / spread) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
