// How many links a node may have under way at a time, as a window that grows while they open in time and is halved when one
// does not, or when the node's own timers come late (AIMD: Chiu and Jain, 1989; Jacobson, SIGCOMM 1988). Where each node
// opened all it wanted at once, on a machine with too little time for it, hardly any opened, and the ring did not come back.

import { FIRST_OPENINGS, MAX_OPENINGS, MIN_OPENINGS } from './limits.ts';

export class OpeningWindow {
  #size = FIRST_OPENINGS;
  /** Above it the window grows by one for as many links as it is wide, below it by one for each. */
  #threshold = MAX_OPENINGS;
  #cutAt = Number.NEGATIVE_INFINITY;

  get size(): number {
    return Math.floor(this.#size);
  }

  /** A link opened in time, one of `underWay`. A window of which little is used says nothing about a wider one. */
  opened(underWay: number): void {
    if (2 * underWay < this.#size) return;
    const step = this.#size < this.#threshold ? 1 : 1 / this.#size;
    this.#size = Math.min(MAX_OPENINGS, this.#size + step);
  }

  /** There was too much to do since `since`. False if the window was halved for that already. */
  cut(since: number, now: number): boolean {
    if (since < this.#cutAt) return false;
    this.#cutAt = now;
    this.#size = Math.max(MIN_OPENINGS, this.#size / 2);
    this.#threshold = this.#size;
    return true;
  }
}
