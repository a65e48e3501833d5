// A map of bounded size: the entries that were set longest ago are forgotten first.

export class BoundedMap<K, V> extends Map<K, V> {
  readonly #most: number;

  /** Holds at most `most` entries. */
  constructor(most: number) {
    super();
    this.#most = most;
  }

  /** Makes `key` the youngest entry, and forgets the oldest if there are too many. */
  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    const [oldest] = this.keys();
    if (this.size > this.#most && oldest !== undefined) this.delete(oldest);
    return this;
  }
}
