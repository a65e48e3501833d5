// Fills emptied cells that the exchanges of rows leave empty: somebody who shares the prefix is asked for all of them, and
// answers with nodes that fit; who cannot be linked is of no use, so that others are asked, and in the end the ring itself.

import type { Context } from '../context.ts';
import { COLUMNS, digitAt, type Key, type NodeId, randomIdWith, sharedPrefixLength } from '../id.ts';
import type { FailureDetector } from '../membership/failure-detector.ts';
import type { CellsRequest } from '../messages.ts';
import type { Hearsay } from '../node-handle.ts';
import { send } from '../reachability/outbox.ts';
import type { CellPurpose } from '../routing/purposes.ts';
import { type Outcome, routeOf } from '../routing/requests.ts';
import type { Cell } from '../tables/routing-table.ts';
import { knownNodes } from '../tables/tables.ts';
import { MAX_WANTED_CELLS, type WantedCells } from './wanted-cells.ts';

/** Nodes named to somebody who asks for a cell. */
const MAX_FOR_CELL = 3;
/** How soon somebody else is asked for a cell whose candidate cannot be linked. */
const NEXT_CANDIDATE_MS = 10_000;

/** Asks the ring for the root of a key; `lookedUp` takes the outcome. */
export type LookUp = (purpose: CellPurpose) => void;

export class CellRepair {
  readonly #context: Context;
  readonly #detector: FailureDetector;
  readonly #wanted: WantedCells;
  readonly #lookUp: LookUp;

  constructor(context: Context, detector: FailureDetector, wanted: WantedCells, lookUp: LookUp) {
    this.#context = context;
    this.#detector = detector;
    this.#wanted = wanted;
    this.#lookUp = lookUp;
  }

  /** A cell lost its entry, or was found empty when it was needed. */
  want(cell: Cell): void {
    const { now, timing } = this.#context;
    this.#wanted.add(cell, now, now + timing.cellRepairMs);
    this.#awaitDue();
  }

  /** The cell that would route `key` is empty. */
  wantFor(key: Key): void {
    const cell = this.#context.routingTable.cellOf(key);
    if (cell !== undefined) this.want(cell);
  }

  /** No cell of the row has an entry: somebody is asked at once. */
  wantRow(row: number): void {
    const { self, now } = this.#context;
    for (let column = 0; column < COLUMNS; column += 1) {
      if (column !== digitAt(self.nodeId, row)) this.#wanted.add({ row, column }, now, now);
    }
    this.#awaitDue();
  }

  /** A node that may have been going to fill an empty cell is not there, or no link opens to it: another is asked for. */
  candidateLost(nodeId: NodeId): void {
    const { status, routingTable, now } = this.#context;
    const cell = routingTable.cellOf(nodeId);
    if (status !== 'active' || cell === undefined || routingTable.at(cell.row, cell.column) !== undefined) return;
    this.#wanted.addAgain(cell, now, now + NEXT_CANDIDATE_MS);
    this.#awaitDue();
  }

  /** The ring was asked for somebody for a cell. */
  lookedUp({ cell: { row, column }, key }: CellPurpose, outcome: Outcome): void {
    const { routingTable, unlinkable, now } = this.#context;
    for (const nodeId of routeOf(outcome) ?? []) {
      const isFitting = sharedPrefixLength(nodeId, key) > row && !unlinkable.has(nodeId, now);
      if (isFitting && routingTable.at(row, column) === undefined) this.#detector.probe(nodeId, 'ping');
    }
  }

  /** Answers who asks for cells. */
  receiveCells(from: NodeId, message: CellsRequest): void {
    const entries: Hearsay[] = [];
    for (const { row, column } of message.cells.slice(0, MAX_WANTED_CELLS)) {
      entries.push(...this.#findFor(from, row, column));
    }
    send(this.#context, from, { type: 'entries', self: this.#context.self, entries });
  }

  #awaitDue(): void {
    const due = this.#wanted.nextDue();
    if (due === undefined) this.#context.timers.cancel({ kind: 'cell-repair' });
    else this.#context.timers.set({ kind: 'cell-repair' }, due, () => this.#repair());
  }

  /** Asks a node that shares the longest wanted prefix, so that its rows fit all the wanted cells. */
  #repair(): void {
    const { tables, random, self, now } = this.#context;
    let deepest = 0;
    const known = [...knownNodes(tables)].map((handle) => ({
      handle,
      shared: sharedPrefixLength(self.nodeId, handle.nodeId),
    }));
    // Where nobody shares a prefix there is nobody: those who do are neighbours on the ring.
    const most = Math.max(...known.map(({ shared }) => shared));
    const cells = this.#wanted.takeDue(now).filter(({ row }) => row <= most);
    for (const { row } of cells) deepest = Math.max(deepest, row);
    const helper = random.pick(known.filter(({ shared }) => shared >= deepest));
    if (helper !== undefined && cells.length > 0) {
      this.#context.expectedEntries.asked(helper.handle.nodeId);
      send(this.#context, helper.handle.nodeId, { type: 'cells', self, cells });
    }
    for (const cell of cells) if (this.#wanted.triesOf(cell, now) > 1) this.#askRing(cell);
    this.#awaitDue();
  }

  /**
   * All who were asked know the same node, the nearest, and no link opens to that one: a random key that the cell would
   * route is looked up, whose root is another node of the cell if there is one.
   */
  #askRing(cell: Cell): void {
    const { self, random } = this.#context;
    const prefix = self.nodeId.slice(0, cell.row) + cell.column.toString(COLUMNS);
    const key = randomIdWith(prefix, self.nodeId.length, () => random.next());
    this.#lookUp({ type: 'cell', cell, key });
  }

  /** Nodes known here for the asker's cell; more than one, since the asker may be able to link only one of them. */
  #findFor(asker: NodeId, row: number, column: number): Hearsay[] {
    const { self, tables, peers, random } = this.#context;
    const fitting = new Set<Hearsay>();
    for (const handle of [self, ...knownNodes(tables)]) {
      const { nodeId } = handle;
      if (nodeId === asker || sharedPrefixLength(nodeId, asker) !== row || digitAt(nodeId, row) !== column) continue;
      if (!peers.isSuspect(nodeId)) fitting.add(handle);
    }
    const found: Hearsay[] = [];
    for (let entry = random.pick([...fitting]); entry !== undefined; entry = random.pick([...fitting])) {
      fitting.delete(entry);
      if (found.push(entry) === MAX_FOR_CELL) break;
    }
    return found;
  }
}
