// The neighborhood set (Pastry, section 2.2): the |M| nodes nearest by proximity. It serves the rare case of routing
// and gives a newcomer near by its first acquaintances.

import type { NodeId } from '../id.ts';
import type { NodeHandle } from '../node-handle.ts';

interface Neighbour {
  readonly handle: NodeHandle;
  readonly distanceMs: number;
}

export class NeighborhoodSet {
  readonly #size: number;
  /** Nearest first. */
  #neighbours: Neighbour[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** Nearest first. */
  members(): NodeHandle[] {
    return this.#neighbours.map((neighbour) => neighbour.handle);
  }

  /** Offers a node that answered, at its measured or predicted round-trip time. */
  offer(handle: NodeHandle, distanceMs: number): void {
    this.remove(handle.nodeId);
    let rank = this.#neighbours.length;
    while (rank > 0 && (this.#neighbours[rank - 1]?.distanceMs ?? 0) > distanceMs) rank -= 1;
    if (rank >= this.#size) return;
    this.#neighbours.splice(rank, 0, { handle, distanceMs });
    if (this.#neighbours.length > this.#size) this.#neighbours.pop();
  }

  has(nodeId: NodeId): boolean {
    return this.#neighbours.some((neighbour) => neighbour.handle.nodeId === nodeId);
  }

  remove(nodeId: NodeId): void {
    const index = this.#neighbours.findIndex((neighbour) => neighbour.handle.nodeId === nodeId);
    if (index >= 0) this.#neighbours.splice(index, 1);
  }
}
