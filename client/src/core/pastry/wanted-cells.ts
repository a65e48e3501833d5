// Cells of the routing table that are empty and wanted, the nodes heard of that may fill them, and those that were asked
// for lately: a cell that nobody could fill stays empty for good reason, and is not asked for at each use.

import type { Instant } from '../io.ts';
import type { Hearsay } from './node-handle.ts';
import type { Cell, RoutingTable } from './routing-table.ts';

/** Empty cells wanted at once, and asked for in one message. */
export const MAX_CELLS = 32;
/** A cell asked for is not wanted again before this: a ring gains few first nodes of a prefix in such a time. */
const PATIENCE_MS = 600_000;
/** Bound of the asked cells in mind; the oldest are forgotten first. */
const MAX_ASKED = 256;

export class WantedCells {
  readonly #routingTable: RoutingTable;
  readonly #cellByName = new Map<string, Cell>();
  readonly #candidateByName = new Map<string, Hearsay>();
  readonly #askedAtByName = new Map<string, Instant>();

  constructor(routingTable: RoutingTable) {
    this.#routingTable = routingTable;
  }

  /** Returns false if the cell was asked for not long ago, or too many are wanted. */
  add(cell: Cell, now: Instant): boolean {
    const name = nameOf(cell);
    const askedAt = this.#askedAtByName.get(name);
    if (askedAt !== undefined && now - askedAt < PATIENCE_MS) return false;
    if (this.#cellByName.size >= MAX_CELLS && !this.#cellByName.has(name)) return false;
    this.#cellByName.set(name, cell);
    return true;
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
      this.#askedAtByName.delete(nameOf(cell));
      this.#askedAtByName.set(nameOf(cell), now);
    }
    for (const oldest of this.#askedAtByName.keys()) {
      if (this.#askedAtByName.size <= MAX_ASKED) break;
      this.#askedAtByName.delete(oldest);
    }
    this.#cellByName.clear();
    this.#candidateByName.clear();
    return cells;
  }

  #isEmpty({ row, column }: Cell): boolean {
    return this.#routingTable.at(row, column) === undefined;
  }
}

function nameOf({ row, column }: Cell): string {
  return `${row}:${column}`;
}
