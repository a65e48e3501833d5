// Which of a block's holders is likely to give it soonest: by what this node has ordered there already, and by how fast its last
// orders came. Homes have up-links of a hundredth of each other's, and a file is as slow as its slowest segment.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';

/** Of the last block that a holder gave; networks change, and who was slow may have been busy. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 256;
/** Of a new figure in the mean. */
const WEIGHT = 0.5;
/** A tenth of a second. */
const UNNOTICED_MS = 100;
/** Assumed where nothing is known yet. */
const USUAL_BYTES_PER_MS = 1_000;

interface Pace {
  readonly bytesPerMs: number;
  readonly at: Instant;
}

export class Sources {
  readonly #now: () => Instant;
  /** Bytes that are on order. */
  readonly #orderedById = new Map<NodeId, number>();
  readonly #paceById = new BoundedMap<NodeId, Pace>(MAX_REMEMBERED);

  constructor(now: () => Instant) {
    this.#now = now;
  }

  began(holder: NodeId, size: number): void {
    this.#orderedById.set(holder, (this.#orderedById.get(holder) ?? 0) + size);
  }

  /** `tookMs`: since it began; undefined if nothing came of it. */
  ended(holder: NodeId, size: number, tookMs: number | undefined): void {
    const ordered = this.#orderedById.get(holder) ?? 0;
    // What was under way beside it shared the line.
    if (tookMs !== undefined && size > 0) this.#learn(holder, ordered / Math.max(1, tookMs));
    if (ordered > size) this.#orderedById.set(holder, ordered - size);
    else this.#orderedById.delete(holder);
  }

  /** The same holders; of those that are about alike, who has less on order, and then in the order in which they were given. */
  soonestFirst(holders: readonly NodeId[], size: number): readonly NodeId[] {
    const paces = holders.map((holder) => this.#pace(holder));
    const fastest = Math.max(...paces.map((pace) => pace ?? 0));
    // Who is not known yet may be as fast as the fastest: else nobody ever finds out.
    const unknown = fastest > 0 ? fastest : USUAL_BYTES_PER_MS;
    const soon = holders.map((holder, index) => {
      const ordered = this.#orderedById.get(holder) ?? 0;
      return { holder, ordered, grade: gradeOf((ordered + size) / (paces[index] ?? unknown)) };
    });
    return soon.sort((a, b) => a.grade - b.grade || a.ordered - b.ordered).map(({ holder }) => holder);
  }

  /** How long a block of this size would take from there now; undefined of who has given nothing lately. */
  knownMs(holder: NodeId, size: number): number | undefined {
    const pace = this.#pace(holder);
    return pace === undefined ? undefined : ((this.#orderedById.get(holder) ?? 0) + size) / pace;
  }

  #learn(holder: NodeId, bytesPerMs: number): void {
    const before = this.#pace(holder) ?? bytesPerMs;
    this.#paceById.set(holder, { bytesPerMs: before + WEIGHT * (bytesPerMs - before), at: this.#now() });
  }

  #pace(holder: NodeId): number | undefined {
    const pace = this.#paceById.get(holder);
    return pace !== undefined && this.#now() - pace.at < REMEMBERED_MS ? pace.bytesPerMs : undefined;
  }
}

/** Times that differ by less than half are alike, and so are all that nobody notices: else all would ask the same holder. */
function gradeOf(ms: number): number {
  return ms <= UNNOTICED_MS ? 0 : Math.round(Math.log2(ms / UNNOTICED_MS));
}
