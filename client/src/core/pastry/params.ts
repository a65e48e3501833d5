// What all nodes of one ring must agree on. The Discovery node hands it out at registration.

/** Ring parameters (Pastry, section 2: b, |L|, |M|; PAST, section 2: k). */
export interface RingParams {
  /** Hex digits in an id; 32 is the paper's 128 bits, 4 a classroom ring. */
  readonly digits: number;
  /** |L|: entries in a leaf set, half on each side. Even. */
  readonly leafSetSize: number;
  /** |M|: entries in a neighborhood set. */
  readonly neighborhoodSize: number;
  /** k: copies of each object. */
  readonly replicas: number;
  /** Size of a file's segments, bytes. */
  readonly segmentBytes: number;
  /** The longest time for which a block is kept without its owner's word, days. */
  readonly leaseDays: number;
  /** Links a node holds open at most, its leaf set's included; a few more for a moment while nodes join. */
  readonly linkBudget: number;
  /** Answers about roots are checked, and searched where a check fails (SPEC.md, R76 to R81): dear, for rings open to strangers. */
  readonly checksRoots: boolean;
}

export const DEFAULT_RING_PARAMS: RingParams = {
  digits: 32,
  leafSetSize: 16,
  neighborhoodSize: 16,
  replicas: 3,
  segmentBytes: 4 * 1024 * 1024,
  leaseDays: 7,
  linkBudget: 64,
  checksRoots: false,
};
