// The core's contract: what goes in, what comes out (docs/architecture.md). A driver, or the simulator, does the rest.

import type { Message } from './messages.ts';
import type { BlockRef, FetchFailure, ListFailure, StoreFailure } from './past/block.ts';
import type { Lease, Leased } from './past/lease.ts';
import type { PointedAt } from './past/pointers.ts';
import type { RoomLeft } from './past/room-survey.ts';
import type { Id, Key, NodeId } from './pastry/id.ts';
import type { Direct } from './pastry/messages.ts';
import type { NodeHandle } from './pastry/node-handle.ts';
import type { RequestFailure } from './pastry/routing/requests.ts';

/** Milliseconds on a clock that only moves forward; its origin means nothing. */
export type Instant = number;

/** Names one request of the driver's; chosen by the driver, unique in one node's life. */
export type RequestId = number;

export interface Machine {
  /** Takes one input and returns what to do about it. Never throws on a peer's account. */
  handle(input: Input, now: Instant): readonly Output[];
  /** When to call handle({ type: 'wake' }, now) at the latest, if nothing else happens. */
  readonly wakeAt: Instant | undefined;
}

/**
 * Why a wanted link did not open. `no-such-peer`: the signalling says that nobody has this id; `no-answer`: the other end did
 * not answer, or gave the attempt up; `unreachable`: it answered, and there is no path between the two.
 */
export type LinkFailureReason = 'no-such-peer' | 'no-answer' | 'unreachable';

export type Input =
  /**
   * Join through `sponsor`, or found a ring if there is none. Blocks already on disk are announced in `held`, and the leases
   * that were kept, tombstones too, in `leased`.
   */
  | {
      readonly type: 'start';
      readonly sponsor: NodeId | undefined;
      readonly held: readonly BlockRef[];
      readonly leased: readonly Leased[];
    }
  /** The answer to `ask-sponsor`. */
  | { readonly type: 'sponsor'; readonly sponsor: NodeId | undefined }
  | { readonly type: 'wake' }
  /** Leave the ring; `urgent`: at once, without handing blocks over first (the page is being closed). */
  | { readonly type: 'leave'; readonly urgent: boolean }
  | { readonly type: 'message'; readonly from: NodeId; readonly message: Message }
  /** A message that `carrier` brought, and that `from` sealed for this node alone. */
  | { readonly type: 'relayed'; readonly from: NodeId; readonly carrier: NodeId; readonly message: Direct }
  /** A link opened, by whichever side's wish. */
  | { readonly type: 'link-up'; readonly peer: NodeId }
  /** An open link closed. `goodbye`: the peer said it leaves; `budget`: one side had too many; `lost`: anything else. */
  | { readonly type: 'link-down'; readonly peer: NodeId; readonly reason: 'goodbye' | 'budget' | 'lost' }
  | { readonly type: 'link-failed'; readonly peer: NodeId; readonly reason: LinkFailureReason }
  /** An attempt of the other side's at a link failed: there is no path between the two. None was wished for here. */
  | { readonly type: 'no-path'; readonly peer: NodeId }
  /** Find the root of `key`. Answered by `looked-up` or `lookup-failed`. */
  | { readonly type: 'lookup'; readonly request: RequestId; readonly key: Key }
  /** Carry signalling data to a node through the ring. Unacknowledged. */
  | { readonly type: 'signal'; readonly to: NodeId; readonly data: string }
  /** Keep `block` on its k closest nodes for this lease; the driver can produce its bytes until `stored` or `store-failed`. */
  | { readonly type: 'store'; readonly request: RequestId; readonly block: BlockRef; readonly lease: Lease }
  /** Bring a new lease, or a tombstone, to who holds the block, or should. Answered by `leased`. */
  | { readonly type: 'lease'; readonly request: RequestId; readonly block: BlockRef; readonly lease: Lease }
  /** The answer to `keep-leases`: they are durable, or cannot be written. */
  | { readonly type: 'leases-kept'; readonly digest: string; readonly isKept: boolean }
  /** Bring a block here. Answered by `fetched` or `fetch-failed`; the bytes go from transfer to requester in the driver. */
  | { readonly type: 'fetch'; readonly request: RequestId; readonly block: BlockRef }
  /** Which name records are there at `key`? Answered by `listed` or `list-failed`. */
  | { readonly type: 'list'; readonly request: RequestId; readonly key: Key }
  /** Count the copies of a block from now on; `counted` tells of them, once they are known, after each change. */
  | { readonly type: 'watch'; readonly block: BlockRef }
  | { readonly type: 'unwatch'; readonly digest: string }
  /** All bytes of a pulled block arrived from `from` and their digest is right; if `kept`, they are durably stored. */
  | { readonly type: 'block-arrived'; readonly from: NodeId; readonly digest: string; readonly kept: boolean }
  /** All bytes of a block have gone to `to`, which pulled it. */
  | { readonly type: 'given'; readonly to: NodeId; readonly digest: string }
  /** A pull failed: the bytes were wrong, the sender stopped, the disk refused, or they are no name record of their key. */
  | { readonly type: 'block-failed'; readonly from: NodeId; readonly digest: string; readonly reason: PullFailure }
  /** A held block read from disk is gone or does not match its digest; the driver removed it. */
  | { readonly type: 'block-lost'; readonly digest: string }
  /** The disk was cleared, or has failed, or is back: these blocks are on it now, and no others. */
  | { readonly type: 'disk'; readonly held: readonly BlockRef[] }
  /** The answer to `prove`: undefined if the disk does not have the block. */
  | { readonly type: 'proved'; readonly digest: string; readonly salt: string; readonly hash: string | undefined }
  /** How many more bytes the disk takes, as far as can be known; told at the start and now and then. */
  | { readonly type: 'room'; readonly freeBytes: number };

export type PullFailure = 'corrupt' | 'aborted' | 'silent' | 'full' | 'malformed';

export type Output =
  | { readonly type: 'send'; readonly to: NodeId; readonly message: Message }
  /** Have `carrier` bring it there: sealed for `to`, to whom no link opens. */
  | { readonly type: 'relay'; readonly to: NodeId; readonly carrier: NodeId; readonly message: Direct }
  /** Open a link; answered by `link-up` or `link-failed`. */
  | { readonly type: 'connect'; readonly peer: NodeId }
  | { readonly type: 'disconnect'; readonly peer: NodeId; readonly reason: 'goodbye' | 'budget' }
  /** Ask the Discovery node for one random peer; answered by a `sponsor` input. */
  | { readonly type: 'ask-sponsor' }
  | { readonly type: 'status'; readonly status: NodeStatus }
  | {
      readonly type: 'looked-up';
      readonly request: RequestId;
      readonly key: Key;
      readonly root: NodeId;
      readonly route: readonly NodeId[];
    }
  | {
      readonly type: 'lookup-failed';
      readonly request: RequestId;
      readonly key: Key;
      readonly reason: RequestFailure;
    }
  /** Signalling data that arrived through the ring; `from` is what its route claims, and the data itself must prove it. */
  | { readonly type: 'signal'; readonly from: NodeId; readonly data: string }
  /**
   * Progress of a store request, from its quorum on: these nodes have given their receipts for durable copies. `complete`: as
   * many as there should be; the block's bytes are no longer needed. Later there may be fewer, if one is found to have lied.
   */
  | {
      readonly type: 'stored';
      readonly request: RequestId;
      readonly root: NodeId;
      readonly route: readonly NodeId[];
      readonly holders: readonly NodeId[];
      readonly complete: boolean;
    }
  /** `room`: what is left around here, if it is for want of that. */
  | {
      readonly type: 'store-failed';
      readonly request: RequestId;
      readonly reason: StoreFailure;
      readonly room: RoomLeft | undefined;
    }
  /** No more will be said about a store that has its quorum. */
  | { readonly type: 'store-settled'; readonly request: RequestId }
  | { readonly type: 'fetched'; readonly request: RequestId; readonly from: NodeId }
  | { readonly type: 'fetch-failed'; readonly request: RequestId; readonly reason: FetchFailure }
  /** The name records that the replica set of `key` holds, in no order. */
  | {
      readonly type: 'listed';
      readonly request: RequestId;
      readonly root: NodeId;
      readonly route: readonly NodeId[];
      readonly blocks: readonly BlockRef[];
    }
  | { readonly type: 'list-failed'; readonly request: RequestId; readonly reason: ListFailure }
  /** Who was asked to take a lease, and who of them has it durably now. */
  | {
      readonly type: 'leased';
      readonly request: RequestId;
      readonly asked: readonly NodeId[];
      readonly kept: readonly NodeId[];
    }
  /**
   * Write what is known of a block's leases beside it, in place of what was; without any, remove that. Answered by
   * `leases-kept`. A block is kept (`block-arrived`) when its leases are.
   */
  | { readonly type: 'keep-leases'; readonly leased: Leased }
  /** Who holds a watched block now, this node too if it does: each has answered for itself. */
  | { readonly type: 'counted'; readonly digest: string; readonly holders: readonly Holder[] }
  /** Pull a block's bytes from `from` over its link; keep it durably if `keep`. Answered by block-arrived or block-failed. */
  | {
      readonly type: 'pull';
      readonly from: NodeId;
      readonly block: BlockRef;
      readonly keep: boolean;
      /** Others may have it: failed as silent if `from` gives no word in the time of a probe. */
      readonly hurry: boolean;
    }
  /** Stop a pull. */
  | { readonly type: 'stop-pull'; readonly from: NodeId; readonly digest: string }
  /** Remove a block from disk: this node no longer owes it and k others have confirmed their copies, or no lease keeps it. */
  | { readonly type: 'drop'; readonly digest: string }
  /** Check a held block against its digest; answer with block-lost if it is gone or wrong. */
  | { readonly type: 'verify'; readonly digest: string }
  /**
   * Read a held block from the disk, not from memory or a source, and answer with `proved`: SHA-256 over the characters of
   * `salt`, which are ASCII, and the block's bytes.
   */
  | { readonly type: 'prove'; readonly digest: string; readonly salt: string }
  /** A node did what no correct node does, as far as the core can see; `what` is for people. */
  | { readonly type: 'misdeed'; readonly nodeId: NodeId; readonly what: string }
  | { readonly type: 'trace'; readonly event: TraceEvent };

/** A node that holds a block, and the device that it is on. */
export interface Holder {
  readonly nodeId: NodeId;
  readonly device: string;
}

/** joining: not yet confirmed by its leaf set, or woken from a freeze; it delivers nothing. */
export type NodeStatus = 'joining' | 'active' | 'left';

/** What a student watching the ring wants to see; never needed for correctness. */
export type TraceEvent =
  | { readonly kind: 'joined'; readonly route: readonly NodeId[] }
  | { readonly kind: 'leaf-added' | 'leaf-removed'; readonly nodeId: NodeId }
  | {
      readonly kind: 'entry-added' | 'entry-removed';
      readonly nodeId: NodeId;
      readonly row: number;
      readonly column: string;
    }
  | { readonly kind: 'suspected' | 'failed' | 'departed'; readonly nodeId: NodeId }
  | {
      readonly kind: 'routed';
      readonly what: string;
      readonly key: Key;
      readonly origin: NodeId;
      readonly hop: number;
      readonly nextHop: NodeId | undefined;
      readonly rule: 'leaf-set' | 'routing-table' | 'rare-case' | 'root';
    }
  | {
      readonly kind: 'held' | 'dropped' | 'lost' | 'handed-over' | 'deleted' | 'ended';
      readonly digest: string;
      readonly key: Id;
      readonly peer: NodeId | undefined;
    };

/** A frozen picture of a node, for the page, the console and the checkers. */
export interface Inspection {
  readonly handle: NodeHandle;
  readonly status: NodeStatus;
  /** Closest first. */
  readonly leafSet: { readonly cw: readonly NodeId[]; readonly ccw: readonly NodeId[] };
  readonly routingTable: readonly { readonly row: number; readonly column: string; readonly nodeId: NodeId }[];
  readonly neighborhoodSet: readonly NodeId[];
  readonly held: readonly BlockRef[];
  /** Of the blocks that others hold in this node's place, where each is. */
  readonly pointers: readonly PointedAt[];
}
