// How many blocks are brought at once for nodes that no link joins, and for whom: what comes from afar takes long, and must not
// take all room; nor may one node, or nodes that are strangers here, keep the neighbours from theirs.

import type { NodeId } from '../core/pastry/id.ts';
import { MAX_BROUGHT, MAX_BROUGHT_FOR_PEER, MAX_BROUGHT_FOR_STRANGERS } from './limits.ts';
import type { Bringing } from './shell.ts';

/** Whence to bring a block, and what its asker is to this node. */
export interface Errand {
  readonly source: NodeId;
  readonly standing: Bringing;
}

export class BringPlaces {
  readonly #countByPeer = new Map<NodeId, number>();
  #total = 0;
  #ofStrangers = 0;

  hasRoomFor(peer: NodeId, { standing }: Errand): boolean {
    if (this.#total >= MAX_BROUGHT || (this.#countByPeer.get(peer) ?? 0) >= MAX_BROUGHT_FOR_PEER) return false;
    return standing === 'neighbour' || this.#ofStrangers < MAX_BROUGHT_FOR_STRANGERS;
  }

  begin(peer: NodeId, errand: Errand): void {
    this.#change(peer, errand, 1);
  }

  /** It has come, or failed; also if nobody waits any more. */
  end(peer: NodeId, errand: Errand): void {
    this.#change(peer, errand, -1);
  }

  #change(peer: NodeId, { standing }: Errand, by: number): void {
    const count = (this.#countByPeer.get(peer) ?? 0) + by;
    if (count > 0) this.#countByPeer.set(peer, count);
    else this.#countByPeer.delete(peer);
    this.#total += by;
    if (standing === 'stranger') this.#ofStrangers += by;
  }
}
