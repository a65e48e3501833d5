// How far the root of a key may be away. Ids are random, so between a key and its root lies an exponential distance, whose mean
// is half the mean spacing of nodes. A node that claims a key that is not its own is farther away: of a share f of hostile nodes
// the closest is 1/f times as far (the density test of Castro et al., OSDI 2002, section 5.2, for what a root can prove at once:
// its own id).

import { BITS_PER_DIGIT, type Key, type NodeId, ringDistance } from '../id.ts';
import type { LeafSet } from '../tables/leaf-set.ts';

/** Rings of at most so many leaf sets full are small: there nearly everybody is a leaf of everybody, and no search helps. */
const SMALL_RING_LEAF_SETS = 2;
/** So few leaves tell nothing of the density. */
const MIN_LEAVES = 8;
/** Fixed-point arithmetic: a spacing is a big integer. */
const SCALE = 1_000n;

/** The mean distance between nodes that are beside each other, by the own leaf set; undefined in a small ring. */
export function spacingOf(leafSet: LeafSet, digits: number): bigint | undefined {
  const { clockwise, counterclockwise, wraps } = leafSet;
  const leaves = clockwise.length + counterclockwise.length;
  if (wraps || leaves < MIN_LEAVES) return undefined;
  const spacing = (2n * leafSet.reach()) / BigInt(leaves);
  const ringSize = 1n << BigInt(digits * BITS_PER_DIGIT);
  const isSmall = spacing === 0n || ringSize <= spacing * BigInt(SMALL_RING_LEAF_SETS * leaves);
  return isSmall ? undefined : spacing;
}

/** How far `root` is from `key`, in units of the mean for a true root: exponential with mean 1. */
export function rootDistance(key: Key, root: NodeId, spacing: bigint): number {
  return Number((2n * SCALE * ringDistance(key, root)) / spacing) / Number(SCALE);
}
