// The ring's time, as the Discovery node tells it, and as each node knows it: some may be wrong by days.

import type { NodeId } from '../core/pastry/id.ts';

/** When the simulation begins, milliseconds since 1970. */
const STARTED_MS = 1_800_000_000_000;

export class RingClock {
  /** By how much a node's clock is ahead. */
  readonly errorMsById = new Map<NodeId, number>();
  readonly #elapsedMs: () => number;

  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return STARTED_MS + this.#elapsedMs();
  }

  nowOf(nodeId: NodeId): number {
    return this.now + (this.errorMsById.get(nodeId) ?? 0);
  }
}
