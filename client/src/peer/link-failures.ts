// The links that did not open, for inspect() and the page: the latest failure of each peer, until a link to it opens.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { LinkFailureInfo } from './api.ts';
import { MAX_TOLD_FAILURES } from './limits.ts';
import type { LinkFailure } from './ports.ts';

export class LinkFailures {
  readonly #latestByPeer = new BoundedMap<NodeId, LinkFailureInfo>(MAX_TOLD_FAILURES);

  failed(peer: NodeId, { stage, message }: LinkFailure): void {
    const times = (this.#latestByPeer.get(peer)?.times ?? 0) + 1;
    this.#latestByPeer.set(peer, { nodeId: peer, stage, message, times });
  }

  opened(peer: NodeId): void {
    this.#latestByPeer.delete(peer);
  }

  /** The latest first. */
  list(): readonly LinkFailureInfo[] {
    return [...this.#latestByPeer.values()].reverse();
  }
}
