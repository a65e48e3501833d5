// What Pastry nodes say to each other (Pastry, section 2.4 and 2.5; MSPastry, section 3). The sender is the link's
// identity. A `self` handle tells the rest about the sender and is dropped if its nodeId is not the link's.

import type { BlockRef } from '../past/block.ts';
import type { PastMessage } from '../past/messages.ts';
import type { Proof } from '../proof.ts';
import type { Sealed } from '../sealed.ts';
import type { Key, NodeId } from './id.ts';
import type { Coordinate, Hearsay, Incarnation, NodeHandle } from './node-handle.ts';

export type PastryMessage =
  | Routed
  | Reply
  | Ack
  | Ping
  | Pong
  | LeafSetMessage
  | RowMessage
  | CellsRequest
  | Entries
  | Leave
  | Relay;

/** On its way to the root of `key`, hop by hop. */
export interface Routed {
  readonly type: 'routed';
  /** Unique in the ring and not to be guessed: 32 random hex characters. The same in all retransmissions. */
  readonly id: string;
  readonly key: Key;
  /** Names this one transmission over this one hop; the next node acknowledges it. */
  readonly token: number;
  /** The nodes passed so far, the origin first, the sender last. */
  readonly route: readonly NodeId[];
  readonly payload: RoutedPayload;
}

export type RoutedPayload =
  /** Who is the root? Answered by `found`. */
  | { readonly kind: 'lookup' }
  /** A newcomer's own id is the key; each node on the route adds the rows it shares with the joiner. Answered by `welcome`. */
  | { readonly kind: 'join'; readonly joiner: NodeHandle; readonly rows: readonly (readonly Hearsay[])[] }
  /** Where is this block? Any node on the route that holds it may answer. Answered by `holders`. */
  | { readonly kind: 'locate'; readonly block: BlockRef }
  /** Signalling data for the node whose id is the key. It goes over open links only; who can bring it no further says so. */
  | { readonly kind: 'signal'; readonly data: string }
  /**
   * Which nodes do you know closest to the key? For the last of `via`, to whom it goes over the nodes before: each was named by
   * the one before it. Empty where it has arrived. Unacknowledged. Answered by `closest`.
   */
  | { readonly kind: 'closest'; readonly via: readonly NodeId[] };

/** An answer going back along the route of a routed message. */
export interface Reply {
  readonly type: 'reply';
  /** The id of the message that it answers. */
  readonly id: string;
  readonly token: number;
  /** The nodes still to pass, the origin last. */
  readonly back: readonly NodeId[];
  readonly payload: ReplyPayload;
  /** By whom: true where it counts, which is where the answer ends. Undefined of an own answer, and of signals. */
  readonly proof: Proof | undefined;
  /** Of an own answer: what it answers, for the gate to sign. It stays here. */
  readonly asked?: Asked;
}

/** What an answer answers, beside the id of the message. */
export type Asked = Pick<Routed, 'key' | 'payload'>;

export type ReplyPayload =
  /** `route` is the route taken, origin first, root last. */
  | { readonly kind: 'found'; readonly route: readonly NodeId[] }
  | {
      readonly kind: 'welcome';
      readonly rows: readonly (readonly Hearsay[])[];
      readonly leafSet: readonly Incarnation[];
      readonly route: readonly NodeId[];
    }
  | { readonly kind: 'holders'; readonly holders: readonly NodeId[]; readonly route: readonly NodeId[] }
  /** The nodes of the answerer's tables that are closest to the key, closest first. */
  | { readonly kind: 'closest'; readonly nodes: readonly NodeId[]; readonly route: readonly NodeId[] }
  /** Signalling data the way back; empty: the node is not here. */
  | { readonly kind: 'signal'; readonly data: string };

/** The transmission `token` arrived (MSPastry, section 3.2: per-hop acks). */
export interface Ack {
  readonly type: 'ack';
  readonly token: number;
  readonly coordinate: Coordinate;
}

/** Are you there? */
export interface Ping {
  readonly type: 'ping';
  readonly nonce: number;
  readonly self: NodeHandle;
}

export interface Pong {
  readonly type: 'pong';
  readonly nonce: number;
  readonly self: NodeHandle;
}

/** The sender's leaf set, to confirm, to announce a failure, or to keep two leaf sets in step. An answer leaves out what the
 * question named. */
export interface LeafSetMessage {
  readonly type: 'leaf-set';
  readonly self: NodeHandle;
  readonly members: readonly Incarnation[];
  /** Nodes that the sender found dead; to be probed before they are believed dead. */
  readonly failed: readonly Incarnation[];
  /** True: answer with your own, under the same nonce. */
  readonly asks: boolean;
  readonly nonce: number;
}

/** The nonce of what answers no question. */
export const UNASKED = 0;

/** A question for the row that two nodes share, or the answer, with some of the sender's near nodes. */
export interface RowMessage {
  readonly type: 'row';
  readonly self: NodeHandle;
  readonly row: number;
  readonly entries: readonly Hearsay[];
  /** True: answer with your own row, under the same nonce. */
  readonly asks: boolean;
  readonly nonce: number;
}

/** Which nodes do you know for these empty cells of mine? */
export interface CellsRequest {
  readonly type: 'cells';
  readonly self: NodeHandle;
  readonly cells: readonly { readonly row: number; readonly column: number }[];
}

/** Nodes that may fit the asker's cells. */
export interface Entries {
  readonly type: 'entries';
  readonly self: NodeHandle;
  readonly entries: readonly Hearsay[];
}

/** The sender leaves; `members` is its leaf set, for its neighbours to close the gap at once. */
export interface Leave {
  readonly type: 'leave';
  readonly members: readonly Incarnation[];
}

/**
 * Carried by a common leaf between two nodes that cannot open a link to each other, sealed by one for the other. `peer` is
 * the far end, as seen by the receiver.
 */
export interface Relay {
  readonly type: 'relay';
  /** 'to': please hand on to `peer`. 'from': `peer` asked me to hand you this. */
  readonly direction: 'to' | 'from';
  readonly peer: NodeId;
  readonly sealed: Sealed;
}

/** What nodes say to each other themselves, over a link or sealed through a carrier. */
export type Direct = Exclude<PastryMessage, Relay> | PastMessage;
