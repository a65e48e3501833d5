// What one node knows about how to name and place another.

import type { NodeId } from './id.ts';

/** A network coordinate (Vivaldi, SIGCOMM 2004): distances between coordinates predict round-trip times. */
export interface Coordinate {
  /** Position on the plane, milliseconds. */
  readonly x: number;
  readonly y: number;
  /** Height above the plane: the access link's share, milliseconds, at least 0. */
  readonly height: number;
  /** Relative error of the estimate, 0 (sure) to 1 (unknown). */
  readonly error: number;
}

/** One incarnation of a node, from its start to its end: all that others need to be told to ask it themselves. */
export interface Incarnation {
  readonly nodeId: NodeId;
  /** Grows with each incarnation, so that a restarted node is told from its dead former self. */
  readonly epoch: number;
}

/** A node as others tell of it, with its place, so that the near ones can be chosen before they are asked. */
export interface Hearsay extends Incarnation {
  readonly coordinate: Coordinate;
}

/** A node as it describes itself. Only its nodeId is proved, by the link it came over. */
export interface NodeHandle extends Hearsay {
  /** The browser profile or machine that holds its storage; nodes of one device fail together. */
  readonly device: string;
}

export const UNKNOWN_COORDINATE: Coordinate = { x: 0, y: 0, height: 0, error: 1 };
