// Keeps what belongs to one peer in order, one way: while something waits for its proof, all that came after it waits behind.
// What need not wait does not, so that without proofs everything happens at once, as if there were no lanes.

import type { NodeId } from '../core/pastry/id.ts';
import type { Soon } from './soon.ts';

/** Steps that wait in one lane. A proof takes a fraction of a millisecond: some tens come meanwhile on the busiest link. */
export const MAX_WAITING = 256;

interface Entry {
  /** Undefined while what it waits for is not known. */
  run: (() => void) | undefined;
  readonly isMessage: boolean;
}

interface Lane {
  entries: Entry[];
  isMoving: boolean;
}

export class Lanes {
  readonly #laneByPeer = new Map<NodeId, Lane>();
  readonly #failed: (reason: unknown) => void;

  /** `failed` is told of what could not be computed: its message is left out. */
  constructor(failed: (reason: unknown) => void) {
    this.#failed = failed;
  }

  /** False while so many wait that no message more is to be added. To be asked before anything is computed for one. */
  hasRoom(peer: NodeId): boolean {
    const lane = this.#laneByPeer.get(peer);
    return lane === undefined || lane.entries.length < MAX_WAITING;
  }

  /** Hands the value to `run` when it is known and nothing older waits: now, if that is so. */
  message<T>(peer: NodeId, soon: Soon<T>, run: (value: T) => void): void {
    const lane = this.#laneByPeer.get(peer);
    if (soon instanceof Promise) this.#await(peer, lane ?? this.#open(peer), soon, run);
    else if (lane === undefined) run(soon);
    else lane.entries.push({ run: () => run(soon), isMessage: true });
  }

  /** `run` when nothing older waits; it is never left out. */
  step(peer: NodeId, run: () => void): void {
    const lane = this.#laneByPeer.get(peer);
    if (lane === undefined) run();
    else lane.entries.push({ run, isMessage: false });
  }

  /** Nobody wants the messages of this peer's that still wait. */
  dropMessages(peer: NodeId): void {
    const lane = this.#laneByPeer.get(peer);
    if (lane === undefined) return;
    lane.entries = lane.entries.filter(({ isMessage }) => !isMessage);
    this.#move(peer, lane);
  }

  /** Time is up: all that is ready happens now, in order, and what is not known yet is left out. */
  finish(): void {
    for (const [peer, lane] of this.#laneByPeer) {
      lane.entries = lane.entries.filter(({ run }) => run !== undefined);
      this.#move(peer, lane);
    }
  }

  #open(peer: NodeId): Lane {
    const lane: Lane = { entries: [], isMoving: false };
    this.#laneByPeer.set(peer, lane);
    return lane;
  }

  #await<T>(peer: NodeId, lane: Lane, promise: Promise<T>, run: (value: T) => void): void {
    const entry: Entry = { run: undefined, isMessage: true };
    lane.entries.push(entry);
    const known = (next: () => void): void => {
      entry.run = next;
      this.#move(peer, lane);
    };
    promise.then(
      (value) => known(() => run(value)),
      (error: unknown) => known(() => this.#failed(error)),
    );
  }

  #move(peer: NodeId, lane: Lane): void {
    // One step may lead to another of the same lane, which comes after it.
    if (lane.isMoving) return;
    lane.isMoving = true;
    try {
      for (let run = lane.entries[0]?.run; run !== undefined; run = lane.entries[0]?.run) {
        lane.entries.shift();
        run();
      }
    } finally {
      lane.isMoving = false;
      if (lane.entries.length === 0 && this.#laneByPeer.get(peer) === lane) this.#laneByPeer.delete(peer);
    }
  }
}
