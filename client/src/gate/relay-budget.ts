// What cannot be opened costs this node more than whoever made it up, and who that was is not to be seen: the carrier, or the
// node for which it carries. So of each such pair only some are tried in a while.

import { BoundedMap } from '../core/bounded-map.ts';
import type { NodeId } from '../core/pastry/id.ts';

/** False messages in a while. A correct pair brings none, or a few, of a life that has just ended. */
export const MAX_FALSE = 32;
export const FALSE_WINDOW_MS = 60_000;
const MAX_PAIRS = 1_024;

interface Spent {
  readonly since: number;
  count: number;
}

export class RelayBudget {
  readonly #now: () => number;
  readonly #spentByPair = new BoundedMap<string, Spent>(MAX_PAIRS);

  /** `now`: milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  isSpent(carrier: NodeId, from: NodeId): boolean {
    const spent = this.#current(carrier, from);
    return spent !== undefined && spent.count >= MAX_FALSE;
  }

  spend(carrier: NodeId, from: NodeId): void {
    const spent = this.#current(carrier, from);
    if (spent === undefined) this.#spentByPair.set(`${carrier} ${from}`, { since: this.#now(), count: 1 });
    else spent.count += 1;
  }

  #current(carrier: NodeId, from: NodeId): Spent | undefined {
    const spent = this.#spentByPair.get(`${carrier} ${from}`);
    return spent === undefined || this.#now() - spent.since >= FALSE_WINDOW_MS ? undefined : spent;
  }
}
