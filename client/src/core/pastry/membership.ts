// Who enters and leaves the tables. A node enters only after it spoke to us itself; what others say of it makes it a
// candidate at most. A dead node's id and epoch are remembered, so that hearsay cannot bring it back.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant } from '../io.ts';
import { type Context, trace } from './context.ts';
import type { NodeId } from './id.ts';
import type { LeafPlace } from './leaf-set.ts';
import type { Coordinate, Hearsay, NodeHandle, NodeLife } from './node-handle.ts';
import { addRttSample, proximity } from './peers.ts';
import { Placement } from './placement.ts';

/** An entry gives way only to a node this much nearer, so that noise in round-trip times moves nothing. */
const NEARER_FACTOR = 0.99;
/** Bound of the list of the dead. */
const MAX_TOMBSTONES = 256;

export interface MembershipListener {
  leafSetChanged(): void;
  /** A node is dead, has left, or has been born again. `place`: where it was in the leaf set. */
  nodeGone(nodeId: NodeId, place: LeafPlace | undefined): void;
  cellEmptied(row: number, column: number): void;
}

interface Tombstone {
  readonly epoch: number;
  readonly until: Instant;
}

export class Membership {
  readonly #context: Context;
  readonly #listener: MembershipListener;
  readonly #placement = new Placement();
  readonly #tombstoneById = new BoundedMap<NodeId, Tombstone>(MAX_TOMBSTONES);

  constructor(context: Context, listener: MembershipListener) {
    this.#context = context;
    this.#listener = listener;
  }

  /** Takes in what a node says of itself, over its own link. Returns false if the words are a former life's. */
  met(handle: NodeHandle): boolean {
    const context = this.#context;
    const peer = context.peers.of(handle.nodeId);
    if (peer.handle !== undefined && handle.epoch < peer.handle.epoch) return false;
    if (peer.handle !== undefined && handle.epoch > peer.handle.epoch) this.#remove(handle.nodeId);
    const tombstone = this.#tombstoneById.get(handle.nodeId);
    if (tombstone !== undefined && handle.epoch >= tombstone.epoch) this.#tombstoneById.delete(handle.nodeId);
    peer.handle = handle;
    peer.suspect = false;
    peer.lastHeard = context.now;
    this.#enter(handle);
    return true;
  }

  /** Lets a node that spoke to us not long ago into the tables: a place has become free. */
  readmit(nodeId: NodeId): void {
    const handle = this.#context.peers.get(nodeId)?.handle;
    if (handle !== undefined) this.#enter(handle);
  }

  /** A message came from `nodeId`: it lives. */
  heard(nodeId: NodeId): void {
    const peer = this.#context.peers.of(nodeId);
    peer.lastHeard = this.#context.now;
    peer.suspect = false;
  }

  /** A round trip to `nodeId` was measured. */
  measured(nodeId: NodeId, rttMs: number, coordinate: Coordinate): void {
    const context = this.#context;
    addRttSample(context.peers.of(nodeId), rttMs);
    const angle = context.random.next() * 2 * Math.PI;
    const own = this.#placement.after(context.self.coordinate, coordinate, rttMs, angle);
    if (own !== context.self.coordinate) context.self = { ...context.self, coordinate: own };
  }

  /** Removes a node that is dead or has left. */
  gone(nodeId: NodeId): void {
    const { peers } = this.#context;
    const peer = peers.get(nodeId);
    if (peer?.handle !== undefined) this.bury(peer.handle);
    this.#remove(nodeId);
    if (peer?.link === 'none') peers.forget(nodeId);
    else if (peer !== undefined) {
      peer.relay = undefined;
      peer.relayCandidates = [];
      peer.relaysTried = 0;
      peer.handle = undefined;
      peer.suspect = false;
    }
  }

  /** Keeps no record of a node without a link that is in no table: in weeks of churn there are very many. */
  forgetStranger(nodeId: NodeId): void {
    const { peers, leafSet, routingTable, neighborhoodSet } = this.#context;
    const peer = peers.get(nodeId);
    if (peer === undefined || peer.link !== 'none' || peer.suspect || peer.relay !== undefined) return;
    if (!leafSet.has(nodeId) && !routingTable.has(nodeId) && !neighborhoodSet.has(nodeId)) peers.forget(nodeId);
  }

  /** Notes that this life of a node is over, so that hearsay does not bring it back. */
  bury({ nodeId, epoch }: NodeLife): void {
    const { now, timing } = this.#context;
    this.#tombstoneById.set(nodeId, { epoch, until: now + timing.tombstoneMs });
  }

  /** It is believed dead because no link to it was answered, or on the Discovery node's word alone: it may be starved. */
  doubtDeath(nodeId: NodeId): void {
    const { now, timing } = this.#context;
    const tombstone = this.#tombstoneById.get(nodeId);
    if (tombstone === undefined) return;
    const until = Math.min(tombstone.until, now + timing.absenceMs);
    this.#tombstoneById.set(nodeId, { epoch: tombstone.epoch, until });
  }

  /** After a freeze: who did not answer then may only have been frozen too, and each would wait for the other's word. */
  doubtAllDeaths(): void {
    this.#tombstoneById.clear();
  }

  /** It lives, as others know who have just heard from it. */
  exhume(nodeId: NodeId): void {
    this.#tombstoneById.delete(nodeId);
  }

  /** True if hearsay about this node is about a life that is known to be over. */
  isDead(handle: NodeLife): boolean {
    const tombstone = this.#tombstoneById.get(handle.nodeId);
    if (tombstone === undefined) return false;
    if (tombstone.until < this.#context.now) {
      this.#tombstoneById.delete(handle.nodeId);
      return false;
    }
    return handle.epoch <= tombstone.epoch;
  }

  /** The dead of late, the latest first. */
  dead(most: number): NodeLife[] {
    const dead: NodeLife[] = [];
    for (const [nodeId, { epoch, until }] of this.#tombstoneById) {
      if (until >= this.#context.now) dead.unshift({ nodeId, epoch });
    }
    return dead.slice(0, most);
  }

  /** True if `handle`, if it answered, would fill its cell or take it from a node farther away; ties go to the higher id. */
  wouldEnterTable(handle: Hearsay): boolean {
    const { routingTable, self, peers } = this.#context;
    const cell = routingTable.cellOf(handle.nodeId);
    if (cell === undefined) return false;
    const present = routingTable.at(cell.row, cell.column);
    if (present === undefined) return true;
    if (present.nodeId === handle.nodeId) return false;
    const newMs = proximity(self.coordinate, handle, peers.get(handle.nodeId));
    const presentMs = proximity(self.coordinate, present, peers.get(present.nodeId));
    if (newMs === presentMs) return handle.nodeId > present.nodeId;
    return newMs !== undefined && presentMs !== undefined && newMs < presentMs * NEARER_FACTOR;
  }

  #enter(handle: NodeHandle): void {
    const context = this.#context;
    const { leafSet, routingTable, neighborhoodSet, peers, self } = context;
    if (routingTable.has(handle.nodeId)) routingTable.put(handle);
    else if (this.wouldEnterTable(handle)) {
      const cell = routingTable.put(handle);
      if (cell !== undefined) {
        const column = cell.column.toString(16);
        trace(context, { kind: 'entry-added', nodeId: handle.nodeId, row: cell.row, column });
      }
    }
    const distanceMs = proximity(self.coordinate, handle, peers.get(handle.nodeId)) ?? Number.MAX_SAFE_INTEGER;
    neighborhoodSet.offer(handle, distanceMs);
    if (leafSet.add(handle)) {
      trace(context, { kind: 'leaf-added', nodeId: handle.nodeId });
      this.#listener.leafSetChanged();
    }
  }

  #remove(nodeId: NodeId): void {
    const context = this.#context;
    const place = context.leafSet.placeOf(nodeId);
    const wasLeaf = context.leafSet.remove(nodeId);
    context.neighborhoodSet.remove(nodeId);
    const cell = context.routingTable.remove(nodeId);
    if (wasLeaf) trace(context, { kind: 'leaf-removed', nodeId });
    if (cell !== undefined) {
      trace(context, { kind: 'entry-removed', nodeId, row: cell.row, column: cell.column.toString(16) });
    }
    this.#listener.nodeGone(nodeId, place);
    if (wasLeaf) this.#listener.leafSetChanged();
    if (cell !== undefined) this.#listener.cellEmptied(cell.row, cell.column);
  }
}
