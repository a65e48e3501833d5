// How full a node may get with what (PAST, sections 3.3.1 and 3.3.2): a block that would take more than a share of the room
// left is refused, so that a disk that fills up goes on taking small ones. Pure, so that both thresholds stand in one place.

import type { NodeId } from '../pastry/id.ts';

/** As which a copy would be kept: a member's own, or in the place of a member that has no room. */
export type CopyRole = 'primary' | 'diverted';

export interface RoomPolicy {
  /** The largest share of the room left that one block may take: t_pri and t_div of the paper. */
  readonly mostOfRoom: Readonly<Record<CopyRole, number>>;
  /**
   * The paper's files are small beside its disks. Here a disk may have room for ten segments of a file, and would be left
   * nearly empty: a member's own copy is taken as well while this share of the disk stays free for smaller blocks.
   */
  readonly keptFree: number;
}

/** Both thresholds as the paper chose them. */
export const ROOM_POLICY: RoomPolicy = { mostOfRoom: { primary: 0.1, diverted: 0.05 }, keptFree: 0.1 };

/** All in bytes; `usedBytes`: what the blocks here use, if that is known. */
export function hasRoom(
  size: number,
  freeBytes: number,
  role: CopyRole,
  usedBytes = Number.POSITIVE_INFINITY,
  { mostOfRoom, keptFree }: RoomPolicy = ROOM_POLICY,
): boolean {
  if (size <= freeBytes * mostOfRoom[role]) return true;
  return role === 'primary' && freeBytes - size >= keptFree * (freeBytes + usedBytes);
}

/** A leaf that might keep a copy in another one's place. */
export interface Candidate {
  readonly nodeId: NodeId;
  readonly device: string;
  /** All members for the block have it as a leaf: so each can reach it, and ask it for a proof. */
  readonly isNear: boolean;
  /** As it last said; undefined: it has not. */
  readonly freeBytes: number | undefined;
}

/**
 * The one with most room (PAST, section 3.3.2); rather on a device that holds no other copy, since copies on one device are one
 * copy; and rather one that all members can ask. Who has not said how much room it has comes last. Undefined if nobody has room.
 */
export function chooseStandIn(
  candidates: readonly Candidate[],
  size: number,
  takenDevices: ReadonlySet<string>,
  policy: RoomPolicy = ROOM_POLICY,
): NodeId | undefined {
  const worth = ({ device, isNear, freeBytes }: Candidate): readonly number[] => [
    takenDevices.has(device) ? 0 : 1,
    isNear ? 1 : 0,
    freeBytes ?? -1,
  ];
  const mayFit = (freeBytes: number | undefined): boolean =>
    freeBytes === undefined || hasRoom(size, freeBytes, 'diverted', undefined, policy);
  const fit = candidates.filter(({ freeBytes }) => mayFit(freeBytes));
  const [best] = fit
    .map((candidate) => ({ candidate, worth: worth(candidate) }))
    .sort((a, b) => order(b.worth, a.worth));
  return best?.candidate.nodeId;
}

/** The first difference decides. */
function order(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}
