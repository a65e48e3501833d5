// The figures to reproduce and to beat, with their sources. Those of Pastry's plots are read from the paper's vector
// graphics, good to about 0.01.

export const SOURCES = [
  ['Pastry', 'A. Rowstron, P. Druschel, "Pastry", Middleware 2001: b = 4, |L| = 16, |M| = 32, nodes on a plane'],
  [
    'MSPastry',
    'M. Castro, M. Costa, A. Rowstron, "Performance and dependability of structured peer-to-peer overlays", DSN 2004',
  ],
  ['Bamboo', 'S. Rhea, D. Geels, T. Roscoe, J. Kubiatowicz, "Handling churn in a DHT", USENIX 2004'],
  ['PAST', 'A. Rowstron, P. Druschel, "Storage management and caching in PAST", SOSP 2001'],
] as const;

export interface PastryFigures {
  readonly hops: number;
  /** Length of the route over the direct distance. */
  readonly stretch: number;
}

/** By number of nodes; 200,000 lookups each. */
export const PASTRY_BY_NODES: ReadonlyMap<number, PastryFigures> = new Map([
  [1_000, { hops: 2.485, stretch: 1.329 }],
  [2_000, { hops: 2.689, stretch: 1.318 }],
  [4_000, { hops: 2.874, stretch: 1.298 }],
  [5_000, { hops: 2.954, stretch: 1.308 }],
  [10_000, { hops: 3.232, stretch: 1.346 }],
  [20_000, { hops: 3.494, stretch: 1.364 }],
  [50_000, { hops: 3.746, stretch: 1.323 }],
  [100_000, { hops: 3.976, stretch: 1.333 }],
]);

/** Share of routes by number of hops, from 0, among 100,000 nodes. */
export const PASTRY_DISTRIBUTION = [0, 0.0006, 0.0156, 0.1643, 0.6449, 0.1745, 0] as const;

/** Messages of a join. */
export const PASTRY_JOIN_BY_NODES: ReadonlyMap<number, number> = new Map([
  [100, 80],
  [1_000, 120],
  [100_000, 199],
]);

/** 500 of 5,000 nodes die silently. */
export const PASTRY_FAILURES = { before: 2.73, broken: 2.96, repaired: 2.74, messagesPerFailure: 57 } as const;

/** Our own simulation of perfect tables with 16-bit ids: by nodes, then by |L|. */
export const PERFECT_BY_NODES: ReadonlyMap<
  number,
  ReadonlyMap<number, { readonly mean: number; readonly max: number }>
> = new Map(
  (
    [
      [5, 0.81, 2, 0.8, 1],
      [10, 0.97, 3, 0.9, 1],
      [20, 1.3, 3, 1.01, 2],
      [50, 1.67, 4, 1.43, 2],
      [100, 1.86, 4, 1.69, 3],
      [200, 2.08, 4, 1.87, 3],
      [1_000, 2.68, 5, 2.47, 3],
      [5_000, 3.15, 5, 2.94, 4],
    ] as const
  ).map(([nodes, mean2, max2, mean16, max16]) => [
    nodes,
    new Map([
      [2, { mean: mean2, max: max2 }],
      [16, { mean: mean16, max: max16 }],
    ]),
  ]),
);

export interface ChurnTarget {
  /** Of an experiment. */
  readonly name: string;
  readonly what: string;
  readonly paper: string;
}

export const CHURN_ROWS: readonly ChurnTarget[] = [
  { name: 'churn-60', what: 'median session 60 min', paper: 'MSPastry: stretch below 2, about 0.25 messages/s' },
  { name: 'churn-60-lookups', what: 'the same, ten times the lookups', paper: 'MSPastry: incorrect 0, lost 1.5e-5' },
  { name: 'churn-60-loss', what: 'the same, 5 % loss', paper: 'MSPastry: incorrect 1.6e-5, lost 3.3e-5' },
  { name: 'churn-60-stub', what: 'median session 60 min, transit-stub', paper: 'MSPastry: stretch below 2' },
  { name: 'churn-1.4', what: 'median session 1.4 min', paper: 'Bamboo: works, below 900 bytes/s' },
  { name: 'churn-small', what: 'median session 60 min, 100 nodes', paper: '' },
  { name: 'churn-small-1.4', what: 'median session 1.4 min, 100 nodes', paper: '' },
];

/** Rows of the sources that this report has no experiment for. */
export const NOT_SIMULATED = [
  ['Pastry: routing table at 1,000,000 nodes', '75 entries'],
  ['Pastry, b = 3, \\|L\\| = 8, k = 5, 10,000 nodes: nearest replica first / one of the two nearest', '68 % / 87 %'],
  [
    'FreePastry: leaf-set maintenance',
    '500 bytes/s and 0.15 packets/s a node at a 20 s ping; space unclaimed for at most 50 s',
  ],
  ['IPFS (2021): publish, retrieve', '33.8 s, 2.9 s median'],
  ['Mainline DHT, tuned: lookup', '100-200 ms median'],
  ['Hole punching without a relay', 'succeeds for 70 % of pairs'],
] as const;

export interface PastTarget {
  /** Of an experiment. */
  readonly name: string;
  readonly what: string;
  /** Shares of failed stores and of all room used in the end, percent; PAST's own, of 2,250 nodes. */
  readonly paper?: { readonly failed: number; readonly used: number };
}

/** Tables 2 to 4 of PAST, rounded where only its text tells them. */
export const PAST_ROWS: readonly PastTarget[] = [
  { name: 'past-none', what: 'no diversion (t_pri 1, t_div 0, one place)', paper: { failed: 51, used: 61 } },
  { name: 'past-l16', what: 't_pri 0.1, t_div 0.05, \\|L\\| = 16, disks d1', paper: { failed: 2.4, used: 94.9 } },
  { name: 'past-l32', what: 'the same, \\|L\\| = 32', paper: { failed: 0.7, used: 98.2 } },
  { name: 'past-d2', what: 'disks d2' },
  { name: 'past-d3', what: 'disks d3' },
  { name: 'past-d4', what: 'disks d4' },
  { name: 'past-pri-0.5', what: 't_pri 0.5' },
  { name: 'past-pri-0.2', what: 't_pri 0.2' },
  { name: 'past-pri-0.05', what: 't_pri 0.05' },
  { name: 'past-div-0.1', what: 't_div 0.1' },
  { name: 'past-div-0.01', what: 't_div 0.01' },
  { name: 'past-div-0.005', what: 't_div 0.005' },
  { name: 'past-ours', what: 'as in tabs: k = 3, \\|L\\| = 16, a tenth kept free for small blocks' },
  { name: 'past-small-disks', what: 'as in tabs, blocks of 4 MB on disks of 40 MB' },
];
