// Who enters and leaves the tables. A node enters only after it spoke to us itself; what others say of it makes it a
// candidate at most. A dead node's id and epoch are remembered, so that hearsay cannot bring it back.

import { BoundedMap } from '../../bounded-map.ts';
import type { Instant } from '../../io.ts';
import { type Context, trace } from '../context.ts';
import type { NodeId } from '../id.ts';
import type { Coordinate, Hearsay, Incarnation, NodeHandle } from '../node-handle.ts';
import { CoordinateFitting } from '../proximity/coordinate-fitting.ts';
import type { LeafPlace } from '../tables/leaf-set.ts';
import { addRttSample, proximity } from '../tables/peers.ts';

/** An entry gives way only to a node this much nearer, so that noise in round-trip times moves nothing. */
const NEARER_FACTOR = 0.99;
/** Bound of the memory of the dead. */
const MAX_OBITUARIES = 256;

/**
 * How this node learned that another is gone; 'new-incarnation': it has come back itself. The goodbye of a leaving node reaches
 * everybody without help.
 */
export type DeathNews = 'own-probe' | 'hearsay' | 'goodbye' | 'new-incarnation';

export interface MembershipListener {
  leafSetChanged(): void;
  /** A node is dead, has left, or has been born again. `place`: where it was in the leaf set. */
  nodeGone(nodeId: NodeId, place: LeafPlace | undefined, news: DeathNews): void;
  cellEmptied(row: number, column: number): void;
}

interface Obituary {
  readonly epoch: number;
  /** It had spoken to this node: that there was this life, and that those before it are over, is no hearsay. */
  readonly isCertified: boolean;
  readonly until: Instant;
}

export class Membership {
  readonly #context: Context;
  readonly #listener: MembershipListener;
  readonly #fitting = new CoordinateFitting();
  readonly #obituaryById = new BoundedMap<NodeId, Obituary>(MAX_OBITUARIES);

  constructor(context: Context, listener: MembershipListener) {
    this.#context = context;
    this.#listener = listener;
  }

  /** Takes in what a node says of itself, over its own link. Returns false if the words are a former incarnation's. */
  met(handle: NodeHandle): boolean {
    const context = this.#context;
    const peer = context.peers.of(handle.nodeId);
    if (peer.handle !== undefined && handle.epoch < peer.handle.epoch) return false;
    if (peer.handle !== undefined && handle.epoch > peer.handle.epoch) this.#remove(handle.nodeId, 'new-incarnation');
    const obituary = this.#obituaryById.get(handle.nodeId);
    if (obituary !== undefined && handle.epoch >= obituary.epoch) this.#obituaryById.delete(handle.nodeId);
    context.hearsay.met(handle.nodeId);
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
    const own = this.#fitting.after(context.self.coordinate, coordinate, rttMs, angle);
    if (own !== context.self.coordinate) context.self = { ...context.self, coordinate: own };
  }

  /** Removes a node that is dead or has left. */
  gone(nodeId: NodeId, news: DeathNews): void {
    const { peers } = this.#context;
    const peer = peers.get(nodeId);
    if (peer?.handle !== undefined) this.#note(peer.handle, true);
    this.#remove(nodeId, news);
    if (peer?.link === 'none') peers.forget(nodeId);
    else if (peer !== undefined) {
      peer.handle = undefined;
      peer.suspect = false;
    }
  }

  /** Keeps no record of a node without a link that is in no table: in weeks of churn there are very many. */
  forgetStranger(nodeId: NodeId): void {
    const { peers, leafSet, routingTable, neighborhoodSet } = this.#context;
    const peer = peers.get(nodeId);
    if (peer === undefined || peer.link !== 'none' || peer.suspect) return;
    if (peer.carriage.carrier !== undefined) return;
    if (!leafSet.has(nodeId) && !routingTable.has(nodeId) && !neighborhoodSet.has(nodeId)) peers.forget(nodeId);
  }

  /** Notes that a node of which others spoke did not answer, so that hearsay of this life does not bring it back. */
  bury(life: Incarnation): void {
    const known = this.#obituaryById.get(life.nodeId);
    // A life that others made up must not hide one that was there.
    if (known?.isCertified !== true || known.until < this.#context.now) this.#note(life, false);
  }

  /** It is believed dead because no link to it was answered, or on the Discovery node's word alone: it may be starved. */
  doubtDeath(nodeId: NodeId): void {
    const { now, timing } = this.#context;
    const obituary = this.#obituaryById.get(nodeId);
    if (obituary === undefined) return;
    const until = Math.min(obituary.until, now + timing.absenceMs);
    this.#obituaryById.set(nodeId, { ...obituary, until });
  }

  /** After a freeze: who did not answer then may only have been frozen too, and each would wait for the other's word. */
  doubtAllDeaths(): void {
    this.#obituaryById.clear();
  }

  /** It lives, as others know who have just heard from it. */
  revive(nodeId: NodeId): void {
    this.#obituaryById.delete(nodeId);
  }

  /** True if hearsay about this node is about an incarnation that is known to be dead. */
  isDead(handle: Incarnation): boolean {
    const obituary = this.#obituaryById.get(handle.nodeId);
    if (obituary === undefined) return false;
    if (obituary.until < this.#context.now) {
      this.#obituaryById.delete(handle.nodeId);
      return false;
    }
    return obituary.isCertified ? handle.epoch <= obituary.epoch : handle.epoch === obituary.epoch;
  }

  /** The dead of late, the latest first. */
  dead(most: number): Incarnation[] {
    const dead: Incarnation[] = [];
    for (const [nodeId, { epoch, until }] of this.#obituaryById) {
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

  #note({ nodeId, epoch }: Incarnation, isCertified: boolean): void {
    const { now, timing } = this.#context;
    this.#obituaryById.set(nodeId, { epoch, isCertified, until: now + timing.obituaryMs });
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

  #remove(nodeId: NodeId, news: DeathNews): void {
    const context = this.#context;
    const place = context.leafSet.placeOf(nodeId);
    const wasLeaf = context.leafSet.remove(nodeId);
    context.neighborhoodSet.remove(nodeId);
    const cell = context.routingTable.remove(nodeId);
    if (wasLeaf) trace(context, { kind: 'leaf-removed', nodeId });
    if (cell !== undefined) {
      trace(context, { kind: 'entry-removed', nodeId, row: cell.row, column: cell.column.toString(16) });
    }
    this.#listener.nodeGone(nodeId, place, news);
    if (wasLeaf) this.#listener.leafSetChanged();
    if (cell !== undefined) this.#listener.cellEmptied(cell.row, cell.column);
  }
}
