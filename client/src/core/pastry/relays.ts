// Pairs that cannot open a link (about a third on the internet without TURN): a common leaf carries their messages, so that
// both stay in the ring, leaf sets are right and every key has one root. Small messages only; the bytes of blocks go
// through a node that has links to both (peer/incoming.ts), whom this names. A relay could lie about who speaks, so it is
// heard only about leaves to which there is no link.

import { type Context, count, openLink, send } from './context.ts';
import { type NodeId, ringDistance } from './id.ts';
import type { Relay } from './messages.ts';
import type { Peer } from './peers.ts';
import type { Probing } from './probing.ts';

/** Leaves asked at once to carry messages: each fails for about a third of pairs. */
const MAX_CANDIDATES = 3;

/** A message that a carrier brought. */
export interface Relayed {
  readonly from: NodeId;
  readonly message: Relay['message'];
  /** False for a node that is no leaf here and would be none: it gets answers, and no place in any table. */
  readonly isWanted: boolean;
}

export class Relays {
  readonly #context: Context;
  readonly #probing: Probing;

  constructor(context: Context, probing: Probing) {
    this.#context = context;
    this.#probing = probing;
  }

  /** A link to `nodeId` failed. Returns true if it is wanted as a leaf, so that others are asked to reach it. */
  reach(nodeId: NodeId): boolean {
    const peer = this.#context.peers.of(nodeId);
    if (peer.relay !== undefined) return true;
    if (!this.#isWanted(nodeId)) return false;
    this.#choose(nodeId);
    return true;
  }

  /** What was sent to `nodeId` was not answered: if no link reaches it, others are asked to carry the next try. */
  retry(nodeId: NodeId): void {
    const peer = this.#context.peers.of(nodeId);
    if (peer.link !== 'none' || !this.#isWanted(nodeId)) return;
    peer.relay = undefined;
    this.#choose(nodeId);
  }

  /** Leaves that no link reaches, by the node that carries their messages. */
  relayed(): ReadonlyMap<NodeId, NodeId> {
    const relayByLeaf = new Map<NodeId, NodeId>();
    for (const { nodeId } of this.#context.leafSet.members()) {
      const relay = this.#context.peers.get(nodeId)?.relay;
      if (relay !== undefined) relayByLeaf.set(nodeId, relay);
    }
    return relayByLeaf;
  }

  /** Linked nodes that may have, or get, a link to `nodeId`; the likeliest first. */
  carriersOf(nodeId: NodeId): readonly NodeId[] {
    const { peers } = this.#context;
    const closest = this.#closestLinked(
      nodeId,
      Array.from(peers.all()).filter(({ handle }) => handle !== undefined),
    );
    const relay = peers.get(nodeId)?.relay;
    const proved = relay === undefined ? [] : [relay];
    return [...new Set([...proved, ...closest])].slice(0, MAX_CANDIDATES);
  }

  /** The next linked nodes in order of likelihood, and after the last the first again; there may be none as yet. */
  #choose(nodeId: NodeId): void {
    const { peers } = this.#context;
    const peer = peers.of(nodeId);
    const linked = this.#closestLinked(nodeId, peers.all());
    const start = peer.relaysTried < linked.length ? peer.relaysTried : 0;
    peer.relayCandidates = linked.slice(start, start + MAX_CANDIDATES);
    peer.relaysTried = start + peer.relayCandidates.length;
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

  /** Carries a message on, or takes one in. Returns the message that was meant for this node, and whether as a leaf's. */
  receive(from: NodeId, relay: Relay): Relayed | undefined {
    const { peers, leafSet, routingTable, self } = this.#context;
    const { peer: nodeId, direction, message } = relay;
    const isRight = nodeId !== self.nodeId && nodeId !== from && peers.isOpen(from);
    // No link is opened to somebody of whom this node knows nothing.
    const isKnown = peers.isOpen(nodeId) || leafSet.has(nodeId) || routingTable.has(nodeId);
    if (direction === 'to' && isRight && isKnown && peers.of(nodeId).relay === undefined) {
      send(this.#context, nodeId, { type: 'relay', direction: 'from', peer: from, message });
      return undefined;
    }
    if (direction === 'to' || !isRight || peers.isOpen(nodeId)) {
      this.refuse();
      return undefined;
    }
    const isWanted = this.#isWanted(nodeId);
    if (isWanted) {
      const peer = peers.of(nodeId);
      // The latest proof counts: the one that carried before may be dead.
      peer.relay = from;
      peer.relayCandidates = [];
      peer.relaysTried = 0;
    }
    return { from: nodeId, message, isWanted };
  }

  refuse(): void {
    count(this.#context, 'relays-refused');
  }

  /** A node that may have carried messages is gone, or its link is. */
  lost(carrier: NodeId): void {
    for (const peer of this.#context.peers.all()) {
      if (peer.relay !== carrier) continue;
      peer.relay = undefined;
      if (this.reach(peer.nodeId)) this.#probing.suspect(peer.nodeId);
    }
  }

  /**
   * Tries links again to the leaves that are reached through a relay: networks change. To who is no leaf any more nobody
   * carries: it takes nothing from here that way.
   */
  retryLinks(): void {
    const { peers, leafSet } = this.#context;
    for (const peer of peers.all()) {
      if (peer.relay === undefined) continue;
      if (leafSet.has(peer.nodeId)) openLink(this.#context, peer.nodeId);
      else peer.relay = undefined;
    }
  }
}

/** The closest to `nodeId` first. */
function byDistance(ids: readonly NodeId[], nodeId: NodeId): readonly NodeId[] {
  const placed = ids.map((id) => ({ id, distance: ringDistance(id, nodeId) }));
  placed.sort((a, b) => (a.distance < b.distance ? -1 : 1));
  return placed.map(({ id }) => id);
}
