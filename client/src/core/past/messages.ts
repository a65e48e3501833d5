// What the storage layers of two nodes say to each other (PAST, sections 2.1 and 3). Bytes do not travel here: the
// receiver of an offer pulls the block over the link (wire/frame.ts), so that its own pace bounds its memory.

import type { Key, NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';

export type PastMessage = Offer | Holding | Refuse | Copies | Lost | BadCopy | RecordsRequest | Records;

/** I can send you these blocks, and by my leaf set you should hold them. */
export interface Offer {
  readonly type: 'offer';
  readonly blocks: readonly BlockRef[];
  /** store: a new file, report the copies to me. replicate: keep a copy. */
  readonly intent: 'store' | 'replicate';
}

/** I hold these, durably. */
export interface Holding {
  readonly type: 'holding';
  readonly digests: readonly string[];
}

/**
 * I will not hold this. full: no room; not-mine: by my leaf set others are closer to its key; too-many: the key has as many
 * name records as I keep; malformed: it is no name record of that key.
 */
export interface Refuse {
  readonly type: 'refuse';
  readonly digest: string;
  readonly reason: 'full' | 'not-mine' | 'too-many' | 'malformed';
}

/** Refusals that another view of the ring would not change. */
export type FinalRefusal = Exclude<Refuse['reason'], 'not-mine'>;

/** The root's report to who stores: which nodes hold the block durably, and how many should. */
export interface Copies {
  readonly type: 'copies';
  readonly digest: string;
  readonly holders: readonly NodeId[];
  readonly wanted: number;
}

/** I no longer hold these: send me another copy if I should. */
export interface Lost {
  readonly type: 'lost';
  readonly digests: readonly string[];
}

/** The bytes you sent do not match their digest: check your copy. */
export interface BadCopy {
  readonly type: 'bad-copy';
  readonly digest: string;
}

/** Which name records do you hold at this key? Answered by `records`. */
export interface RecordsRequest {
  readonly type: 'records?';
  readonly key: Key;
}

/** These; and by my leaf set the members of the key's replica set are these nodes. */
export interface Records {
  readonly type: 'records';
  readonly key: Key;
  readonly blocks: readonly BlockRef[];
  readonly members: readonly NodeId[];
}
