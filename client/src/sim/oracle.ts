// Global knowledge: the ids of all live, active nodes in order, and from them the truth about roots and leaf sets.

import type { Key, NodeId } from '../core/pastry/id.ts';
import { isNearer } from './arithmetic.ts';

export class Oracle {
  readonly #ids: NodeId[] = [];

  /** All ids, ascending. */
  get ids(): readonly NodeId[] {
    return this.#ids;
  }

  get size(): number {
    return this.#ids.length;
  }

  has(id: NodeId): boolean {
    return this.#ids[this.#position(id)] === id;
  }

  /** Does nothing if it is there. */
  add(id: NodeId): void {
    const position = this.#position(id);
    if (this.#ids[position] !== id) this.#ids.splice(position, 0, id);
  }

  /** Does nothing if it is not there. */
  remove(id: NodeId): void {
    const position = this.#position(id);
    if (this.#ids[position] === id) this.#ids.splice(position, 1);
  }

  /** The id numerically closest to `key`, ties to the higher; undefined in an empty ring. */
  root(key: Key): NodeId | undefined {
    const position = this.#position(key);
    const above = this.#at(position);
    const below = this.#at(position - 1);
    if (above === undefined || below === undefined || above === below) return above;
    return isNearer(key, below, above) ? below : above;
  }

  /** Both halves of the leaf set of `id`, closest first, `half` ids each or all others there are. `id` itself need not be in the ring. */
  leafSet(id: NodeId, half: number): { readonly cw: readonly NodeId[]; readonly ccw: readonly NodeId[] } {
    const position = this.#position(id);
    const isMember = this.#ids[position] === id;
    const others = this.#ids.length - (isMember ? 1 : 0);
    const length = Math.min(half, others);
    const first = isMember ? position + 1 : position;
    const cw: NodeId[] = [];
    const ccw: NodeId[] = [];
    for (let step = 0; step < length; step += 1) {
      const up = this.#at(first + step);
      const down = this.#at(position - 1 - step);
      if (up !== undefined) cw.push(up);
      if (down !== undefined) ccw.push(down);
    }
    return { cw, ccw };
  }

  /** The `count` ids numerically closest to `key`, closest first. */
  closest(key: Key, count: number): readonly NodeId[] {
    const wanted = Math.min(count, this.#ids.length);
    const closest: NodeId[] = [];
    let up = this.#position(key);
    let down = up - 1;
    while (closest.length < wanted) {
      const above = this.#at(up);
      const below = this.#at(down);
      if (above === undefined || below === undefined) break;
      if (above !== below && isNearer(key, below, above)) {
        closest.push(below);
        down -= 1;
      } else {
        closest.push(above);
        up += 1;
      }
    }
    return closest;
  }

  /** True if some id other than `except` starts with `prefix`. */
  hasPrefix(prefix: string, except: NodeId): boolean {
    for (const id of this.withPrefix(prefix)) if (id !== except) return true;
    return false;
  }

  /** The ids that start with `prefix`, ascending. */
  *withPrefix(prefix: string): Iterable<NodeId> {
    for (let position = this.#position(prefix); position < this.#ids.length; position += 1) {
      const id = this.#ids[position];
      if (id === undefined || !id.startsWith(prefix)) return;
      yield id;
    }
  }

  /** Where `id` is, or where it would be: the number of ids below it. */
  #position(id: string): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const there = this.#ids[middle];
      if (there !== undefined && there < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Positions continue round the ring. */
  #at(position: number): NodeId | undefined {
    const size = this.#ids.length;
    return this.#ids[((position % size) + size) % size];
  }
}
