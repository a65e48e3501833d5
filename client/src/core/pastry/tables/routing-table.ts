// The routing table (Pastry, section 2.2): the cell at row r, column c holds a node that shares exactly r digits with
// this one and has c as its next digit. A cell keeps the nearest such node that answered.

import { COLUMNS, digitAt, type Key, type NodeId, sharedPrefixLength } from '../id.ts';
import type { NodeHandle } from '../node-handle.ts';

/** A cell's place. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export class RoutingTable {
  readonly #self: NodeId;
  /** Rows are made when their first entry comes: most of them stay empty. */
  readonly #rows: (NodeHandle | undefined)[][] = [];

  constructor(self: NodeId) {
    this.#self = self;
  }

  /** The cell where `nodeId` belongs; undefined for self. */
  cellOf(nodeId: NodeId): Cell | undefined {
    const row = sharedPrefixLength(this.#self, nodeId);
    return row < this.#self.length ? { row, column: digitAt(nodeId, row) } : undefined;
  }

  at(row: number, column: number): NodeHandle | undefined {
    return this.#rows[row]?.[column];
  }

  has(nodeId: NodeId): boolean {
    return this.get(nodeId) !== undefined;
  }

  get(nodeId: NodeId): NodeHandle | undefined {
    const cell = this.cellOf(nodeId);
    const entry = cell && this.at(cell.row, cell.column);
    return entry?.nodeId === nodeId ? entry : undefined;
  }

  /** The next hop for `key`: the entry in the row of its shared prefix and the column of its next digit. */
  nextHop(key: Key): NodeHandle | undefined {
    const cell = this.cellOf(key);
    return cell && this.at(cell.row, cell.column);
  }

  /** Puts a node into its cell, whatever is there now; returns its place. */
  put(handle: NodeHandle): Cell | undefined {
    const cell = this.cellOf(handle.nodeId);
    if (cell === undefined) return undefined;
    while (this.#rows.length <= cell.row) this.#rows.push([]);
    const row = this.#rows[cell.row];
    if (row !== undefined) row[cell.column] = handle;
    return cell;
  }

  /** Removes a node; returns the cell that it left, if it was in one. */
  remove(nodeId: NodeId): Cell | undefined {
    const cell = this.cellOf(nodeId);
    const row = cell && this.#rows[cell.row];
    if (row?.[cell?.column ?? -1]?.nodeId !== nodeId || cell === undefined) return undefined;
    row[cell.column] = undefined;
    return cell;
  }

  /** The entries of a row, by column. */
  row(row: number): NodeHandle[] {
    const entries: NodeHandle[] = [];
    for (const entry of this.#rows[row] ?? []) if (entry !== undefined) entries.push(entry);
    return entries;
  }

  /** Every entry, row by row. */
  *entries(): Iterable<NodeHandle> {
    for (const row of this.#rows) for (const entry of row) if (entry !== undefined) yield entry;
  }

  /** Every entry with its place; `column` as a hex character. */
  cells(): { row: number; column: string; nodeId: NodeId }[] {
    const cells: { row: number; column: string; nodeId: NodeId }[] = [];
    for (let row = 0; row < this.#rows.length; row += 1) {
      for (let column = 0; column < COLUMNS; column += 1) {
        const entry = this.at(row, column);
        if (entry !== undefined) cells.push({ row, column: column.toString(16), nodeId: entry.nodeId });
      }
    }
    return cells;
  }
}
