// Which intervals an experiment runs under.

import { DEFAULT_TIMING, type Timing } from '../core/pastry/timing.ts';

/**
 * Nothing periodic: what happens is what joins and lookups cause. For the papers' static rings, where hours of virtual
 * time pass while nodes join one by one.
 */
export const QUIET_TIMING: Timing = {
  ...DEFAULT_TIMING,
  keepaliveMs: Number.POSITIVE_INFINITY,
  leafSetExchangeMs: Number.POSITIVE_INFINITY,
  rowExchangeMs: Number.POSITIVE_INFINITY,
  mergeMs: Number.POSITIVE_INFINITY,
};
