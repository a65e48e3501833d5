// What follows when a link opens, closes or cannot be opened: questions that waited go out, a lost node is suspected, and
// leaves that no link reaches are asked for through others.

import type { LinkFailureReason } from '../io.ts';
import type { CellRepair } from './cell-repair.ts';
import type { Context } from './context.ts';
import type { Hops } from './hops.ts';
import type { NodeId } from './id.ts';
import type { Join } from './join.ts';
import type { Membership } from './membership.ts';
import type { Probing } from './probing.ts';
import type { Relays } from './relays.ts';

export interface LinkParts {
  readonly membership: Membership;
  readonly probing: Probing;
  readonly relays: Relays;
  readonly cellRepair: CellRepair;
  readonly hops: Hops;
  readonly join: Join;
}

export class LinkChanges {
  readonly #context: Context;
  readonly #parts: LinkParts;
  readonly #departed: (nodeId: NodeId) => void;

  /** `departed`: a node said goodbye. */
  constructor(context: Context, parts: LinkParts, departed: (nodeId: NodeId) => void) {
    this.#context = context;
    this.#parts = parts;
    this.#departed = departed;
  }

  up(nodeId: NodeId): void {
    const { probing, hops } = this.#parts;
    const peer = this.#context.peers.of(nodeId);
    peer.link = 'open';
    peer.relay = undefined;
    peer.relayCandidates = [];
    this.#context.unlinkable.remove(nodeId);
    probing.linkUp(nodeId);
    hops.linkUp(nodeId);
  }

  down(nodeId: NodeId, reason: 'goodbye' | 'budget' | 'lost'): void {
    const { membership, probing, relays, hops } = this.#parts;
    const peer = this.#context.peers.of(nodeId);
    peer.link = 'none';
    relays.lost(nodeId);
    if (reason === 'goodbye') this.#departed(nodeId);
    else if (reason === 'lost' && peer.handle !== undefined) {
      // Who stood still loses all its links, and needs its leaves first.
      if (this.#context.status === 'active' || this.#context.leafSet.has(nodeId)) probing.suspect(nodeId);
      hops.lost(nodeId);
    }
    membership.forgetStranger(nodeId);
  }

  failed(nodeId: NodeId, reason: LinkFailureReason): void {
    const { membership, probing, relays, cellRepair, hops, join } = this.#parts;
    const { peers, unlinkable, now } = this.#context;
    peers.of(nodeId).link = 'none';
    join.sponsorGone(nodeId);
    if (reason === 'unreachable') unlinkable.add(nodeId, now);
    if (reason === 'unreachable' && relays.reach(nodeId)) probing.relayed(nodeId);
    // A table's node to which no link opens is of no use there: the next message would only wait for the same failure.
    else if (!probing.linkFailed(nodeId) && peers.get(nodeId)?.handle !== undefined) probing.suspect(nodeId);
    // It may have had no time for an answer, or for the Discovery node's pings.
    if (reason !== 'unreachable') membership.doubtDeath(nodeId);
    cellRepair.unreachable(nodeId);
    hops.lost(nodeId);
  }
}
