// What peers did that no correct peer does, in words: for people who look at inspect(), and told as it happens, but not each
// time. Of a peer it stays after its link is gone; its id is certified, so a new link does not clear it.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Misdeed } from './api.ts';
import { MAX_TOLD_MISDEEDS } from './limits.ts';

export class Misdeeds {
  readonly #misdeedByName = new BoundedMap<string, Misdeed>(MAX_TOLD_MISDEEDS);

  /** Counts one more; `at`: milliseconds since 1970. Returns it if it is to be told: the first, the tenth, the hundredth time. */
  note(nodeId: NodeId, what: string, at: number): Misdeed | undefined {
    const name = `${nodeId} ${what}`;
    const count = (this.#misdeedByName.get(name)?.count ?? 0) + 1;
    const misdeed = { nodeId, what, count, lastAt: at };
    this.#misdeedByName.set(name, misdeed);
    return Number.isInteger(Math.log10(count)) ? misdeed : undefined;
  }

  /** The latest first. */
  list(): readonly Misdeed[] {
    return [...this.#misdeedByName.values()].reverse();
  }
}
