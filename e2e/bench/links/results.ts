// What one run of the benchmark measured: written to build/bench-links.json, and shown by report.ts.

import type { JoinsOfSize } from './joins.ts';
import type { LinkCost } from './link-cost.ts';
import type { Round } from './pair.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly browser: string;
  readonly node: string;
  /** Of the last minute. Before the first round it tells of other work; after the last it is mostly the thirty tabs' own. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

export interface Results {
  readonly date: string;
  readonly machine: Machine;
  readonly megabytes: number;
  /** In the order in which they ran. */
  readonly rounds: readonly (Round & { readonly contender: string; readonly round: number })[];
  readonly linkCost: LinkCost;
  readonly joins: readonly JoinsOfSize[];
}
