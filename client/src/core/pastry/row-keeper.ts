// Keeps the routing table full and near (Pastry, sections 2.4 to 2.6; MSPastry, section 3.3). A newcomer tells the
// entries of its rows that it is here and hears their rows in return; emptied cells are asked for; now and then one row
// is compared with one of its entries. Hearsay only ever names whom to ask.

import { type Context, send } from './context.ts';
import { digitAt, type Key, type NodeId, sharedPrefixLength } from './id.ts';
import type { Membership } from './membership.ts';
import type { CellsRequest, Entries, RowMessage } from './messages.ts';
import type { NodeHandle } from './node-handle.ts';
import { proximity } from './peers.ts';
import type { Probing } from './probing.ts';
import { knownNodes } from './route.ts';
import type { Cell } from './routing-table.ts';

/** Empty cells asked for in one message. */
const MAX_CELLS = 32;

export class RowKeeper {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #probing: Probing;
  /** Cells that are wanted, by name; asked for together after a while. */
  readonly #wanted = new Map<string, Cell>();
  /** Told of before this node was in the ring. */
  #learned: NodeHandle[] = [];

  constructor(context: Context, membership: Membership, probing: Probing) {
    this.#context = context;
    this.#membership = membership;
    this.#probing = probing;
  }

  /** Rows given on the way in; used once the leaf set is confirmed. */
  learned(handles: readonly NodeHandle[]): void {
    this.#learned.push(...handles);
  }

  /** This node is in the ring: it introduces itself to the entries of its rows. */
  announce(): void {
    this.consider(this.#learned);
    this.#learned = [];
  }

  /** Takes hearsay: for each cell that could be filled, or filled by a nearer node, the best candidate is asked. */
  consider(handles: readonly NodeHandle[]): void {
    const bestByCell = new Map<number, { handle: NodeHandle; distanceMs: number }>();
    const { routingTable, self, peers } = this.#context;
    for (const handle of handles) {
      const cell = routingTable.cellOf(handle.nodeId);
      if (cell === undefined || this.#membership.isDead(handle) || !this.#membership.wouldEnterTable(handle)) continue;
      const place = cell.row * 16 + cell.column;
      const distanceMs = proximity(self.coordinate, handle, peers.get(handle.nodeId)) ?? Number.MAX_SAFE_INTEGER;
      const best = bestByCell.get(place);
      if (best === undefined || distanceMs < best.distanceMs) bestByCell.set(place, { handle, distanceMs });
    }
    for (const { handle } of bestByCell.values()) this.#probing.probe(handle.nodeId, 'row');
  }

  receiveRow(from: NodeId, message: RowMessage): void {
    if (message.asks) send(this.#context, from, this.message(from, false, message.nonce));
    this.consider(message.entries);
  }

  receiveCells(from: NodeId, message: CellsRequest): void {
    const entries: NodeHandle[] = [];
    for (const { row, column } of message.cells.slice(0, MAX_CELLS)) {
      const entry = this.#findFor(from, row, column);
      if (entry !== undefined) entries.push(entry);
    }
    send(this.#context, from, { type: 'entries', self: this.#context.self, entries });
  }

  receiveEntries(message: Entries): void {
    if (this.#context.status === 'active') this.consider(message.entries);
    else this.learned(message.entries);
  }

  /** A cell lost its entry, or was found empty when it was needed. */
  want(cell: Cell): void {
    const { timers, now, timing } = this.#context;
    if (this.#wanted.size >= MAX_CELLS) return;
    this.#wanted.set(`${cell.row}:${cell.column}`, cell);
    if (!timers.has('cell-repair')) timers.set('cell-repair', now + timing.cellRepairMs, () => this.#repair());
  }

  /** The cell that would route `key` is empty. */
  wantFor(key: Key): void {
    const cell = this.#context.routingTable.cellOf(key);
    if (cell !== undefined) this.want(cell);
  }

  /** Compares a random row with a random entry of it. */
  exchange(): void {
    const { routingTable, random } = this.#context;
    const entry = random.pick([...routingTable.entries()]);
    if (entry !== undefined) this.#probing.probe(entry.nodeId, 'row');
  }

  message(to: NodeId, asks: boolean, nonce: number): RowMessage {
    const { self, routingTable } = this.#context;
    const row = sharedPrefixLength(self.nodeId, to);
    const entries = routingTable.row(row).filter(({ nodeId }) => nodeId !== to);
    return { type: 'row', self, row, entries, asks, nonce };
  }

  /** Asks a node that shares the longest wanted prefix, so that its rows fit all the wanted cells. */
  #repair(): void {
    const { routingTable, leafSet, random, self } = this.#context;
    const cells = [...this.#wanted.values()].filter(({ row, column }) => routingTable.at(row, column) === undefined);
    this.#wanted.clear();
    if (cells.length === 0) return;
    const deepest = Math.max(...cells.map(({ row }) => row));
    const helpers: NodeHandle[] = [];
    for (const handle of [...routingTable.entries(), ...leafSet.members()]) {
      if (sharedPrefixLength(self.nodeId, handle.nodeId) >= deepest) helpers.push(handle);
    }
    const helper = random.pick(helpers) ?? random.pick(leafSet.members());
    if (helper !== undefined) send(this.#context, helper.nodeId, { type: 'cells', self, cells });
  }

  /** A node known here for the asker's cell. */
  #findFor(asker: NodeId, row: number, column: number): NodeHandle | undefined {
    const { self, tables, peers } = this.#context;
    const fits = (nodeId: NodeId): boolean =>
      nodeId !== asker && sharedPrefixLength(nodeId, asker) === row && digitAt(nodeId, row) === column;
    if (fits(self.nodeId)) return self;
    for (const handle of knownNodes(tables)) {
      if (fits(handle.nodeId) && !peers.isSuspect(handle.nodeId)) return handle;
    }
    return undefined;
  }
}
