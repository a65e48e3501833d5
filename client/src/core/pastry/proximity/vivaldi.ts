// Network coordinates (Dabek et al., "Vivaldi", SIGCOMM 2004, figure 3): proximity without opening a link to measure it.

import type { Coordinate } from '../node-handle.ts';

/** How far one sample may move the estimate of the error, and the coordinate (the paper's c_e and c_c). */
const ERROR_GAIN = 0.25;
const MOVE_GAIN = 0.25;
/** A height of exactly zero could never grow again. */
const MIN_HEIGHT_MS = 0.01;
const MIN_ERROR = 0.01;

/** The round-trip time that two coordinates predict, milliseconds. */
export function predictedRtt(a: Coordinate, b: Coordinate): number {
  return Math.hypot(a.x - b.x, a.y - b.y) + a.height + b.height;
}

/** True once a node has placed itself, so that distances to it mean something. */
export function isPlaced(coordinate: Coordinate): boolean {
  return coordinate.error < 1;
}

/** Where `own` moves after a round trip of `rttMs` to a node at `remote`. `angle` (radians) breaks a tie of equal places. */
export function moved(own: Coordinate, remote: Coordinate, rttMs: number, angle: number): Coordinate {
  const predicted = predictedRtt(own, remote);
  const weight = own.error / (own.error + remote.error);
  const sampleError = Math.abs(predicted - rttMs) / Math.max(rttMs, 1);
  const gain = weight * ERROR_GAIN;
  const error = Math.min(0.99, Math.max(MIN_ERROR, sampleError * gain + own.error * (1 - gain)));
  const force = MOVE_GAIN * weight * (rttMs - predicted);
  const dx = own.x - remote.x;
  const dy = own.y - remote.y;
  const flat = Math.hypot(dx, dy);
  const length = flat + own.height + remote.height;
  if (flat < 1e-6 || length < 1e-6) {
    return {
      x: own.x + Math.cos(angle) * Math.abs(force),
      y: own.y + Math.sin(angle) * Math.abs(force),
      height: own.height,
      error,
    };
  }
  return {
    x: own.x + (dx / length) * force,
    y: own.y + (dy / length) * force,
    height: Math.max(MIN_HEIGHT_MS, own.height + ((own.height + remote.height) / length) * force),
    error,
  };
}
