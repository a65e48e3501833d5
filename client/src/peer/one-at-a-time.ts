// Work on each block one after the other, in the order of the calls: a put and a delete of one digest must not interleave.

export class OneAtATime {
  readonly #lastByKey = new Map<string, Promise<unknown>>();

  /** Does `work` once all earlier work under this key is done, however that ended. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const done = (this.#lastByKey.get(key) ?? Promise.resolve()).catch(() => undefined).then(work);
    this.#lastByKey.set(key, done);
    try {
      return await done;
    } finally {
      if (this.#lastByKey.get(key) === done) this.#lastByKey.delete(key);
    }
  }

  /** Resolves when all that has been begun is done. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#lastByKey.values());
  }
}
