// What the long run's two processes say to each other.

import type { NodeId } from '../../src/core/pastry/id.ts';

/** What can be asked of the honest peers, and what they answer. */
export interface LongRunAnswers {
  /** So many peers more, one after the other; the ids of all. */
  grow: readonly NodeId[];
  /** So many files, with all their copies; their ids. */
  store: readonly string[];
  /** How many of all files can be read. */
  read: number;
  /** How many of so many lookups end at the true root. */
  lookups: number;
  look: Look;
}

export interface Look {
  /** Why links between honest peers closed, but for want of room, and how often. */
  readonly downs: Readonly<Record<string, number>>;
  /** Ids in leaf sets and routing tables that nobody has. */
  readonly strangers: number;
  /** Sums over all peers. */
  readonly counters: Readonly<Record<string, number>>;
  readonly statuses: readonly string[];
  /** Of JavaScript objects that live, after a collection. */
  readonly heapBytes: number;
  /** Of buffers outside of the heap that objects hold. */
  readonly nativeBytes: number;
  /** Of the whole process. */
  readonly rssBytes: number;
  readonly cpuSeconds: number;
}

export type LongRunQuestion =
  | { readonly what: keyof LongRunAnswers; readonly value: number }
  | { readonly attacker: NodeId };
