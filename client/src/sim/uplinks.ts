// Up-links of tabs, where they are bounded: what one node gives to others goes one block after the other, in the order in which it was
// asked for. Links that share a channel would all take as long as the last of these.

import type { NodeId } from '../core/pastry/id.ts';
import type { Schedule } from './schedule.ts';

interface Transfer {
  readonly key: string;
  readonly ms: number;
  readonly done: () => void;
}

export class Uplinks {
  readonly #schedule: Schedule;
  /** The first of each is under way. */
  readonly #transfersBySource = new Map<NodeId, Transfer[]>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Calls `done` once `source` has given what takes its up-link `ms`. */
  give(source: NodeId, key: string, ms: number, done: () => void): void {
    const waiting = this.#transfersBySource.get(source);
    const transfer = { key, ms, done };
    if (waiting !== undefined) {
      waiting.push(transfer);
      return;
    }
    this.#transfersBySource.set(source, [transfer]);
    this.#begin(source, transfer);
  }

  /** Nobody wants it any more. False if it is under way, and goes on, or is not known. */
  cancel(source: NodeId, key: string): boolean {
    const transfers = this.#transfersBySource.get(source);
    const index = transfers?.findIndex((transfer, place) => place > 0 && transfer.key === key) ?? -1;
    if (index > 0) transfers?.splice(index, 1);
    return index > 0;
  }

  #begin(source: NodeId, { ms, done }: Transfer): void {
    this.#schedule.after(ms, () => {
      done();
      const transfers = this.#transfersBySource.get(source) ?? [];
      transfers.shift();
      const [next] = transfers;
      if (next === undefined) this.#transfersBySource.delete(source);
      else this.#begin(source, next);
    });
  }
}
