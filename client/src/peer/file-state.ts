// How safe a file is, by who holds its blocks; and what closing this node would cost. Pure, so that the rules stand in one
// place (core/past/SPEC.md, P39 and P40).

import type { Holder } from '../core/io.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { FileState, SegmentStatus } from './file-status.ts';

/** A block, and who holds it; undefined while that is not known. */
export interface BlockCopies {
  readonly digest: string;
  readonly holders: readonly Holder[] | undefined;
}

export interface Judgement {
  /** Of the least-copied block, up to the number wanted. */
  readonly copies: number;
  /** Of the block that is on the fewest. */
  readonly devices: number;
  readonly state: FileState;
  readonly segments: readonly SegmentStatus[];
}

/** A file is as safe as the least safe of its blocks. `isWhole`: these are all of them. */
export function judge(blocks: readonly BlockCopies[], isWhole: boolean, wanted: number, self: NodeId): Judgement {
  const segments = blocks.map(({ digest, holders = [] }) => {
    return { digest, copies: Math.min(holders.length, wanted), devices: Math.min(devicesOf(holders), wanted) };
  });
  const copies = least(segments.map((segment) => segment.copies));
  const devices = least(segments.map((segment) => segment.devices));
  const known = blocks.flatMap(({ holders }) => (holders === undefined ? [] : [holders]));
  const isKnown = isWhole && known.length === blocks.length && blocks.length > 0;
  return { copies, devices, state: stateOf(known, isKnown, devices, wanted, self), segments };
}

function stateOf(
  known: readonly (readonly Holder[])[],
  isKnown: boolean,
  devices: number,
  wanted: number,
  self: NodeId,
): FileState {
  // One block that is nowhere is enough, whatever the others are.
  if (known.some((holders) => holders.length === 0)) return 'lost';
  if (!isKnown) return 'unknown';
  if (known.some((holders) => holders.every(({ nodeId }) => nodeId === self))) return 'only-here';
  // Copies on one device are one copy: it may be switched off.
  if (!isQuorum(devices, wanted)) return 'at-risk';
  return devices >= wanted ? 'safe' : 'copying';
}

/**
 * True if these holders, which do not include this node, are a quorum of the wanted copies, on as many devices; or as many as there
 * are to be beside this one: of two copies there is never more than one other.
 */
export function areEnough(others: readonly Holder[], wanted: number): boolean {
  const devices = devicesOf(others);
  return isQuorum(devices, wanted) || devices >= wanted - 1;
}

/** More than half of the wanted copies, as for a store (P28). */
function isQuorum(devices: number, wanted: number): boolean {
  return devices * 2 > wanted;
}

function devicesOf(holders: readonly Holder[]): number {
  return new Set(holders.map(({ device }) => device)).size;
}

function least(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : Math.min(...numbers);
}
