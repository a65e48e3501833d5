// Whether this node has reason to distrust routing. It is not told so by anybody: it has seen itself that a node answered for a
// key although a closer one, which answered too, has been there for longer than news takes (audits.ts). Ids and answers are
// proved, so that is no opinion. Nobody is accused for it: after a partition honest nodes answer so too, and who is wary only
// asks more.

import type { Instant } from '../../io.ts';

/** So long after the last lie nothing is believed without a search; two audits fall into it (audits.ts). */
const WARY_MS = 30 * 60_000;

export class Wariness {
  readonly #begun: () => void;
  #until: Instant = Number.NEGATIVE_INFINITY;

  /** `begun`: this node has become wary. */
  constructor(begun: () => void) {
    this.#begun = begun;
  }

  /** This node was lied to. */
  deceived(now: Instant): void {
    const wasWary = this.isWary(now);
    this.#until = now + WARY_MS;
    if (!wasWary) this.#begun();
  }

  /** True if a lie that is proved now would change something: who has just been lied to need not prove it again. */
  needsProof(now: Instant): boolean {
    return now + WARY_MS / 2 > this.#until;
  }

  isWary(now: Instant): boolean {
    return now < this.#until;
  }
}
