// A queue in which an item can be moved to the end or taken out, all in constant time: items in the order of the instants
// that are kept of them. (A Map keeps an order too, but finding its first entry passes over all that were deleted.)

interface Node<T> {
  readonly item: T;
  before: Node<T> | undefined;
  after: Node<T> | undefined;
}

export class TimeQueue<T> {
  readonly #nodeByItem = new Map<T, Node<T>>();
  #first: Node<T> | undefined;
  #last: Node<T> | undefined;

  get first(): T | undefined {
    return this.#first?.item;
  }

  has(item: T): boolean {
    return this.#nodeByItem.has(item);
  }

  /** Makes `item` the last one, wherever it was. */
  push(item: T): void {
    this.delete(item);
    const node: Node<T> = { item, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = node;
    else this.#last.after = node;
    this.#last = node;
    this.#nodeByItem.set(item, node);
  }

  delete(item: T): void {
    const node = this.#nodeByItem.get(item);
    if (node === undefined) return;
    this.#nodeByItem.delete(item);
    if (node.before === undefined) this.#first = node.after;
    else node.before.after = node.after;
    if (node.after === undefined) this.#last = node.before;
    else node.after.before = node.before;
  }
}
