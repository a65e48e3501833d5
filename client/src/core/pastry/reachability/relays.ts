// Pairs that cannot open a link (about a third on the internet without TURN): a common leaf carries their messages, so that
// both stay in the ring, leaf sets are right and every key has one root. Small messages only; the bytes of blocks go
// through a node that has links to both (peer/incoming.ts), whom this names. What is carried is sealed by the one for the
// other (gate/), so a carrier can neither read nor make it up. Nor does it introduce anybody: who has something brought here
// is heard as a leaf only where this node has seen itself that no link leads there.

import { BoundedMap } from '../../bounded-map.ts';
import type { Instant } from '../../io.ts';
import { type Context, count } from '../context.ts';
import { type NodeId, ringDistance } from '../id.ts';
import type { FailureDetector } from '../membership/failure-detector.ts';
import type { Relay } from '../messages.ts';
import type { Peer } from '../tables/peers.ts';
import { MAX_CANDIDATES } from './carriage.ts';
import { openLink, send } from './outbox.ts';

/** leaf: its word counts as over a link. hearsay: it may be one; this node has not tried a link. stranger: it would be none. */
export type Standing = 'leaf' | 'hearsay' | 'stranger';

/** Nodes for which this one has carried, remembered: some leaf sets full. */
const MAX_CARRIED = 256;
/** Who had a message carried is served as one that needs this node for so long: longer than two leaves are silent. */
const CARRIES_MS = 10 * 60_000;

export class Relays {
  readonly #context: Context;
  readonly #detector: FailureDetector;
  readonly #carriedAtById = new BoundedMap<NodeId, Instant>(MAX_CARRIED);

  constructor(context: Context, detector: FailureDetector) {
    this.#context = context;
    this.#detector = detector;
  }

  /** A link to `nodeId` failed. Returns true if it is wanted as a leaf, so that others are asked to reach it. */
  reach(nodeId: NodeId): boolean {
    if (this.#context.peers.of(nodeId).carriage.carrier !== undefined) return true;
    if (!this.#isWanted(nodeId)) return false;
    this.#choose(nodeId);
    return true;
  }

  /** What was sent to `nodeId` was not answered: if no link reaches it, others are asked to carry the next try. */
  retry(nodeId: NodeId): void {
    if (this.#context.peers.of(nodeId).link === 'none' && this.#isWanted(nodeId)) this.#choose(nodeId);
  }

  /** Leaves that no link reaches, by the node that carries their messages. */
  relayed(): ReadonlyMap<NodeId, NodeId> {
    const carrierByLeaf = new Map<NodeId, NodeId>();
    for (const { nodeId } of this.#context.leafSet.members()) {
      const carrier = this.#context.peers.get(nodeId)?.carriage.carrier;
      if (carrier !== undefined) carrierByLeaf.set(nodeId, carrier);
    }
    return carrierByLeaf;
  }

  /** Linked nodes that may have, or get, a link to `nodeId`; the likeliest first. */
  carriersOf(nodeId: NodeId): readonly NodeId[] {
    const { peers } = this.#context;
    const closest = this.#closestLinked(
      nodeId,
      Array.from(peers.all()).filter(({ handle }) => handle !== undefined),
    );
    const carrier = peers.get(nodeId)?.carriage.carrier;
    const proved = carrier === undefined ? [] : [carrier];
    return [...new Set([...proved, ...closest])].slice(0, MAX_CANDIDATES);
  }

  #choose(nodeId: NodeId): void {
    const { peers } = this.#context;
    peers.of(nodeId).carriage.askNext(this.#closestLinked(nodeId, peers.all()));
  }

  /** A leaf, or a node that would be one, perhaps in the place of a leaf that is suspected. */
  #isWanted(nodeId: NodeId): boolean {
    const { leafSet, peers } = this.#context;
    if (leafSet.has(nodeId) || leafSet.admits(nodeId)) return true;
    return leafSet.members().some((leaf) => peers.isSuspect(leaf.nodeId));
  }

  /**
   * Those closest to it have it in their own leaf sets, and so have links to it if any are possible. Who is suspect, or was
   * never in the ring or no longer is, comes last: a link may outlive the node at its end for a while.
   */
  #closestLinked(nodeId: NodeId, among: Iterable<Peer>): readonly NodeId[] {
    const sure: NodeId[] = [];
    const doubtful: NodeId[] = [];
    for (const { nodeId: id, link, handle, suspect } of among) {
      if (id === nodeId || link !== 'open') continue;
      (handle === undefined || suspect ? doubtful : sure).push(id);
    }
    return [...byDistance(sure, nodeId), ...byDistance(doubtful, nodeId)];
  }

  /** Carries a message on. */
  carry(from: NodeId, { peer: nodeId, direction, sealed }: Relay): void {
    const { peers, leafSet, routingTable, self } = this.#context;
    const isRight = direction === 'to' && nodeId !== self.nodeId && nodeId !== from && peers.isOpen(from);
    // No link is opened to somebody of whom this node knows nothing.
    const isKnown = peers.isOpen(nodeId) || leafSet.has(nodeId) || routingTable.has(nodeId);
    if (!isRight || !isKnown || peers.of(nodeId).carriage.carrier !== undefined) return this.refuse();
    this.#carriedAtById.set(from, this.#context.now);
    send(this.#context, nodeId, { type: 'relay', direction: 'from', peer: from, sealed });
  }

  /** True for a node whose messages this one carried lately. */
  carriesFor(nodeId: NodeId): boolean {
    return this.#context.now - (this.#carriedAtById.get(nodeId) ?? Number.NEGATIVE_INFINITY) < CARRIES_MS;
  }

  /** Takes in what `nodeId` had brought here by `carrier`. Returns what it is heard as; undefined if it is not heard. */
  receive(carrier: NodeId, nodeId: NodeId): Standing | undefined {
    const { peers, self, unlinkable } = this.#context;
    if (nodeId === self.nodeId || nodeId === carrier || !peers.isOpen(carrier) || peers.isOpen(nodeId)) {
      this.refuse();
      return undefined;
    }
    if (!this.#isWanted(nodeId)) return 'stranger';
    const isCarried = peers.get(nodeId)?.carriage.carrier !== undefined;
    if (!isCarried && !unlinkable.hasFailed(nodeId)) return 'hearsay';
    peers.of(nodeId).carriage.proved(carrier);
    return 'leaf';
  }

  refuse(): void {
    count(this.#context, 'relays-refused');
  }

  /** A link to `nodeId` opened. */
  linkUp(nodeId: NodeId): void {
    this.#context.peers.of(nodeId).carriage.end();
  }

  /** A node is dead or has left. */
  gone(nodeId: NodeId): void {
    this.#context.peers.get(nodeId)?.carriage.forget();
    this.carrierLost(nodeId);
  }

  /** The link of a node that may have carried messages is lost. */
  carrierLost(carrier: NodeId): void {
    for (const { nodeId, carriage } of this.#context.peers.all()) {
      if (carriage.carrier !== carrier) continue;
      carriage.dropCarrier();
      if (this.reach(nodeId)) this.#detector.suspect(nodeId);
    }
  }

  /**
   * Tries links again to the leaves that are reached through a relay: networks change. To who is no leaf any more nobody
   * carries: it takes nothing from here that way.
   */
  retryLinks(): void {
    const { peers, leafSet } = this.#context;
    for (const { nodeId, carriage } of peers.all()) {
      if (carriage.carrier === undefined) continue;
      if (leafSet.has(nodeId)) openLink(this.#context, nodeId);
      else carriage.dropCarrier();
    }
  }
}

/** The closest to `nodeId` first. */
function byDistance(ids: readonly NodeId[], nodeId: NodeId): readonly NodeId[] {
  const placed = ids.map((id) => ({ id, distance: ringDistance(id, nodeId) }));
  placed.sort((a, b) => (a.distance < b.distance ? -1 : 1));
  return placed.map(({ id }) => id);
}
