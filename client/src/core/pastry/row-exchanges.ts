// Which row is compared with whom, now and then (Pastry, section 2.6; MSPastry, section 3.3): so the dead among the entries
// are found, emptied cells are filled, and newcomers are heard of.

import type { CellRepair } from './cell-repair.ts';
import type { Context } from './context.ts';
import { sharedPrefixLength } from './id.ts';
import type { NodeHandle } from './node-handle.ts';
import type { Probing } from './probing.ts';
import { knownNodes } from './tables.ts';
import type { WantedCells } from './wanted-cells.ts';

/** With each so many-th exchange rows of leaves alone and rows without an entry get their turn: newcomers that fit there are
 * heard of within some minutes. */
const EXCHANGES_TO_LEAVES = 4;

export class RowExchanges {
  readonly #context: Context;
  readonly #probing: Probing;
  readonly #wanted: WantedCells;
  readonly #cellRepair: CellRepair;
  #exchanges = 0;

  constructor(context: Context, probing: Probing, wanted: WantedCells, cellRepair: CellRepair) {
    this.#context = context;
    this.#probing = probing;
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
    }
    const row = this.#wanted.leastCompared()?.row;
    const entries = row === undefined ? [] : routingTable.row(row);
    const partner =
      this.#wanted.takeCandidate() ?? this.#mostSilent(entries.length > 0 ? entries : routingTable.entries());
    if (partner !== undefined) this.#probing.probe(partner.nodeId, 'row');
  }

  /** Leaves are never silent, so that rows of leaves alone would never be compared. */
  #exchangeWithLeaf(): void {
    const { leafSet, routingTable, random } = this.#context;
    const entries = [...routingTable.entries()];
    const comparedRows = new Set(
      entries.filter(({ nodeId }) => !leafSet.has(nodeId)).map((entry) => this.#rowOf(entry)),
    );
    const leaf = random.pick(entries.filter((entry) => !comparedRows.has(this.#rowOf(entry))));
    if (leaf !== undefined) this.#probing.probe(leaf.nodeId, 'row');
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

  #rowOf({ nodeId }: NodeHandle): number {
    return sharedPrefixLength(this.#context.self.nodeId, nodeId);
  }
}
