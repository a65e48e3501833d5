// Whether a copy that is here may go. Pure, so that the argument that a drop is safe stands in one place, and is tested alone.
//
// Why no copy is dropped that is still needed. A member never drops: what it holds it owes; and so does who stands in for one. A node that is none drops only if,
// since it began to hand the block over in the present ring,
// * k others, which the root or its own leaf set named, have each said themselves that they hold the block and then shown it
//   (holding-proofs.ts): so k true copies are there at this moment, whatever anybody claims;
// * they are on as many devices as the replica set has, where this node sees that: so they do not go together where they need not;
// * the ring around this node has not changed, and the copy has been here, for half a minute: longer than a graceful leave takes,
//   so it is not about to become a member again, and no member counted on this copy a moment ago;
// * it has been no member for half an hour: who comes beside the key to have it dropped, and goes, must have served it for so long;
// * and it is in the ring: a node that joins, or has lost the ring, knows too little of it, and one that leaves offers what it has.
// Each of these can only be wrong towards keeping. What k true holders together can do is in SPEC.md.

import type { Instant } from '../io.ts';

/**
 * A copy outlives the last change of the leaf set, and its own arrival, by so long: longer than a graceful leave takes
 * (LEAVE_LIMIT_MS), so that the next in line does not drop what it is about to owe.
 */
export const DROP_GRACE_MS = 30_000;
/**
 * And its displacement by so long, whoever has proved what: nodes that come close to a key in order to make its holders drop
 * their copies, and then go with theirs, must serve the block all that time, and whoever goes earlier leaves these copies.
 */
export const KEEP_DISPLACED_MS = 30 * 60_000;

/** All that the judgement rests on. */
export interface DropFacts {
  readonly now: Instant;
  /** This node is in the ring, and does not leave it. */
  readonly isIn: boolean;
  /** It is in the block's replica set, by its own view. */
  readonly isMember: boolean;
  /** It holds the copy in the place of a member that has no room. */
  readonly standsIn: boolean;
  /** When the copy came, or this node started with it. */
  readonly since: Instant;
  /** Since when this node has been no member. */
  readonly displacedAt: Instant | undefined;
  /** When the leaf set last changed. */
  readonly changedAt: Instant;
  /** k. */
  readonly wanted: number;
  /** Others that have said themselves, since the handoff began, that they hold the block. */
  readonly confirmed: number;
  /** Those of them that have shown it since. */
  readonly proven: number;
  /** The devices that these are on. */
  readonly provenDevices: number;
  /** Those that the replica set is on without this node; undefined if it is too far away to be seen. */
  readonly devices: number | undefined;
}

/** keep: not now. prove: nothing is missing but the proofs, so they are to be asked for. drop: it may go. */
export type DropVerdict = 'keep' | 'prove' | 'drop';

export function judgeDrop(facts: DropFacts): DropVerdict {
  const { now, since, displacedAt, changedAt, wanted, confirmed, proven, provenDevices, devices } = facts;
  if (!facts.isIn || facts.isMember || facts.standsIn || displacedAt === undefined) return 'keep';
  if (now - displacedAt < KEEP_DISPLACED_MS || now - Math.max(since, changedAt) < DROP_GRACE_MS) return 'keep';
  if (confirmed < wanted) return 'keep';
  const isSpread = devices === undefined || provenDevices >= devices;
  return proven >= wanted && isSpread ? 'drop' : 'prove';
}
