// Nodes to which no link opens, and when each is worth another try. Kept apart from what is known of peers: most of these
// nodes are in no table, and would be forgotten and tried again at each mention.

import { BoundedMap } from '../../bounded-map.ts';
import type { Instant } from '../../io.ts';
import type { NodeId } from '../id.ts';

/** Where no network ever changes a try costs little; and a ring that was cut in two must not wait long to be one again. */
const MAX_PATIENCE_MS = 240_000;
/** Bound of the list. */
const MAX_NODES = 256;

interface Failure {
  readonly retryAt: Instant;
  readonly patienceMs: number;
}

export class Unlinkable {
  readonly #firstPatienceMs: number;
  readonly #failureById = new BoundedMap<NodeId, Failure>(MAX_NODES);

  constructor(firstPatienceMs: number) {
    this.#firstPatienceMs = firstPatienceMs;
  }

  /** An attempt failed: the next one is to wait twice as long as the last. */
  add(nodeId: NodeId, now: Instant): void {
    const last = this.#failureById.get(nodeId);
    const patienceMs = last === undefined ? this.#firstPatienceMs : Math.min(MAX_PATIENCE_MS, 2 * last.patienceMs);
    this.#failureById.set(nodeId, { retryAt: now + patienceMs, patienceMs });
  }

  /** A link opened. */
  remove(nodeId: NodeId): void {
    this.#failureById.delete(nodeId);
  }

  /** The network may be another one. */
  clear(): void {
    this.#failureById.clear();
  }

  /** True once an attempt has failed, until a link opens. */
  hasFailed(nodeId: NodeId): boolean {
    return this.#failureById.has(nodeId);
  }

  /** True until it is time for another try. */
  has(nodeId: NodeId, now: Instant): boolean {
    const failure = this.#failureById.get(nodeId);
    return failure !== undefined && now < failure.retryAt;
  }
}
