// What the storage layers of two nodes say to each other (PAST, sections 2.1 and 3). Bytes do not travel here: the
// receiver of an offer pulls the block over the link (wire/frame.ts), so that its own pace bounds its memory.

import type { Holder } from '../io.ts';
import type { Key, NodeId } from '../pastry/id.ts';
import type { Side } from './beyond-leaves.ts';
import type { BlockRef } from './block.ts';
import type { Lease } from './lease.ts';
import type { PointedAt } from './pointers.ts';
import type { Order, Receipt } from './receipts.ts';

export type PastMessage =
  | Offer
  | Holding
  | Refuse
  | Copies
  | Prove
  | HoldingProof
  | Lost
  | BadCopy
  | HoldsRequest
  | Holds
  | RecordsRequest
  | Records
  | Leases
  | LeasesTaken
  | ClockRequest
  | ClockTold
  | RoomRequest
  | RoomTold
  | Divert
  | Diverted
  | RangeDigests
  | RangesDiffer
  | BeyondRequest
  | Beyond;

/** I can send you these blocks, and by my leaf set you should hold them. */
export interface Offer {
  readonly type: 'offer';
  readonly blocks: readonly BlockRef[];
  /** store: a new file, report the copies to me. replicate: keep a copy. */
  readonly intent: 'store' | 'replicate';
  /** Of those who store them and wait for receipts; none where it is repair. */
  readonly orders: readonly Order[];
  /** Of these blocks: what nobody's lease keeps is not taken. */
  readonly leases: readonly Lease[];
}

/** I hold these, durably. */
export interface Holding {
  readonly type: 'holding';
  readonly digests: readonly string[];
  /** For the orders that came with the offer. */
  readonly receipts: readonly Receipt[];
}

/**
 * I will not hold this. full: no room; not-mine: by my leaf set others are closer to its key; too-many: the key has as many
 * name records as I keep; malformed: it is no name record of that key; unleased: no lease that I can take keeps it.
 */
export interface Refuse {
  readonly type: 'refuse';
  readonly digest: string;
  readonly reason: 'full' | 'not-mine' | 'too-many' | 'malformed' | 'unleased';
}

/** Refusals that another view of the ring would not change. */
export type FinalRefusal = Exclude<Refuse['reason'], 'not-mine'>;

/** The root's report to who stores, or would drop its copy. */
export interface Copies {
  readonly type: 'copies';
  readonly digest: string;
  /** Who holds the block, as the root has heard: a claim, which says whom to ask. */
  readonly holders: readonly NodeId[];
  /** For the order of the node that is told. */
  readonly receipts: readonly Receipt[];
  /** How many copies there should be. */
  readonly wanted: number;
}

/** Show me that you hold this. */
export interface Prove {
  readonly type: 'prove';
  readonly digest: string;
  /** 32 random hex characters. */
  readonly nonce: string;
}

/** The answer; see holding-proofs.ts for the hash. */
export interface HoldingProof {
  readonly type: 'proof';
  readonly digest: string;
  readonly nonce: string;
  /** Undefined: I do not hold it. */
  readonly hash: string | undefined;
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

/** Which of these blocks do you hold, durably? Answered by `holds`. Asks for no copy. */
export interface HoldsRequest {
  readonly type: 'holds?';
  /** Where they live, if it is one block. */
  readonly key: Key;
  readonly digests: readonly string[];
  /** Receipts are wanted for these: by who is no leaf of the one that asks. */
  readonly orders: readonly Order[];
}

/** I hold `digests`, durably, and not the `missing`. */
export interface Holds {
  readonly type: 'holds';
  readonly digests: readonly string[];
  readonly missing: readonly string[];
  /** Of the rest: who holds a copy in my place, and must be asked itself. */
  readonly pointers: readonly PointedAt[];
  /** For the orders that came with the question. */
  readonly receipts: readonly Receipt[];
  /** By my leaf set the members of the key's replica set are these nodes. */
  readonly members: readonly NodeId[];
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

/** New leases, or tombstones, of blocks that you hold or should hold. Asks for no copy. Answered by `leased`. */
export interface Leases {
  readonly type: 'leases';
  readonly blocks: readonly BlockRef[];
  readonly leases: readonly Lease[];
}

/** What a node knows now, durably, of one owner's leases for one block. */
export interface LeaseTaken {
  readonly digest: string;
  readonly owner: string;
  /** Of the newest; 0 if there is none. */
  readonly serial: number;
  /** It held the block when the lease came. */
  readonly held: boolean;
}

/** I know these; and by my leaf set the members of the replica set of the one block's key are these nodes. */
export interface LeasesTaken {
  readonly type: 'leased';
  readonly leased: readonly LeaseTaken[];
  readonly members: readonly NodeId[];
}

/** What time is it in the ring, as you know it? Answered by `clock`. */
export interface ClockRequest {
  readonly type: 'clock?';
  /** 32 random hex characters. */
  readonly nonce: string;
}

export interface ClockTold {
  readonly type: 'clock';
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** How many bytes do you still take? Answered by `room`, among leaves. */
export interface RoomRequest {
  readonly type: 'room?';
}

export interface RoomTold {
  readonly type: 'room';
  readonly freeBytes: number;
}

/** I should hold these and have no room: keep them in my place. Answered by `holding`, or `refuse`. */
export interface Divert {
  readonly type: 'divert';
  readonly blocks: readonly BlockRef[];
  /** Who has the bytes. Undefined: keep it if you have it, and only then. */
  readonly source: NodeId | undefined;
  readonly orders: readonly Order[];
  readonly leases: readonly Lease[];
}

/** In my place, `target` holds this. */
export interface Diverted {
  readonly type: 'diverted';
  readonly digest: string;
  readonly target: NodeId;
  /** The target's, for the orders that came with the offer. */
  readonly receipts: readonly Receipt[];
}

/** A range of keys, up to where the next one begins, and a digest of the blocks in it (set-digest.ts). */
export interface RangeDigest {
  readonly from: Key;
  readonly count: number;
  /** 16 hex characters. */
  readonly sum: string;
}

/** As we have told each other, we both hold these. Answered by `ranges-differ`, and only if you see it otherwise. */
export interface RangeDigests {
  readonly type: 'ranges';
  /** 32 random hex characters; the digests are made with it. */
  readonly nonce: string;
  /** Where the last range ends: where the first begins if together they are all keys. */
  readonly end: Key;
  /** Clockwise, without gaps. */
  readonly ranges: readonly RangeDigest[];
}

/** What I know of these ranges, by their places in your list, differs: offer me what you have there. */
export interface RangesDiffer {
  readonly type: 'ranges-differ';
  readonly nonce: string;
  readonly ranges: readonly number[];
}

/** You are my outermost leaf on this side: who comes next beyond you? Answered by `beyond`, now and whenever that changes. */
export interface BeyondRequest {
  readonly type: 'beyond?';
  readonly side: Side;
}

/** The next node of each device, nearest first, up to k devices. */
export interface Beyond {
  readonly type: 'beyond';
  readonly side: Side;
  readonly nodes: readonly Holder[];
}
