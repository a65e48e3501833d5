// How messages get to one peer that no link reaches: through a carrier that has proved that it can, else through several
// that were asked and have proved nothing yet. What happens to it is decided in relays.ts and, as messages go, in outbox.ts.

import type { NodeId } from '../id.ts';

/** Nodes asked at once to carry messages: each fails for about a third of pairs. */
export const MAX_CANDIDATES = 3;

export class Carriage {
  #carrier: NodeId | undefined;
  #candidates: readonly NodeId[] = [];
  /** How many of those that could carry have been asked. */
  #tried = 0;

  /** Who has proved that it reaches the peer. */
  get carrier(): NodeId | undefined {
    return this.#carrier;
  }

  /** Whom messages to the peer are handed to. */
  get hands(): readonly NodeId[] {
    return this.#carrier === undefined ? this.#candidates : [this.#carrier];
  }

  /** `carrier` brought a message of the peer's. The latest proof counts: the one that carried before may be dead. */
  proved(carrier: NodeId): void {
    this.forget();
    this.#carrier = carrier;
  }

  /** Asks the next of `linked`, who are in order of likelihood, and after the last the first again; there may be none as yet. */
  askNext(linked: readonly NodeId[]): void {
    const start = this.#tried < linked.length ? this.#tried : 0;
    this.#carrier = undefined;
    this.#candidates = linked.slice(start, start + MAX_CANDIDATES);
    this.#tried = start + this.#candidates.length;
  }

  /** Whoever was asked has brought no answer. */
  dropCandidates(): void {
    this.#candidates = [];
  }

  /** The carrier carries no longer. */
  dropCarrier(): void {
    this.#carrier = undefined;
  }

  /** A link reaches the peer. Should it be lost again, the next in turn are asked. */
  end(): void {
    this.dropCarrier();
    this.dropCandidates();
  }

  /** The peer is another one now, or is gone. */
  forget(): void {
    this.end();
    this.#tried = 0;
  }
}
