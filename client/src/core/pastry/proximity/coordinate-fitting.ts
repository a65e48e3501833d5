// Where this node is among the others. A newcomer fits its coordinate to all its first round trips at once, so that it
// can judge who is near before it chooses its routing table; afterwards each sample moves it a little (vivaldi.ts).

import { type Coordinate, UNKNOWN_COORDINATE } from '../node-handle.ts';
import { isPlaced, moved, predictedRtt } from './vivaldi.ts';

/** Round trips that the first fit uses: a leaf set's worth. */
const FIT_SAMPLES = 24;
/** Counts of samples after which the fit is done anew; each fit takes some ten thousand additions. */
const FIT_AT: ReadonlySet<number> = new Set([1, 2, 3, 4, 6, 9, 12, 16, 20, FIT_SAMPLES]);
/** Steps of one descent, and the share of the mean force that each step follows. */
const FIT_STEPS = 60;
const FIT_GAIN = 0.8;
/** Samples whose places the descent starts from; the best end wins. */
const FIT_STARTS = 3;
/** What the founder of a ring says of itself: it is where it is, and the others settle round it. */
export const FOUNDER_COORDINATE: Coordinate = { x: 0, y: 0, height: 0, error: 0.2 };
const MIN_ERROR = 0.01;
const MAX_ERROR = 0.9;

interface Sample {
  readonly remote: Coordinate;
  readonly rttMs: number;
}

export class CoordinateFitting {
  #samples: Sample[] | undefined = [];

  /** The coordinate after one more round trip. `angle` (radians, random) breaks ties of equal places. */
  after(own: Coordinate, remote: Coordinate, rttMs: number, angle: number): Coordinate {
    if (!isPlaced(remote)) return own;
    const samples = this.#samples;
    if (samples === undefined) return moved(own, remote, rttMs, angle);
    samples.push({ remote, rttMs });
    if (samples.length >= FIT_SAMPLES) this.#samples = undefined;
    return FIT_AT.has(samples.length) ? fitted(samples, angle) : own;
  }
}

/** The coordinate that predicts the samples best, of a few descents. */
function fitted(samples: readonly Sample[], angle: number): Coordinate {
  let best: Coordinate = UNKNOWN_COORDINATE;
  let bestError = Number.POSITIVE_INFINITY;
  const nearest = [...samples].sort((a, b) => a.rttMs - b.rttMs).slice(0, FIT_STARTS);
  for (const [index, { remote, rttMs }] of nearest.entries()) {
    const direction = angle + (index * 2 * Math.PI) / FIT_STARTS;
    const start = { x: remote.x + Math.cos(direction) * rttMs, y: remote.y + Math.sin(direction) * rttMs, height: 0 };
    const end = descend(start, samples);
    if (end.error < bestError) {
      best = end;
      bestError = end.error;
    }
  }
  return best;
}

/** Follows the springs of all samples together (Vivaldi, section 2.2) from `start`. */
function descend(start: { x: number; y: number; height: number }, samples: readonly Sample[]): Coordinate {
  let { x, y, height } = start;
  for (let step = 0; step < FIT_STEPS; step += 1) {
    let forceX = 0;
    let forceY = 0;
    let forceHeight = 0;
    for (const { remote, rttMs } of samples) {
      const dx = x - remote.x;
      const dy = y - remote.y;
      const flat = Math.max(Math.hypot(dx, dy), 1e-6);
      const force = rttMs - (flat + height + remote.height);
      forceX += (dx / flat) * force;
      forceY += (dy / flat) * force;
      forceHeight += force;
    }
    const gain = FIT_GAIN / samples.length;
    x += forceX * gain;
    y += forceY * gain;
    // The height follows slowly: it should explain only what no place on the plane can.
    height = Math.max(0, height + forceHeight * gain * 0.1);
  }
  return { x, y, height, error: relativeError({ x, y, height, error: 0 }, samples) };
}

function relativeError(coordinate: Coordinate, samples: readonly Sample[]): number {
  let sum = 0;
  for (const { remote, rttMs } of samples) {
    sum += Math.abs(predictedRtt(coordinate, remote) - rttMs) / Math.max(rttMs, 1);
  }
  // Few samples fit any place: they say little.
  const doubt = samples.length < 4 ? 0.3 : 0;
  return Math.min(MAX_ERROR, Math.max(MIN_ERROR, sum / samples.length + doubt));
}
