// Why the storage layer asks the ring. `session` tells which of its own sessions about that digest asked: the next one
// about the same digest must not take the answer for its own.

import type { RequestId } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';

/** A session about a digest. */
interface Of<Type extends string> {
  readonly type: Type;
  readonly digest: string;
  readonly session: number;
}

export type PastPurpose =
  /** Who is the root of a block to be stored? */
  | Of<'store-root'>
  /** Who is the root of a block that is held here and belongs elsewhere? */
  | Of<'handoff-root'>
  /** Who holds a block to be fetched? */
  | (Of<'fetch-holders'> & { readonly isFirstPlace: boolean })
  /** Who is the root of a block whose copies are counted? */
  | { readonly type: 'count-root'; readonly digest: string }
  /** Who is the root of a block that gets a new lease? */
  | { readonly type: 'lease-root'; readonly request: RequestId }
  /** Who is the root of a name? */
  | { readonly type: 'list-root'; readonly request: RequestId }
  /** Who knows the members of a replica set, past its root? */
  | { readonly type: 'search'; readonly search: number };

/** Why members of a replica set are searched past its root. */
export type SearchPurpose =
  /** Who may take the place of a root that brings no receipts? Undefined if none was found. */
  | (Of<'store-coordinator'> & { readonly root: NodeId | undefined })
  /** Who may take the place of the root to which a held block belongs? */
  | Of<'handoff-coordinator'>
  /** Who else holds a block to be fetched? */
  | Of<'fetch-members'>
  /** Who else holds a block whose copies are counted, if its root names too few? */
  | { readonly type: 'count-members'; readonly digest: string };

export type PurposeOf<Type extends PastPurpose['type']> = Extract<PastPurpose, { readonly type: Type }>;
export type SearchPurposeOf<Type extends SearchPurpose['type']> = Extract<SearchPurpose, { readonly type: Type }>;
