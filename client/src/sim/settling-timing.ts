// Which intervals an experiment runs under.

import { DEFAULT_TIMING, type Timing } from '../core/pastry/timing.ts';

/**
 * Nothing periodic: what happens is what joins and lookups cause. For the papers' static rings, where hours of virtual
 * time pass while nodes join one by one.
 */
const QUIET_TIMING: Timing = {
  ...DEFAULT_TIMING,
  keepaliveMs: Number.POSITIVE_INFINITY,
  leafSetExchangeMs: Number.POSITIVE_INFINITY,
  rowExchangeMs: Number.POSITIVE_INFINITY,
  mergeMs: Number.POSITIVE_INFINITY,
  cellRepairMs: 10_000,
};

/** Nothing periodic but exchanges of rows, every so many milliseconds. */
export function settlingTiming(rowExchangeMs: number): Timing {
  return { ...QUIET_TIMING, rowExchangeMs };
}

/**
 * For the churn experiments: periods like MSPastry's (section 5.1: keepalives every 30 s, routing-table upkeep every 20
 * minutes), so that control traffic is compared like with like; keepalives are somewhat closer, since they cost little here.
 */
export const CHURN_TIMING: Timing = {
  ...DEFAULT_TIMING,
  keepaliveMs: 20_000,
  leafSetExchangeMs: 120_000,
  rowExchangeMs: 1_200_000,
  mergeMs: 600_000,
  freezeMs: 60_000,
  // Verdicts as soon as five losses in a row are rarer than the rates that the experiments must show.
  probeTimeoutsMs: [400, 500, 700, 1_000, 1_400],
  hearsayProbeTimeoutsMs: [900, 1_600],
  entryProbeTimeoutsMs: [1_000, 2_000],
  ackTimeoutMinMs: 30,
  cellRepairMs: 60_000,
};
