// To which nodes WebRTC found no path lately, and why: looking again takes a quarter of a minute, and finds none.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { LinkFailure } from '../peer/ports.ts';
import { MAX_NO_PATHS } from './server-limits.ts';

interface NoPath {
  readonly at: number;
  readonly failure: LinkFailure;
  /** Nor was the other end met over the Discovery node. */
  readonly isCutOff: boolean;
}

export class NoPaths {
  readonly #now: () => number;
  readonly #byNode = new BoundedMap<NodeId, NoPath>(MAX_NO_PATHS);

  /** `now`: milliseconds on a clock that only moves forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(peer: NodeId, failure: LinkFailure): void {
    this.#byNode.set(peer, { at: this.#now(), failure, isCutOff: false });
  }

  /** In the last so many milliseconds: who comes over the Discovery node is welcome. */
  has(peer: NodeId, withinMs: number): boolean {
    return this.#find(peer, withinMs) !== undefined;
  }

  /** The same, and the other end was met over the Discovery node, or may be. */
  leavesServer(peer: NodeId, withinMs: number): boolean {
    return this.#find(peer, withinMs)?.isCutOff === false;
  }

  /** The other end was not met over the Discovery node: a path is looked for again. Returns why there was none. */
  cutOff(peer: NodeId): LinkFailure | undefined {
    const found = this.#byNode.get(peer);
    if (found !== undefined) this.#byNode.set(peer, { ...found, isCutOff: true });
    return found?.failure;
  }

  /** There is one. */
  delete(peer: NodeId): void {
    this.#byNode.delete(peer);
  }

  /** There may be one now. */
  clear(): void {
    this.#byNode.clear();
  }

  #find(peer: NodeId, withinMs: number): NoPath | undefined {
    const found = this.#byNode.get(peer);
    return found !== undefined && this.#now() - found.at < withinMs ? found : undefined;
  }
}
