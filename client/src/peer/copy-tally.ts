// How many durable copies the blocks of one file have: a file is as safe as its least-copied block.

export class CopyTally {
  readonly #copiesByDigest = new Map<string, number>();
  /** Called after each change. */
  changed: () => void = () => undefined;

  set(digest: string, copies: number): void {
    if (this.#copiesByDigest.get(digest) === copies) return;
    this.#copiesByDigest.set(digest, copies);
    this.changed();
  }

  /** Copies of the least-copied block; 0 if none is stored yet. */
  get least(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const copies of this.#copiesByDigest.values()) least = Math.min(least, copies);
    return Number.isFinite(least) ? least : 0;
  }
}
