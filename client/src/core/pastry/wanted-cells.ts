// Cells of the routing table that are empty and wanted, the nodes heard of that may fill them, and those that were asked
// for lately: a cell that nobody could fill stays empty for good reason, and is not asked for at each use.

import type { Instant } from '../io.ts';
import type { Hearsay } from './node-handle.ts';
import type { Cell, RoutingTable } from './routing-table.ts';

/** Empty cells wanted at once, and asked for in one message. */
export const MAX_CELLS = 32;
/** A cell asked for is not wanted again before this: a ring gains few first nodes of a prefix in such a time. */
const PATIENCE_MS = 600_000;
/** Nodes asked for one cell in that time, if each names only nodes that cannot be linked. */
const MAX_TRIES = 12;
/** Bound of the asked cells in mind; the oldest are forgotten first. */
const MAX_ASKED = 256;

/** tries: how often in a row, the last time `at`. */
interface Asked {
  readonly at: Instant;
  readonly tries: number;
}

export class WantedCells {
  readonly #routingTable: RoutingTable;
  readonly #cellByName = new Map<string, Cell>();
  readonly #candidateByName = new Map<string, Hearsay>();
  readonly #askedByName = new Map<string, Asked>();

  constructor(routingTable: RoutingTable) {
    this.#routingTable = routingTable;
  }

  /** Returns false if the cell was asked for not long ago, or too many are wanted. */
  add(cell: Cell, now: Instant): boolean {
    return this.#lastAsked(cell, now) === undefined && this.#want(cell);
  }

  /** The same for a cell whose candidates were of no use: it may be asked for again at once, some times. */
  addAgain(cell: Cell, now: Instant): boolean {
    return (this.#lastAsked(cell, now)?.tries ?? 0) < MAX_TRIES && this.#want(cell);
  }

  /** Keeps a node for the wanted cell that it fits. Returns false if there is none. */
  offer(handle: Hearsay): boolean {
    const cell = this.#routingTable.cellOf(handle.nodeId);
    if (cell === undefined || !this.#cellByName.has(nameOf(cell)) || !this.#isEmpty(cell)) return false;
    this.#candidateByName.set(nameOf(cell), handle);
    return true;
  }

  /** A node that may fill a wanted cell; each is named once. */
  takeCandidate(): Hearsay | undefined {
    for (const [name, handle] of this.#candidateByName) {
      this.#candidateByName.delete(name);
      const cell = this.#cellByName.get(name);
      if (cell !== undefined && this.#isEmpty(cell)) return handle;
    }
    return undefined;
  }

  /** The wanted cells that are empty still. */
  cells(): Cell[] {
    for (const [name, cell] of this.#cellByName) if (!this.#isEmpty(cell)) this.#cellByName.delete(name);
    return [...this.#cellByName.values()];
  }

  /** The wanted cells, which are going to be asked for now. */
  takeAll(now: Instant): Cell[] {
    const cells = this.cells();
    for (const cell of cells) {
      const tries = (this.#lastAsked(cell, now)?.tries ?? 0) + 1;
      this.#askedByName.delete(nameOf(cell));
      this.#askedByName.set(nameOf(cell), { at: now, tries });
    }
    for (const oldest of this.#askedByName.keys()) {
      if (this.#askedByName.size <= MAX_ASKED) break;
      this.#askedByName.delete(oldest);
    }
    this.#cellByName.clear();
    this.#candidateByName.clear();
    return cells;
  }

  #want(cell: Cell): boolean {
    const name = nameOf(cell);
    if (this.#cellByName.size >= MAX_CELLS && !this.#cellByName.has(name)) return false;
    this.#cellByName.set(name, cell);
    return true;
  }

  #lastAsked(cell: Cell, now: Instant): Asked | undefined {
    const asked = this.#askedByName.get(nameOf(cell));
    return asked !== undefined && now - asked.at < PATIENCE_MS ? asked : undefined;
  }

  #isEmpty({ row, column }: Cell): boolean {
    return this.#routingTable.at(row, column) === undefined;
  }
}

function nameOf({ row, column }: Cell): string {
  return `${row}:${column}`;
}
