// To which nodes WebRTC found no path lately, and why: looking again takes a quarter of a minute, and finds none.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { LinkFailure } from '../peer/ports.ts';
import { MAX_NO_PATHS } from './server-limits.ts';

export class NoPaths {
  readonly #now: () => number;
  readonly #byNode = new BoundedMap<NodeId, { readonly at: number; readonly failure: LinkFailure }>(MAX_NO_PATHS);

  /** `now`: milliseconds on a clock that only moves forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(peer: NodeId, failure: LinkFailure): void {
    this.#byNode.set(peer, { at: this.#now(), failure });
  }

  /** In the last so many milliseconds. */
  has(peer: NodeId, withinMs: number): boolean {
    const found = this.#byNode.get(peer);
    return found !== undefined && this.#now() - found.at < withinMs;
  }

  /** Why there was none, which it forgets. */
  take(peer: NodeId): LinkFailure | undefined {
    const failure = this.#byNode.get(peer)?.failure;
    this.#byNode.delete(peer);
    return failure;
  }

  /** There may be one now. */
  clear(): void {
    this.#byNode.clear();
  }
}
