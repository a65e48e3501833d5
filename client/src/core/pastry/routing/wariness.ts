// Whether this node has reason to distrust routing. It is not told so by anybody: it has seen itself that a node answered for a
// key although a closer one, which answered too, is there. Ids and answers are proved, so that is no opinion.

import type { Instant } from '../../io.ts';

/** So long after the last false answer nothing is believed without a search; two audits fall into it (audits.ts). */
const WARY_MS = 30 * 60_000;

export class Wariness {
  readonly #begun: () => void;
  #until: Instant = Number.NEGATIVE_INFINITY;

  /** `begun`: this node has become wary. */
  constructor(begun: () => void) {
    this.#begun = begun;
  }

  /** A false answer came. */
  deceived(now: Instant): void {
    const wasWary = this.isWary(now);
    this.#until = now + WARY_MS;
    if (!wasWary) this.#begun();
  }

  isWary(now: Instant): boolean {
    return now < this.#until;
  }
}
