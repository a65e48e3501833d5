// Works that are done at once, while what follows from them keeps their order: signals of one node are checked side by
// side, and heard in the order in which they came.

export class InTurn<K> {
  /** The last of each key that is not over. */
  readonly #lastByKey = new Map<K, Promise<unknown>>();

  /** Calls `then` with what `work` comes to, after those of the same key that were begun before. */
  run<T>(key: K, work: Promise<T>, then: (result: T) => void): void {
    const before = this.#lastByKey.get(key);
    // Settled, whatever it came to: an error keeps nobody else from his turn, and is told as one that nobody handled.
    const turn = Promise.allSettled([before]).then(() => work);
    this.#lastByKey.set(key, turn);
    void turn.then(then).finally(() => {
      if (this.#lastByKey.get(key) === turn) this.#lastByKey.delete(key);
    });
  }
}
