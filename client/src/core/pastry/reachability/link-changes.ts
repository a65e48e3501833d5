// What follows when a link opens, closes or cannot be opened: questions that waited go out, a lost node is suspected, and
// leaves that no link reaches are asked for through others.

import type { LinkFailureReason } from '../../io.ts';
import type { Context } from '../context.ts';
import type { NodeId } from '../id.ts';
import type { CellRepair } from '../maintenance/cell-repair.ts';
import type { FailureDetector } from '../membership/failure-detector.ts';
import type { Join } from '../membership/join.ts';
import type { Membership } from '../membership/membership.ts';
import type { Hops } from '../routing/hops.ts';
import type { Relays } from './relays.ts';

export interface LinkParts {
  readonly membership: Membership;
  readonly detector: FailureDetector;
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
    const { detector, relays, hops } = this.#parts;
    this.#context.peers.of(nodeId).link = 'open';
    relays.linkUp(nodeId);
    this.#context.unlinkable.remove(nodeId);
    detector.linkUp(nodeId);
    hops.linkUp(nodeId);
  }

  down(nodeId: NodeId, reason: 'goodbye' | 'budget' | 'lost'): void {
    const { membership, detector, relays, hops } = this.#parts;
    const peer = this.#context.peers.of(nodeId);
    const wasOpen = peer.link === 'open';
    peer.link = 'none';
    relays.carrierLost(nodeId);
    if (reason === 'goodbye') this.#departed(nodeId);
    else if (reason === 'lost' && peer.handle !== undefined) {
      // Who stood still loses all its links, and needs its leaves first.
      if (this.#context.status === 'active' || this.#context.leafSet.has(nodeId)) detector.suspect(nodeId);
      hops.lost(nodeId);
    } else if (!wasOpen) {
      detector.refused(nodeId);
      hops.lost(nodeId);
    }
    membership.forgetStranger(nodeId);
  }

  failed(nodeId: NodeId, reason: LinkFailureReason): void {
    const { membership, detector, relays, cellRepair, hops, join } = this.#parts;
    const { peers, unlinkable, now } = this.#context;
    peers.of(nodeId).link = 'none';
    this.#context.hearsay.failed(nodeId);
    join.sponsorGone(nodeId);
    if (reason === 'unreachable') unlinkable.add(nodeId, now);
    if (reason === 'unreachable' && relays.reach(nodeId)) detector.relayed(nodeId);
    // A table's node to which no link opens is of no use there: the next message would only wait for the same failure.
    else if (!detector.linkFailed(nodeId) && peers.get(nodeId)?.handle !== undefined) detector.suspect(nodeId);
    // It may have had no time for an answer, or for the Discovery node's pings.
    if (reason !== 'unreachable') membership.doubtDeath(nodeId);
    cellRepair.candidateLost(nodeId);
    hops.lost(nodeId);
  }

  /** The other side tried to link and found no path: what it has brought here by others may count from now on. */
  noPath(nodeId: NodeId): void {
    const { peers, unlinkable, now } = this.#context;
    const peer = peers.get(nodeId);
    // An attempt of this node's own may still end otherwise.
    if ((peer !== undefined && peer.link !== 'none') || unlinkable.has(nodeId, now)) return;
    unlinkable.add(nodeId, now);
    if (peer !== undefined && this.#parts.relays.reach(nodeId)) this.#parts.detector.relayed(nodeId);
  }
}
