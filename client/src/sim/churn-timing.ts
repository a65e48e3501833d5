// The periods of the churn experiments. A file of its own, so that the other experiments do not depend on it.

import { DEFAULT_TIMING, type Timing } from '../core/pastry/timing.ts';

/**
 * Periods near MSPastry's (section 5.1: keepalives every 30 s, routing-table maintenance every 20 minutes) and below its traffic.
 * Rows are exchanged more often than there: at its rate of lookups, one in 100 s, messages alone find dead entries too late.
 */
export const CHURN_TIMING: Timing = {
  ...DEFAULT_TIMING,
  keepaliveMs: 21_000,
  leafSetExchangeMs: 180_000,
  rowExchangeMs: 120_000,
  // Links cost nothing here, and times vary by nothing.
  improvementMs: 0,
  mergeMs: 600_000,
  freezeMs: 60_000,
  // Verdicts as soon as five losses in a row are rarer than the rates that the experiments must show.
  probeTimeoutsMs: [400, 500, 700, 1_000, 1_400],
  hearsayProbeTimeoutsMs: [900, 1_600],
  entryProbeTimeoutsMs: [1_000, 2_000],
  ackTimeoutMinMs: 30,
  cellRepairMs: 60_000,
};
