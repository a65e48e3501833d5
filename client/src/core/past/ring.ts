// What PAST needs of Pastry, and Pastry's calls back into it: the only door between the two.

import type { Instant, NodeStatus, Output } from '../io.ts';
import type { Key, NodeId } from '../pastry/id.ts';
import type { ReplyPayload, RoutedPayload } from '../pastry/messages.ts';
import type { NodeHandle } from '../pastry/node-handle.ts';
import type { RingParams } from '../pastry/params.ts';
import type { Outcome, Question } from '../pastry/routing/requests.ts';
import type { PastTimer } from '../timer-names.ts';
import type { TimerTable } from '../timers.ts';
import type { Side } from './beyond-leaves.ts';
import type { PastMessage } from './messages.ts';
import type { PastPurpose } from './purposes.ts';
import type { RoomPolicy } from './room.ts';

export interface Ring {
  readonly self: NodeHandle;
  readonly params: RingParams;
  readonly status: NodeStatus;
  /** The time of the input being handled. */
  readonly now: Instant;
  /** The ring's time as this node knows it, milliseconds since 1970: others' may differ, and it may jump. */
  ringTime(): number;
  /** Shared with Pastry. */
  readonly timers: TimerTable<PastTimer>;
  /** How full this node may get; the usual one if left out. */
  readonly roomPolicy?: RoomPolicy | undefined;
  /** The live members of the leaf set, in no order; every one has answered this node. */
  leaves(): readonly NodeHandle[];
  /** The leaf set's half on one side, closest first; undefined where the halves meet, so that leaves() are all nodes there are. */
  half(side: Side): readonly NodeHandle[] | undefined;
  /**
   * True if `key` is within the leaf set's range, so that its root is among self and leaves(); and so is all that is within
   * `radius` of it, which is 0 if left out. The next closest nodes may be beyond the outermost leaves.
   */
  covers(key: Key, radius?: bigint): boolean;
  /** Sends to a node, opening a link if there is none. Lost if the node is dead; `nodeFailed` is then told if it was a leaf. */
  send(to: NodeId, message: PastMessage): void;
  /** True if no link to this node could be had a short while ago, and nobody carries messages there. */
  isUnreachable(nodeId: NodeId): boolean;
  /** Asks the root of `key`, end to end until `timeoutMs` has passed; `settled` is told of the outcome, perhaps at once. */
  ask(key: Key, question: Question, timeoutMs: number, purpose: PastPurpose): void;
  /** 128 random bits as 32 lower-case hex characters, which nobody can guess. */
  newId(): string;
  emit(output: Output): void;
  /** Counts what should not happen, by name. */
  count(cause: string): void;
}

/** What Pastry tells the layer above (the paper's API: deliver, forward, newLeafs). */
export interface Application {
  /** A message for this layer came, over a link or through a relay. */
  receive(from: NodeId, message: PastMessage): void;
  /** This node is the root of `key`, and active. Returns the answer, or undefined for none. */
  deliver(key: Key, payload: RoutedPayload, route: readonly NodeId[]): ReplyPayload | undefined;
  /** A routed message passes; an answer ends its way here. `route` ends with this node. */
  forward(key: Key, payload: RoutedPayload, route: readonly NodeId[]): ReplyPayload | undefined;
  /** How a question of this layer's ended; told once of each, unless this node leaves without a word. */
  settled(purpose: PastPurpose, outcome: Outcome): void;
  /** Leaves were added or removed. */
  leafSetChanged(): void;
  /** A node is known dead or has left, or has come back under a new epoch: forget what it was believed to hold. */
  nodeFailed(nodeId: NodeId): void;
}
