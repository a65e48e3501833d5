// Intervals for the papers' static rings, where hours of virtual time pass while nodes join one by one.

import { DEFAULT_TIMING, type Timing } from '../core/pastry/timing.ts';

/** Nothing periodic but exchanges of rows, every so many milliseconds: what else happens is what joins and lookups cause. */
export function settlingTiming(rowExchangeMs: number): Timing {
  return {
    ...DEFAULT_TIMING,
    keepaliveMs: Number.POSITIVE_INFINITY,
    leafSetExchangeMs: Number.POSITIVE_INFINITY,
    rowExchangeMs,
    // Links cost nothing here, and times vary by nothing.
    improvementMs: 0,
    mergeMs: Number.POSITIVE_INFINITY,
    cellRepairMs: 10_000,
  };
}
