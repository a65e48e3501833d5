// Tombstones go where copies would: to the members of a deleted block's replica set, newcomers included, until each has said
// that it has them (P48). So whoever comes back with a copy meets one that knows better.

import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';
import type { Leased } from './lease.ts';
import type { LeasesTaken } from './messages.ts';
import type { NodeView } from './replicas.ts';

/** In one message, 350 bytes each; the next go with the next pass. */
const MAX_IN_MESSAGE = 100;

export class Tombstones {
  readonly #context: PastContext;
  readonly #knowersByDigest = new Map<string, Set<NodeId>>();

  constructor(context: PastContext) {
    this.#context = context;
  }

  /** Tells the members that are not known to know; in each pass of repair. */
  handOn(view: NodeView): void {
    const { leases, replicas, ring, self } = this.#context;
    this.#forgetOld();
    const lackingByPeer = new Map<NodeId, Leased[]>();
    for (const { block, leases: tombstones } of leases.deletions()) {
      if (!ring.covers(block.key)) continue;
      for (const member of view.replicaSet(block.key, replicas)) {
        if (member === self || this.#knowersByDigest.get(block.digest)?.has(member) === true) continue;
        const lacking = lackingByPeer.get(member) ?? [];
        lackingByPeer.set(member, lacking);
        if (lacking.length < MAX_IN_MESSAGE) lacking.push({ block, leases: tombstones });
      }
    }
    for (const [peer, lacking] of lackingByPeer) {
      const blocks = lacking.map(({ block }) => block);
      const told = lacking.flatMap(({ leases: tombstones }) => tombstones).slice(0, MAX_IN_MESSAGE);
      this.#context.tell(peer, { type: 'leases', blocks, leases: told });
    }
  }

  answered(from: NodeId, { leased }: LeasesTaken): void {
    for (const { digest, owner, serial } of leased) {
      const known = this.#context.leases.get(digest, owner);
      if (known?.ends !== true || serial < known.serial) continue;
      this.#knowersByDigest.set(digest, (this.#knowersByDigest.get(digest) ?? new Set()).add(from));
      this.#context.known.forget(digest, from);
    }
  }

  /** It may come back without what it knew. */
  nodeFailed(nodeId: NodeId): void {
    for (const knowers of this.#knowersByDigest.values()) knowers.delete(nodeId);
  }

  #forgetOld(): void {
    for (const digest of [...this.#knowersByDigest.keys()])
      if (this.#context.leases.blockOf(digest) === undefined) this.#knowersByDigest.delete(digest);
  }
}
