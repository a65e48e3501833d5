// Cells of the routing table that are empty and wanted, the nodes heard of that may fill them, and those that were asked
// for lately: a cell that nobody could fill stays empty for good reason, and is not asked for at each use.

import { BoundedMap } from '../../bounded-map.ts';
import type { Instant } from '../../io.ts';
import type { Hearsay } from '../node-handle.ts';
import type { Cell, RoutingTable } from '../tables/routing-table.ts';

/** Empty cells wanted at once, and asked for in one message. */
export const MAX_WANTED_CELLS = 32;
/** A cell asked for is not wanted again before this: a ring gains few first nodes of a prefix in such a time. */
const PATIENCE_MS = 600_000;
/** Nodes asked for one cell in that time, if each names only nodes that cannot be linked. */
const MAX_TRIES = 12;
/** Bound of the asked cells in mind. */
const MAX_ASKED = 256;

/** tries: how often in a row, the last time `at`. */
interface Asked {
  readonly at: Instant;
  readonly tries: number;
}

interface WantedCell extends Cell {
  /** How many nodes of its row told their rows, and knew nobody for it. */
  compared: number;
  /** When somebody is to be asked for it. */
  dueAt: Instant;
}

export class WantedCells {
  readonly #routingTable: RoutingTable;
  readonly #cellByName = new Map<string, WantedCell>();
  readonly #candidateByName = new Map<string, Hearsay>();
  readonly #askedByName = new BoundedMap<string, Asked>(MAX_ASKED);

  constructor(routingTable: RoutingTable) {
    this.#routingTable = routingTable;
  }

  /** Wants a cell, unless it was asked for not long ago or too many are wanted. Somebody is to be asked at `dueAt`. */
  add(cell: Cell, now: Instant, dueAt: Instant): void {
    if (this.#lastAsked(cell, now) === undefined) this.#want(cell, dueAt);
  }

  /** The same for a cell whose candidates were of no use: it may be asked for again at once, some times. */
  addAgain(cell: Cell, now: Instant, dueAt: Instant): void {
    if ((this.#lastAsked(cell, now)?.tries ?? 0) >= MAX_TRIES) return;
    const wanted = this.#want(cell, dueAt);
    if (wanted === undefined) return;
    wanted.compared = 0;
    wanted.dueAt = Math.min(wanted.dueAt, dueAt);
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

  /** The wanted cell for which the fewest nodes have been asked. */
  leastCompared(): Cell | undefined {
    let least: WantedCell | undefined;
    for (const cell of this.#cells()) if (least === undefined || cell.compared < least.compared) least = cell;
    return least;
  }

  /** A node has told its row `row`; who it knew there has been offered. */
  compared(row: number): void {
    for (const cell of this.#cells()) {
      if (cell.row === row && !this.#candidateByName.has(nameOf(cell))) cell.compared += 1;
    }
  }

  /** When the next cell is due; undefined if none is wanted. */
  nextDue(): Instant | undefined {
    const dues = this.#cells().map(({ dueAt }) => dueAt);
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  /** Ends the search for the cells that are due. Returns those about which nobody has been asked yet. */
  takeDue(now: Instant): Cell[] {
    const due = this.#cells().filter(({ dueAt }) => dueAt <= now);
    for (const cell of due) {
      const name = nameOf(cell);
      const tries = (this.#lastAsked(cell, now)?.tries ?? 0) + 1;
      this.#askedByName.set(name, { at: now, tries });
      this.#cellByName.delete(name);
      this.#candidateByName.delete(name);
    }
    return due.filter(({ compared }) => compared === 0).map(({ row, column }) => ({ row, column }));
  }

  /** How often in a row this cell has been asked for, each time in vain. */
  triesOf(cell: Cell, now: Instant): number {
    return this.#lastAsked(cell, now)?.tries ?? 0;
  }

  #cells(): WantedCell[] {
    for (const [name, cell] of this.#cellByName) if (!this.#isEmpty(cell)) this.#cellByName.delete(name);
    return [...this.#cellByName.values()];
  }

  #want(cell: Cell, dueAt: Instant): WantedCell | undefined {
    const name = nameOf(cell);
    const present = this.#cellByName.get(name);
    if (present !== undefined || this.#cellByName.size >= MAX_WANTED_CELLS) return present;
    const wanted = { ...cell, compared: 0, dueAt };
    this.#cellByName.set(name, wanted);
    return wanted;
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
