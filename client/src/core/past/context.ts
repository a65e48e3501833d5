// What all parts of the storage layer share: the door to Pastry, what is held, and what is known of others' copies.

import type { Holder, TraceEvent } from '../io.ts';
import { type Key, type NodeId, ringDistance } from '../pastry/id.ts';
import type { PastTimer } from '../timer-names.ts';
import { Accounts } from './accounts.ts';
import { BeyondLeaves, SIDES } from './beyond-leaves.ts';
import type { BlockRef } from './block.ts';
import { HeldBlocks } from './held.ts';
import { KnownCopies } from './known-copies.ts';
import { longestLeaseMs } from './lease.ts';
import { LeaseBook } from './lease-book.ts';
import type { PastMessage } from './messages.ts';
import { Pointers } from './pointers.ts';
import { NodeView, replicaCount } from './replicas.ts';
import { type Misdeed, Reputation } from './reputation.ts';
import type { Ring } from './ring.ts';
import { type CopyRole, hasRoom } from './room.ts';

/** Of a random id: 32 bits. */
const CHANCE_DIGITS = 8;

type BlockEvent = Extract<TraceEvent, { readonly digest: string }>['kind'];

export class PastContext {
  readonly ring: Ring;
  readonly self: NodeId;
  readonly held = new HeldBlocks();
  readonly known = new KnownCopies();
  readonly pointers = new Pointers();
  readonly accounts = new Accounts();
  readonly leases: LeaseBook;
  readonly beyond: BeyondLeaves;
  readonly reputation: Reputation;
  /** Copies wanted of each block, if there are so many nodes. */
  readonly replicas: number;
  readonly #receiveOwn: (message: PastMessage) => void;
  #closed = false;

  /** `receiveOwn` takes what this node has to say to itself, when it is the root of what it stores. */
  constructor(ring: Ring, receiveOwn: (message: PastMessage) => void) {
    this.ring = ring;
    this.self = ring.self.nodeId;
    this.replicas = replicaCount(ring.params);
    this.beyond = new BeyondLeaves(ring, this.replicas);
    this.reputation = new Reputation(
      () => ring.now,
      (nodeId, what) => this.misdeed(nodeId, what),
    );
    this.leases = new LeaseBook({
      ringTime: () => ring.ringTime(),
      longestMs: longestLeaseMs(ring.params),
      keep: (leased) => ring.emit({ type: 'keep-leases', leased }),
    });
    this.#receiveOwn = receiveOwn;
  }

  /** Whether a block of this size may be kept here, bytes (P60). */
  hasRoom(size: number, role: CopyRole): boolean {
    return hasRoom(size, this.accounts.freeBytes, role, this.held.bytes, this.ring.roomPolicy);
  }

  tell(to: NodeId, message: PastMessage): void {
    if (to === this.self) this.#receiveOwn(message);
    else this.ring.send(to, message);
  }

  /** Calls `fire` once after `delayMs`; a timer of the same name is replaced. */
  after(name: PastTimer, delayMs: number, fire: () => void): void {
    if (this.#closed) return;
    this.ring.timers.set(name, this.ring.now + delayMs, () => {
      if (!this.#closed) fire();
    });
  }

  cancel(name: PastTimer): void {
    this.ring.timers.cancel(name);
  }

  isWaiting(name: PastTimer): boolean {
    return this.ring.timers.has(name);
  }

  /** This node, its leaves and who is known beyond them, as they are now, but for those that are not believed: copies are placed as if they were away. */
  view(): NodeView {
    const others = [...this.#beyondReach(), ...this.ring.leaves()];
    return new NodeView([this.ring.self, ...others.filter(({ nodeId }) => this.reputation.isBelieved(nodeId))]);
  }

  /** The replica set of `key` by `view`, if this node can judge it and is a member of it. */
  ownReplicaSet(view: NodeView, key: Key): readonly NodeId[] | undefined {
    if (!this.ring.covers(key)) return undefined;
    const members = view.replicaSet(key, this.replicas);
    return members.includes(this.self) ? members : undefined;
  }

  /** In the ring, and sees this key's surroundings there: who is joining has a leaf set that may lack any of them. */
  seesAround(key: Key, radius?: bigint): boolean {
    return this.ring.status === 'active' && this.ring.covers(key, radius);
  }

  /** The replica set of `key`, if this node sees it whole: no node beyond its leaves can be closer than one of these. */
  wholeReplicaSet(view: NodeView, key: Key): readonly NodeId[] | undefined {
    const members = view.replicaSet(key, this.replicas);
    let radius = 0n;
    for (const member of members) {
      const distance = ringDistance(key, member);
      if (distance > radius) radius = distance;
    }
    return this.seesAround(key, radius) ? members : undefined;
  }

  /** By node: of the leaves, and of who is known beyond them. */
  devices(): ReadonlyMap<NodeId, string> {
    const others = [...this.#beyondReach(), ...this.ring.leaves()];
    return new Map(others.map(({ nodeId, device }) => [nodeId, device]));
  }

  /** How many devices these nodes are on; one that is not known counts as on its own. */
  devicesOf(nodes: Iterable<NodeId>): number {
    const deviceById = this.devices();
    return new Set([...nodes].map((nodeId) => deviceById.get(nodeId) ?? nodeId)).size;
  }

  isLeaf(nodeId: NodeId): boolean {
    return this.ring.leaves().some((leaf) => leaf.nodeId === nodeId);
  }

  /** True of a leaf whose word about copies counts. */
  isBelievedLeaf(nodeId: NodeId): boolean {
    return this.isLeaf(nodeId) && this.reputation.isBelieved(nodeId);
  }

  /** True of a node whose word about its own copies counts: a believed leaf, or one that has its place beyond the leaves. */
  heeds(nodeId: NodeId): boolean {
    const isKnown = this.isLeaf(nodeId) || this.#beyondReach().some((other) => other.nodeId === nodeId);
    return isKnown && this.reputation.isBelieved(nodeId);
  }

  /** A number of at least 0 and below 1 that nobody can guess. */
  chance(): number {
    return Number.parseInt(this.ring.newId().slice(0, CHANCE_DIGITS), 16) / 16 ** CHANCE_DIGITS;
  }

  misdeed(nodeId: NodeId, what: Misdeed): void {
    this.ring.emit({ type: 'misdeed', nodeId, what });
  }

  trace(kind: BlockEvent, block: BlockRef, peer: NodeId | undefined): void {
    this.ring.emit({ type: 'trace', event: { kind, digest: block.digest, key: block.key, peer } });
  }

  /** Who is known beyond the leaves, but for those that no link reaches. */
  #beyondReach(): readonly Holder[] {
    return SIDES.flatMap((side) => this.beyond.nodes(side)).filter(({ nodeId }) => !this.ring.isUnreachable(nodeId));
  }

  /** Nothing happens any more, timers included. */
  close(): void {
    this.#closed = true;
  }

  get isClosed(): boolean {
    return this.#closed;
  }
}
