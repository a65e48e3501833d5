// A set from which one member can be drawn at random, each as likely, in constant time: an array without gaps, in which the
// last one takes the place of one that goes.

import type { Random } from './random.ts';

export class DrawPool<T> {
  readonly #items: T[] = [];
  readonly #indexByItem = new Map<T, number>();

  get size(): number {
    return this.#items.length;
  }

  has(item: T): boolean {
    return this.#indexByItem.has(item);
  }

  add(item: T): void {
    if (this.has(item)) return;
    this.#indexByItem.set(item, this.#items.length);
    this.#items.push(item);
  }

  delete(item: T): void {
    const index = this.#indexByItem.get(item);
    const last = this.#items.at(-1);
    if (index === undefined || last === undefined) return;
    this.#items[index] = last;
    this.#indexByItem.set(last, index);
    this.#items.pop();
    this.#indexByItem.delete(item);
  }

  get members(): readonly T[] {
    return this.#items;
  }

  at(index: number): T | undefined {
    return this.#items[index];
  }
}

/** One of all members of `pools`, which share none, but `left out`; undefined if there is nobody else. */
export function drawFrom<T>(pools: readonly DrawPool<T>[], random: Random, leftOut?: T): T | undefined {
  let total = 0;
  let isAmong = false;
  for (const pool of pools) {
    total += pool.size;
    isAmong ||= leftOut !== undefined && pool.has(leftOut);
  }
  const others = total - (isAmong ? 1 : 0);
  if (others < 1) return undefined;
  const drawn = memberAt(pools, random.below(others));
  // Who is left out gives its place to the last one, which the draw cannot name.
  return drawn === leftOut ? memberAt(pools, total - 1) : drawn;
}

function memberAt<T>(pools: readonly DrawPool<T>[], index: number): T | undefined {
  let rest = index;
  for (const pool of pools) {
    if (rest < pool.size) return pool.at(rest);
    rest -= pool.size;
  }
  return undefined;
}
