// What storers are shown of the copies of their files, each second, beside what there is on honest nodes.

import { HONEST, holdersByDigest, SECOND_MS } from './hostile-members.ts';
import type { TestRing } from './ring.ts';

export class ShownCopies {
  readonly #ring: TestRing;
  /** Since when a file is shown with more copies than there are. */
  readonly #sinceByFile = new Map<string, number>();
  #isOn = true;
  /** The most copies too many that a storer was shown of a file. */
  surplus = 0;
  /** The longest that one was shown too many. */
  longestMs = 0;
  /** Looks at which some file was. */
  overstated = 0;

  constructor(ring: TestRing) {
    this.#ring = ring;
    this.#look();
  }

  stop(): void {
    this.#isOn = false;
  }

  #look(): void {
    if (!this.#isOn) return;
    const holders = holdersByDigest(this.#ring);
    const { now } = this.#ring.time;
    const own = HONEST.flatMap((name) => this.#ring.node(name).peer.listFiles().own);
    for (const { fileId, copies } of own) {
      const tooMany = copies - (holders.get(fileId)?.length ?? 0);
      if (tooMany <= 0) {
        this.#sinceByFile.delete(fileId);
        continue;
      }
      const since = this.#sinceByFile.get(fileId) ?? now;
      this.#sinceByFile.set(fileId, since);
      this.surplus = Math.max(this.surplus, tooMany);
      this.longestMs = Math.max(this.longestMs, now - since);
    }
    if (this.#sinceByFile.size > 0) this.overstated += 1;
    this.#ring.time.schedule(SECOND_MS, () => this.#look());
  }
}
