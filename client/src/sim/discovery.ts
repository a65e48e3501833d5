// Stands in for the Discovery node: knows who is registered and names one random peer, which may be dead by then.
// Never gives a list; an id that is taken is not given twice.

import type { NodeId } from '../core/pastry/id.ts';
import type { Rng } from './rng.ts';

export class Discovery {
  /** While true it answers nobody. */
  isAway = false;
  readonly #rng: Rng;
  readonly #ids: NodeId[] = [];
  readonly #positionById = new Map<NodeId, number>();

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  isRegistered(id: NodeId): boolean {
    return this.#positionById.has(id);
  }

  register(id: NodeId): void {
    if (!this.#positionById.has(id)) this.#positionById.set(id, this.#ids.push(id) - 1);
  }

  remove(id: NodeId): void {
    const position = this.#positionById.get(id);
    const last = this.#ids.pop();
    if (last === undefined || position === undefined) {
      if (last !== undefined) this.#ids.push(last);
      return;
    }
    this.#positionById.delete(id);
    if (last === id) return;
    this.#ids[position] = last;
    this.#positionById.set(last, position);
  }

  /** One random registered peer other than `asker`. */
  sponsorFor(asker: NodeId): NodeId | undefined {
    const others = this.#ids.length - (this.#positionById.has(asker) ? 1 : 0);
    if (this.isAway || others === 0) return undefined;
    for (;;) {
      const id = this.#ids[this.#rng.int(this.#ids.length)];
      if (id !== undefined && id !== asker) return id;
    }
  }
}
