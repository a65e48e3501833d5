// Which row is compared with whom, now and then (Pastry, section 2.6; MSPastry, section 3.3): so the dead among the entries
// are found, emptied cells are filled, and newcomers are heard of.

import type { Context } from '../context.ts';
import { sharedPrefixLength } from '../id.ts';
import type { FailureDetector } from '../membership/failure-detector.ts';
import type { NodeHandle } from '../node-handle.ts';
import { knownNodes } from '../tables/tables.ts';
import type { CellRepair } from './cell-repair.ts';
import type { WantedCells } from './wanted-cells.ts';

/** With each so many-th exchange rows of leaves alone and rows without an entry get their turn: newcomers that fit there are
 * heard of within some minutes. */
const EXCHANGES_TO_LEAVES = 4;
/** And where questions to nearer nodes are few (R56), each so many-th is for the row whose turn is longest ago. */
const EXCHANGES_TO_A_TURN = 3;

export class RowExchanges {
  readonly #context: Context;
  readonly #detector: FailureDetector;
  readonly #wanted: WantedCells;
  readonly #cellRepair: CellRepair;
  /** Which exchange was the last of a row. */
  readonly #lastByRow = new Map<number, number>();
  #exchanges = 0;

  constructor(context: Context, detector: FailureDetector, wanted: WantedCells, cellRepair: CellRepair) {
    this.#context = context;
    this.#detector = detector;
    this.#wanted = wanted;
    this.#cellRepair = cellRepair;
  }

  /**
   * Compares a row with a node of it: one that may fill a wanted cell, else one that may know such a node, else any. Of
   * several it is the one that was silent longest, so that all are heard in turn and the dead among them are found. Rows
   * that this would never reach get their turn beside it.
   */
  exchange(): void {
    const { routingTable } = this.#context;
    this.#exchanges += 1;
    if (this.#exchanges % EXCHANGES_TO_LEAVES === 0) {
      this.#exchangeWithLeaf();
      this.#askForEmptyRow();
      this.#askNear();
    }
    const row = this.#wanted.leastCompared()?.row;
    const entries = row === undefined ? [] : routingTable.row(row);
    const partner =
      this.#wanted.takeCandidate() ??
      this.#inTurn() ??
      this.#mostSilent(entries.length > 0 ? entries : routingTable.entries());
    if (partner === undefined) return;
    this.#lastByRow.set(this.#rowOf(partner), this.#exchanges);
    this.#detector.probe(partner.nodeId, 'row');
  }

  /** Now and then an entry of the row whose last exchange is longest ago, be its entries ever so often heard. */
  #inTurn(): NodeHandle | undefined {
    const { timing, routingTable } = this.#context;
    if (timing.improvementMs === 0 || this.#exchanges % EXCHANGES_TO_A_TURN !== 0) return undefined;
    const rows = new Set(Array.from(routingTable.entries(), (entry) => this.#rowOf(entry)));
    const last = (row: number): number => this.#lastByRow.get(row) ?? 0;
    const [row] = [...rows].sort((a, b) => last(a) - last(b));
    return row === undefined ? undefined : this.#mostSilent(routingTable.row(row));
  }

  /** Leaves are never silent, so that rows of leaves alone would never be compared. */
  #exchangeWithLeaf(): void {
    const { leafSet, routingTable, random } = this.#context;
    const entries = [...routingTable.entries()];
    const comparedRows = new Set(
      entries.filter(({ nodeId }) => !leafSet.has(nodeId)).map((entry) => this.#rowOf(entry)),
    );
    const leaf = random.pick(entries.filter((entry) => !comparedRows.has(this.#rowOf(entry))));
    if (leaf !== undefined) this.#detector.probe(leaf.nodeId, 'row');
  }

  /** A row without any entry is compared with nobody: who shares a longer prefix is asked for it. */
  #askForEmptyRow(): void {
    const { tables, routingTable } = this.#context;
    const deepest = Math.max(0, ...Array.from(knownNodes(tables), (handle) => this.#rowOf(handle)));
    for (let row = 0; row < deepest; row += 1) {
      if (routingTable.row(row).length > 0) continue;
      this.#cellRepair.wantRow(row);
      return;
    }
  }

  /** Of the neighborhood set the longest silent is asked whether it is there (Pastry, section 2.4): it is named to others. */
  #askNear(): void {
    const { neighborhoodSet, routingTable, leafSet } = this.#context;
    const others = neighborhoodSet.members().filter(({ nodeId }) => !routingTable.has(nodeId) && !leafSet.has(nodeId));
    const near = this.#mostSilent(others);
    if (near !== undefined) this.#detector.probe(near.nodeId, 'ping');
  }

  #mostSilent(entries: Iterable<NodeHandle>): NodeHandle | undefined {
    const { peers } = this.#context;
    let silent: NodeHandle | undefined;
    let heardAt = Number.POSITIVE_INFINITY;
    for (const entry of entries) {
      const { lastHeard } = peers.of(entry.nodeId);
      if (lastHeard >= heardAt) continue;
      silent = entry;
      heardAt = lastHeard;
    }
    return silent;
  }

  #rowOf({ nodeId }: Pick<NodeHandle, 'nodeId'>): number {
    return sharedPrefixLength(this.#context.self.nodeId, nodeId);
  }
}
