// A leaf set being confirmed: which of its members have answered, and whom to tell when all have (SPEC R21, R32).

import type { NodeId } from '../id.ts';

export class Confirmation {
  /** Those that answered since it began; undefined when none is under way. */
  #answered: Set<NodeId> | undefined;
  #isAnew = false;
  #whenDone: () => void = () => undefined;

  /** `isAnew`: the leaf set was confirmed before. Takes the place of one that is under way. */
  begin(isAnew: boolean, whenDone: () => void): void {
    this.#answered = new Set();
    this.#isAnew = isAnew;
    this.#whenDone = whenDone;
  }

  get isUnderWay(): boolean {
    return this.#answered !== undefined;
  }

  /** One is under way of a leaf set that was confirmed before. */
  get isAnew(): boolean {
    return this.isUnderWay && this.#isAnew;
  }

  answered(nodeId: NodeId): void {
    this.#answered?.add(nodeId);
  }

  /** It is a leaf no more, and has to answer again if it becomes one. */
  removed(nodeId: NodeId): void {
    this.#answered?.delete(nodeId);
  }

  hasAnswered(nodeId: NodeId): boolean {
    return this.#answered?.has(nodeId) === true;
  }

  end(): void {
    this.#answered = undefined;
    this.#whenDone();
  }
}
