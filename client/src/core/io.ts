// The core's contract: what goes in, what comes out (docs/architecture.md). A driver, or the simulator, does the rest.

import type { Message } from './messages.ts';
import type { BlockRef, FetchFailure, ListFailure, StoreFailure } from './past/block.ts';
import type { Id, Key, NodeId } from './pastry/id.ts';
import type { NodeHandle } from './pastry/node-handle.ts';

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
  /** Join through `sponsor`, or found a ring if there is none. Blocks already on disk are announced in `held`. */
  | { readonly type: 'start'; readonly sponsor: NodeId | undefined; readonly held: readonly BlockRef[] }
  /** The answer to `ask-sponsor`. */
  | { readonly type: 'sponsor'; readonly sponsor: NodeId | undefined }
  | { readonly type: 'wake' }
  /** Leave the ring; `urgent`: at once, without handing blocks over first (the page is being closed). */
  | { readonly type: 'leave'; readonly urgent: boolean }
  | { readonly type: 'message'; readonly from: NodeId; readonly message: Message }
  /** A link opened, by whichever side's wish. */
  | { readonly type: 'link-up'; readonly peer: NodeId }
  /** An open link closed. `goodbye`: the peer said it leaves; `budget`: one side had too many; `lost`: anything else. */
  | { readonly type: 'link-down'; readonly peer: NodeId; readonly reason: 'goodbye' | 'budget' | 'lost' }
  | { readonly type: 'link-failed'; readonly peer: NodeId; readonly reason: LinkFailureReason }
  /** Find the root of `key`. Answered by `looked-up` or `lookup-failed`. */
  | { readonly type: 'lookup'; readonly request: RequestId; readonly key: Key }
  /** Carry signalling data to a node through the ring. Unacknowledged. */
  | { readonly type: 'signal'; readonly to: NodeId; readonly data: string }
  /** Keep `block` on its k closest nodes; the driver can produce its bytes until `stored` or `store-failed`. */
  | { readonly type: 'store'; readonly request: RequestId; readonly block: BlockRef }
  /** Bring a block here. Answered by `fetched` or `fetch-failed`; the bytes go from transfer to requester in the driver. */
  | { readonly type: 'fetch'; readonly request: RequestId; readonly block: BlockRef }
  /** Which name records are there at `key`? Answered by `listed` or `list-failed`. */
  | { readonly type: 'list'; readonly request: RequestId; readonly key: Key }
  /** All bytes of a pulled block arrived from `from` and their digest is right; if `kept`, they are durably stored. */
  | { readonly type: 'block-arrived'; readonly from: NodeId; readonly digest: string; readonly kept: boolean }
  /** A pull failed: the bytes were wrong, the sender stopped, the disk refused, or they are no name record of their key. */
  | { readonly type: 'block-failed'; readonly from: NodeId; readonly digest: string; readonly reason: PullFailure }
  /** A held block read from disk is gone or does not match its digest; the driver removed it. */
  | { readonly type: 'block-lost'; readonly digest: string };

export type PullFailure = 'corrupt' | 'aborted' | 'full' | 'malformed';

export type Output =
  | { readonly type: 'send'; readonly to: NodeId; readonly message: Message }
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
      readonly reason: 'timed-out' | 'left';
    }
  /** Signalling data that arrived through the ring. */
  | { readonly type: 'signal'; readonly from: NodeId; readonly data: string }
  /** Progress of a store request: `copies` durable copies exist on `holders`; `done` once a quorum has committed. */
  | {
      readonly type: 'stored';
      readonly request: RequestId;
      readonly root: NodeId;
      readonly route: readonly NodeId[];
      readonly holders: readonly NodeId[];
      readonly complete: boolean;
    }
  | { readonly type: 'store-failed'; readonly request: RequestId; readonly reason: StoreFailure }
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
  /** Pull a block's bytes from `from` over its link; keep it durably if `keep`. Answered by block-arrived or block-failed. */
  | { readonly type: 'pull'; readonly from: NodeId; readonly block: BlockRef; readonly keep: boolean }
  /** Stop a pull. */
  | { readonly type: 'stop-pull'; readonly from: NodeId; readonly digest: string }
  /** Remove a block from disk: this node no longer owes it and k others have confirmed their copies. */
  | { readonly type: 'drop'; readonly digest: string }
  /** Check a held block against its digest; answer with block-lost if it is gone or wrong. */
  | { readonly type: 'verify'; readonly digest: string }
  | { readonly type: 'trace'; readonly event: TraceEvent };

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
      readonly kind: 'held' | 'dropped' | 'lost' | 'handed-over';
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
}
