// How many blocks are pulled at once: few large ones, whose buffers are memory; of small ones more, but not all from one holder,
// so that those who say that they have what they do not give keep nobody from what others have.

import type { NodeId } from '../core/pastry/id.ts';
import { MAX_INCOMING, MAX_SMALL_INCOMING, SMALL_PULL_BYTES } from './limits.ts';

export class PullPlaces {
  #large = 0;
  #small = 0;
  readonly #smallByHolder = new Map<NodeId, number>();

  /** True if there is one more place. `size`: bytes; 0 if nobody said. To be asked in the order in which pulls were ordered. */
  take({ from, size }: { readonly from: NodeId; readonly size: number }): boolean {
    if (size === 0 || size > SMALL_PULL_BYTES) {
      this.#large += 1;
      return this.#large <= MAX_INCOMING;
    }
    const ofHolder = this.#smallByHolder.get(from) ?? 0;
    if (this.#small >= MAX_SMALL_INCOMING || ofHolder >= MAX_INCOMING) return false;
    this.#small += 1;
    this.#smallByHolder.set(from, ofHolder + 1);
    return true;
  }
}
