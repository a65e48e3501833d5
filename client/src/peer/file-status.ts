// How safe files are, what closing a node would cost, and what came of a deletion: what PeerApi tells of them.

import type { OwnFile } from './api.ts';

/**
 * safe: as many copies as wanted, each on a device of its own. copying: a quorum of them (more than half), and more to come.
 * at-risk: fewer. only-here: this node alone holds some of it. lost: some of it is nowhere. unknown: not counted yet.
 */
export type FileState = 'safe' | 'copying' | 'at-risk' | 'only-here' | 'lost' | 'unknown';

/** The copies of one block of a file. */
export interface SegmentStatus {
  readonly digest: string;
  readonly copies: number;
  readonly devices: number;
}

export interface FileStatus {
  readonly fileId: string;
  /** k: copies wanted of each block. */
  readonly wanted: number;
  /** Of the least-copied block, up to `wanted`; each by its holder's own word. */
  readonly copies: number;
  /** Of the block that is on the fewest. */
  readonly devices: number;
  readonly state: FileState;
  /** Its blocks, the manifest first. */
  readonly segments: readonly SegmentStatus[];
  /** Until when its holders keep it, if its owner says nothing more: milliseconds since 1970. Undefined of others' files. */
  readonly expires: number | undefined;
}

/** What came of a deletion. */
export interface RemovedFile {
  readonly fileId: string;
  readonly name: string;
  /** Nodes that hold some of it, or should, and those of them that have deleted theirs; the others will when they come back. */
  readonly holders: number;
  readonly deletedAt: number;
  /** Enough of them know. If not, this node goes on telling them. */
  readonly isDone: boolean;
}

/** Own files, and blocks of others' files that are held here. */
export interface Endangered {
  readonly files: readonly OwnFile[];
  readonly blocks: number;
}

/** What no other node is known to hold. */
export interface LeaveReport {
  readonly lost: Endangered;
}

export interface ClosingReport extends LeaveReport {
  /** All that is here or was stored from here has a quorum of copies elsewhere. */
  readonly safe: boolean;
  /** False for some seconds after blocks of others came, or the ring around this node changed: more nodes may have them than have said so. */
  readonly known: boolean;
  /** What would have copies elsewhere, but fewer than a quorum. */
  readonly atRisk: Endangered;
}
