// What the long run's two processes say to each other.

import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Traps } from './hostile-crew.ts';

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
  /** What an honest user does meanwhile, and whether it came out right, by what it is. */
  use: Readonly<Record<Use, boolean>>;
}

export const USES = [
  'a file stored',
  'a crowded name: published, and found',
  'a name whose records are nowhere: found',
  'a segment named 512 times: fetched once',
  'names that would do harm: harmless',
] as const;
export type Use = (typeof USES)[number];

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
  /** What inspect() of the honest names as misdeeds of the hostile, and how often. */
  readonly misdeeds: Readonly<Record<string, number>>;
  /** Entries of bounded tables, of all honest peers together, by where they are filled. */
  readonly tables: Readonly<Record<string, number>>;
}

export type LongRunQuestion =
  | { readonly what: keyof LongRunAnswers; readonly value: number }
  | { readonly attackers: readonly NodeId[]; readonly traps: Traps }
  /** Of the heap, into this file. */
  | { readonly snapshot: string };
