// Remembers ids for a while in bounded memory: two generations, of which the older is thrown away when the newer is full.

export class Recent {
  readonly #size: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  /** Remembers at least the last `size` ids. */
  constructor(size: number) {
    this.#size = size;
  }

  has(id: string): boolean {
    return this.#newer.has(id) || this.#older.has(id);
  }

  add(id: string): void {
    this.#newer.add(id);
    if (this.#newer.size < this.#size) return;
    this.#older = this.#newer;
    this.#newer = new Set();
  }
}
