// Tells other nodes which copies this node no longer has, many digests to a message: a pass may drop hundreds.

import type { NodeId } from '../pastry/id.ts';
import type { PastContext } from './context.ts';
import { MAX_OFFER_BLOCKS } from './offers.ts';

/** Losses of one pass go out together. */
const GATHER_MS = 50;

export class LossNotices {
  readonly #context: PastContext;
  readonly #digestsByPeer = new Map<NodeId, Set<string>>();

  constructor(context: PastContext) {
    this.#context = context;
  }

  add(peers: Iterable<NodeId>, digest: string): void {
    for (const peer of peers) {
      if (peer === this.#context.self) continue;
      const digests = this.#digestsByPeer.get(peer);
      if (digests === undefined) this.#digestsByPeer.set(peer, new Set([digest]));
      else digests.add(digest);
    }
    if (!this.#context.isWaiting({ kind: 'loss-notices' }))
      this.#context.after({ kind: 'loss-notices' }, GATHER_MS, () => this.#send());
  }

  /** The block is here again: whoever was not yet told need not be. */
  forget(digest: string): void {
    for (const digests of this.#digestsByPeer.values()) digests.delete(digest);
  }

  #send(): void {
    for (const [peer, digests] of this.#digestsByPeer) {
      const all = [...digests];
      for (let start = 0; start < all.length; start += MAX_OFFER_BLOCKS) {
        this.#context.tell(peer, { type: 'lost', digests: all.slice(start, start + MAX_OFFER_BLOCKS) });
      }
    }
    this.#digestsByPeer.clear();
  }
}
