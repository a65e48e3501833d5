// Pairs that cannot open a link (about a third on the internet without TURN): a common leaf carries their messages, so that
// both stay in the ring, leaf sets are right and every key has one root. Small messages only; blocks go through a holder
// that both can reach. A relay could lie about who speaks, so it is heard only about leaves to which there is no link.

import { type Context, count, openLink, send } from './context.ts';
import { type NodeId, ringDistance } from './id.ts';
import type { Relay } from './messages.ts';
import type { Probing } from './probing.ts';

/** Leaves asked at once to carry messages: each fails for about a third of pairs. */
const MAX_CANDIDATES = 3;

export class Relays {
  readonly #context: Context;
  readonly #probing: Probing;

  constructor(context: Context, probing: Probing) {
    this.#context = context;
    this.#probing = probing;
  }

  /** A link to `nodeId` failed. Returns true if it is wanted as a leaf and others are asked to reach it. */
  reach(nodeId: NodeId): boolean {
    const { peers, leafSet, now, timing } = this.#context;
    const peer = peers.of(nodeId);
    peer.linkRetryAt = now + timing.linkRetryMs;
    if (peer.relay !== undefined) return true;
    if (!leafSet.has(nodeId) && !leafSet.admits(nodeId)) return false;
    const open = leafSet.members().filter((leaf) => leaf.nodeId !== nodeId && peers.isOpen(leaf.nodeId));
    // Those closest to it have it in their own leaf sets, and so have links to it if any are possible.
    const byDistance = open.map((leaf) => ({ id: leaf.nodeId, distance: ringDistance(leaf.nodeId, nodeId) }));
    byDistance.sort((a, b) => (a.distance < b.distance ? -1 : 1));
    peer.relayCandidates = byDistance.slice(0, MAX_CANDIDATES).map(({ id }) => id);
    return peer.relayCandidates.length > 0;
  }

  /** Carries a message on, or takes one in. Returns the message that was meant for this node. */
  receive(from: NodeId, relay: Relay): { from: NodeId; message: Relay['message'] } | undefined {
    const { peers, leafSet, self } = this.#context;
    const { peer: nodeId, direction, message } = relay;
    const isRight = nodeId !== self.nodeId && nodeId !== from && peers.isOpen(from);
    if (direction === 'to' && isRight && peers.isOpen(nodeId)) {
      send(this.#context, nodeId, { type: 'relay', direction: 'from', peer: from, message });
      return undefined;
    }
    const isWanted = leafSet.has(nodeId) || leafSet.admits(nodeId);
    if (direction === 'to' || !isRight || !isWanted || peers.isOpen(nodeId)) {
      count(this.#context, 'relays-refused');
      return undefined;
    }
    const peer = peers.of(nodeId);
    peer.relay ??= from;
    peer.relayCandidates = [];
    return { from: nodeId, message };
  }

  /** A node that may have carried messages is gone, or its link is. */
  lost(carrier: NodeId): void {
    for (const peer of this.#context.peers.all()) {
      if (peer.relay !== carrier) continue;
      peer.relay = undefined;
      if (this.reach(peer.nodeId)) this.#probing.suspect(peer.nodeId, true);
    }
  }

  /** Tries links again to the leaves that are reached through a relay: networks change. */
  retryLinks(): void {
    for (const { nodeId } of this.#context.leafSet.members()) {
      if (this.#context.peers.of(nodeId).relay !== undefined) openLink(this.#context, nodeId);
    }
  }
}
