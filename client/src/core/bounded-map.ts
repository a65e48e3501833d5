// A map and a set of bounded size: what was set or added longest ago is forgotten first.

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

export class BoundedSet<Item> {
  readonly #items: BoundedMap<Item, true>;

  /** Holds at most `most` items. */
  constructor(most: number) {
    this.#items = new BoundedMap(most);
  }

  has(item: Item): boolean {
    return this.#items.has(item);
  }

  /** Makes `item` the youngest. */
  add(item: Item): void {
    this.#items.set(item, true);
  }

  /** The oldest first. */
  [Symbol.iterator](): Iterator<Item> {
    return this.#items.keys();
  }
}
