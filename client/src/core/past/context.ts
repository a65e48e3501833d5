// What all parts of the storage layer share: the door to Pastry, what is held, and what is known of others' copies.

import type { TraceEvent } from '../io.ts';
import type { Key, NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import { HeldBlocks } from './held.ts';
import { KnownCopies } from './known-copies.ts';
import type { PastMessage } from './messages.ts';
import { NodeView, replicaCount } from './replicas.ts';
import type { Ring } from './ring.ts';

type BlockEvent = Extract<TraceEvent, { readonly digest: string }>['kind'];

export class PastContext {
  readonly ring: Ring;
  readonly self: NodeId;
  readonly held = new HeldBlocks();
  readonly known = new KnownCopies();
  /** Copies wanted of each block, if there are so many nodes. */
  readonly replicas: number;
  readonly #receiveOwn: (message: PastMessage) => void;
  #closed = false;

  /** `receiveOwn` takes what this node has to say to itself, when it is the root of what it stores. */
  constructor(ring: Ring, receiveOwn: (message: PastMessage) => void) {
    this.ring = ring;
    this.self = ring.self.nodeId;
    this.replicas = replicaCount(ring.params);
    this.#receiveOwn = receiveOwn;
  }

  tell(to: NodeId, message: PastMessage): void {
    if (to === this.self) this.#receiveOwn(message);
    else this.ring.send(to, message);
  }

  /** Calls `fire` once after `delayMs`; a timer of the same name is replaced. */
  after(name: string, delayMs: number, fire: () => void): void {
    if (this.#closed) return;
    this.ring.timers.set(`past:${name}`, this.ring.now + delayMs, () => {
      if (!this.#closed) fire();
    });
  }

  cancel(name: string): void {
    this.ring.timers.cancel(`past:${name}`);
  }

  isWaiting(name: string): boolean {
    return this.ring.timers.has(`past:${name}`);
  }

  /** This node and its leaves, as they are now. */
  view(): NodeView {
    return new NodeView([this.ring.self, ...this.ring.leaves()]);
  }

  /** The replica set of `key` by `view`, if this node can judge it and is a member of it. */
  ownReplicaSet(view: NodeView, key: Key): readonly NodeId[] | undefined {
    if (!this.ring.covers(key)) return undefined;
    const members = view.replicaSet(key, this.replicas);
    return members.includes(this.self) ? members : undefined;
  }

  isLeaf(nodeId: NodeId): boolean {
    return this.ring.leaves().some((leaf) => leaf.nodeId === nodeId);
  }

  trace(kind: BlockEvent, block: BlockRef, peer: NodeId | undefined): void {
    this.ring.emit({ type: 'trace', event: { kind, digest: block.digest, key: block.key, peer } });
  }

  /** Nothing happens any more, timers included. */
  close(): void {
    this.#closed = true;
  }

  get isClosed(): boolean {
    return this.#closed;
  }
}
