// What one run of the benchmark measured: written to build/bench-files.json, and shown by report.ts.

import type { Machine } from '../links/results.ts';
import type { RingRound } from './ring-round.ts';

/** Bytes between two tabs by another way. */
export interface OtherRound {
  readonly milliseconds: number;
  /** Of all the browser's processes. */
  readonly cpuSeconds: number;
}

export interface Round {
  readonly raw: OtherRound;
  readonly webTorrent: OtherRound | undefined;
  /** By the build's name. */
  readonly ours: Readonly<Record<string, RingRound>>;
}

export interface Results {
  readonly date: string;
  readonly machine: Machine;
  readonly megabytes: number;
  readonly tabs: number;
  readonly builds: readonly string[];
  readonly rounds: readonly Round[];
  readonly ratios: readonly Ratios[];
}

/** Medians over rounds, of one build. Shares of speed within a round: 1 is as fast, 2 twice as fast. */
export interface Ratios {
  readonly build: string;
  readonly retrieveOfRaw: number;
  readonly retrieveOfWebTorrent: number | undefined;
  readonly storeOfRaw: number;
  readonly allCopiesOfRaw: number;
  /** In lengths of the file. */
  readonly transfers: number;
  readonly allTransfers: number;
  /** storeOfRaw times transfers: 1 means that the acknowledgement took as long as raw needs for the same bytes. */
  readonly storeOfRawForItsTransfers: number;
  readonly allCopiesOfRawForItsTransfers: number;
}
