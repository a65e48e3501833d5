// The links that did not open, for inspect() and the page: the latest failure of each peer, until a link to it opens.

import type { NodeId } from '../core/pastry/id.ts';
import type { LinkFailureInfo } from './api.ts';
import { MAX_TOLD_FAILURES } from './limits.ts';
import type { LinkFailure } from './ports.ts';

export class LinkFailures {
  readonly #latestByPeer = new Map<NodeId, LinkFailureInfo>();

  failed(peer: NodeId, { stage, message }: LinkFailure): void {
    const times = (this.#latestByPeer.get(peer)?.times ?? 0) + 1;
    this.#latestByPeer.delete(peer);
    this.#latestByPeer.set(peer, { nodeId: peer, stage, message, times });
    const oldest = this.#latestByPeer.keys().next();
    if (this.#latestByPeer.size > MAX_TOLD_FAILURES && oldest.done !== true) this.#latestByPeer.delete(oldest.value);
  }

  opened(peer: NodeId): void {
    this.#latestByPeer.delete(peer);
  }

  /** The latest first. */
  list(): readonly LinkFailureInfo[] {
    return [...this.#latestByPeer.values()].reverse();
  }
}
