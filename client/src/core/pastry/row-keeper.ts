// Keeps the routing table full and near (Pastry, sections 2.4 to 2.6; MSPastry, section 3.3). A newcomer tells the
// entries of its rows that it is here and hears their rows in return; now and then one row is compared with one of its
// entries, and emptied cells are filled by the same exchanges; what they leave is asked for. Hearsay only ever names whom to ask.

import { type Context, send } from './context.ts';
import { COLUMNS, digitAt, type Key, type NodeId, randomIdWith, sharedPrefixLength } from './id.ts';
import type { Membership } from './membership.ts';
import type { CellsRequest, Entries, RowMessage } from './messages.ts';
import type { Hearsay, NodeHandle } from './node-handle.ts';
import { FAR_MS, proximity } from './peers.ts';
import type { Probing } from './probing.ts';
import type { Cell } from './routing-table.ts';
import { knownNodes } from './tables.ts';
import { MAX_CELLS, WantedCells } from './wanted-cells.ts';

/** How often a newcomer asks nearer and nearer nodes, and for how many rows at once. */
const SEARCH_ROUNDS = 3;
const MAX_SEARCHED_ROWS = 3;
/** Entries that it exchanges for nearer ones in the end; and for one row that it hears of later. */
const MAX_IMPROVEMENTS = 8;
/** Members of the neighborhood set that go with an answer: the search for near nodes feeds on them. */
const MAX_NEAR = 8;
/** Near nodes that it tells of itself beside. */
const MAX_TOLD = 10;
const MAX_IMPROVEMENTS_LATER = 1;
/** Nodes named to somebody who asks for a cell. */
const MAX_FOR_CELL = 3;
/** How soon somebody else is asked for a cell whose candidate cannot be linked. */
const NEXT_CANDIDATE_MS = 10_000;
/** With each so many-th exchange rows of leaves alone and rows without an entry get their turn: newcomers that fit there are
 * heard of within some minutes. */
const EXCHANGES_TO_LEAVES = 4;
/** Bound of the nodes that a newcomer keeps in mind while it chooses. */
const MAX_HEARD_OF = 2_048;

/** Looks a key up, and names the nodes of the route. */
export type LookUp = (key: Key, found: (route: readonly NodeId[]) => void) => void;

export class RowKeeper {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #probing: Probing;
  readonly #lookUp: LookUp;
  readonly #wanted: WantedCells;
  /** Told of while this node makes its first choice of entries. */
  readonly #heardOf = new Map<NodeId, Hearsay>();
  #exchanges = 0;
  /** Asked since this node is in the ring. */
  readonly #asked = new Set<NodeId>();

  constructor(context: Context, membership: Membership, probing: Probing, lookUp: LookUp) {
    this.#context = context;
    this.#membership = membership;
    this.#probing = probing;
    this.#lookUp = lookUp;
    this.#wanted = new WantedCells(context.routingTable);
  }

  /** This node is in the ring: it looks for near nodes, introduces itself to the best of each cell, and improves. */
  announce(): void {
    this.#searchNearer(0);
  }

  /** Takes hearsay: for each cell that could be filled, or filled by a nearer node, the best candidate is asked. */
  consider(handles: readonly Hearsay[]): void {
    const { status, timers } = this.#context;
    if (status === 'active' && !timers.has('row-choice')) {
      const best = this.#bestByCell(handles).filter((handle) => !this.#wanted.offer(handle));
      this.#ask(best.slice(0, MAX_IMPROVEMENTS_LATER));
      return;
    }
    for (const handle of handles) this.#hear(handle);
  }

  receiveRow(from: NodeId, message: RowMessage): void {
    if (message.asks) return send(this.#context, from, this.message(from, false, message.nonce));
    this.consider(message.entries);
    this.#wanted.compared(message.row);
    this.#askAgainFor(message.entries);
  }

  receiveCells(from: NodeId, message: CellsRequest): void {
    const entries: Hearsay[] = [];
    for (const { row, column } of message.cells.slice(0, MAX_CELLS)) {
      entries.push(...this.#findFor(from, row, column));
    }
    send(this.#context, from, { type: 'entries', self: this.#context.self, entries });
  }

  receiveEntries(message: Entries): void {
    const { status } = this.#context;
    if (status !== 'active') return this.consider(message.entries);
    this.#ask(this.#bestByCell(message.entries), 'ping');
    this.#askAgainFor(message.entries);
  }

  /** Who named only nodes that cannot be linked shows that there are some; another may know one that can. */
  #askAgainFor(handles: readonly Hearsay[]): void {
    const { unlinkable, now } = this.#context;
    for (const { nodeId } of handles) if (unlinkable.has(nodeId, now)) this.unreachable(nodeId);
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

  /** No link opens to a node that may have been going to fill an empty cell: another is asked for. */
  unreachable(nodeId: NodeId): void {
    const { status, routingTable, now } = this.#context;
    const cell = routingTable.cellOf(nodeId);
    if (status !== 'active' || cell === undefined || routingTable.at(cell.row, cell.column) !== undefined) return;
    this.#wanted.addAgain(cell, now, now + NEXT_CANDIDATE_MS);
    this.#awaitDue();
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
    const { self, leafSet, routingTable, random } = this.#context;
    const rowOf = ({ nodeId }: NodeHandle): number => sharedPrefixLength(self.nodeId, nodeId);
    const entries = [...routingTable.entries()];
    const comparedRows = new Set(entries.filter(({ nodeId }) => !leafSet.has(nodeId)).map(rowOf));
    const leaf = random.pick(entries.filter((entry) => !comparedRows.has(rowOf(entry))));
    if (leaf !== undefined) this.#probing.probe(leaf.nodeId, 'row');
  }

  /** A row without any entry is compared with nobody: one that shares a longer prefix is asked for it. */
  #askForEmptyRow(): void {
    const { self, tables, routingTable, random } = this.#context;
    const known = [...knownNodes(tables)];
    const deepest = Math.max(0, ...known.map(({ nodeId }) => sharedPrefixLength(self.nodeId, nodeId)));
    for (let row = 0; row < deepest; row += 1) {
      if (routingTable.row(row).length > 0) continue;
      const helper = random.pick(known.filter(({ nodeId }) => sharedPrefixLength(self.nodeId, nodeId) > row));
      const columns = Array.from({ length: COLUMNS }, (_, column) => column);
      const cells = columns.filter((column) => column !== digitAt(self.nodeId, row)).map((column) => ({ row, column }));
      if (helper !== undefined) send(this.#context, helper.nodeId, { type: 'cells', self, cells });
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

  message(to: NodeId, asks: boolean, nonce: number): RowMessage {
    const { self, routingTable, neighborhoodSet } = this.#context;
    const row = sharedPrefixLength(self.nodeId, to);
    if (asks) return { type: 'row', self, row, entries: [], asks, nonce };
    const near = neighborhoodSet.members().slice(0, MAX_NEAR);
    const entries = [...new Set([...routingTable.row(row), ...near])].filter(({ nodeId }) => nodeId !== to);
    return { type: 'row', self, row, entries, asks, nonce };
  }

  /**
   * The second stage of a join (Pastry, section 2.5), turned round: the rows of near nodes hold near nodes, so the nearest
   * of each row is asked for its row until there is none nearer; only then are entries chosen and told.
   */
  #searchNearer(round: number): void {
    const { self, tables, timers, now, timing } = this.#context;
    for (const handle of knownNodes(tables)) this.#hear(handle);
    const nearestByRow = new Map<number, Hearsay>();
    for (const handle of this.#heardOf.values()) {
      const row = sharedPrefixLength(self.nodeId, handle.nodeId);
      const nearest = nearestByRow.get(row);
      if (nearest === undefined || this.#distance(handle) < this.#distance(nearest)) nearestByRow.set(row, handle);
    }
    const asked = [...nearestByRow.values()].filter(({ nodeId }) => !this.#asked.has(nodeId));
    const isLast = round >= SEARCH_ROUNDS || asked.length === 0;
    if (isLast) this.#ask(this.#bestByCell(this.#heardOf.values()), 'ping');
    else this.#ask(asked.slice(0, MAX_SEARCHED_ROWS));
    timers.set('row-choice', now + timing.rowChoiceMs, () =>
      isLast ? this.#improve() : this.#searchNearer(round + 1),
    );
  }

  /** Of all that the chosen entries told of, those that gain most are asked too. */
  #improve(): void {
    this.#ask(this.#bestByCell(this.#heardOf.values()).slice(0, MAX_IMPROVEMENTS), 'ping');
    this.#tellNearest();
    this.#heardOf.clear();
    this.#asked.clear();
  }

  /** Those near by want to know of a near newcomer, even where it has no place for them in its own table. */
  #tellNearest(): void {
    const strangers = [...this.#heardOf.values()].filter(({ nodeId }) => !this.#asked.has(nodeId));
    strangers.sort((a, b) => this.#distance(a) - this.#distance(b));
    for (const { nodeId } of strangers.slice(0, MAX_TOLD)) send(this.#context, nodeId, this.message(nodeId, false, 0));
  }

  #hear(handle: Hearsay): void {
    // After a restart others may still tell of this node's former life.
    if (handle.nodeId === this.#context.self.nodeId) return;
    if (this.#heardOf.size < MAX_HEARD_OF && !this.#membership.isDead(handle)) {
      this.#heardOf.set(handle.nodeId, handle);
    }
  }

  /** For each cell the nearest of `handles` that would enter it, those that gain most first. */
  #bestByCell(handles: Iterable<Hearsay>): Hearsay[] {
    const bestByCell = new Map<number, { handle: Hearsay; distanceMs: number; gainMs: number }>();
    const { routingTable, unlinkable, now } = this.#context;
    for (const handle of handles) {
      const cell = routingTable.cellOf(handle.nodeId);
      if (cell === undefined || this.#membership.isDead(handle) || !this.#membership.wouldEnterTable(handle)) continue;
      // No link could be opened to it a short while ago: another node gets the chance.
      if (unlinkable.has(handle.nodeId, now)) continue;
      const distanceMs = this.#distance(handle);
      const place = cell.row * COLUMNS + cell.column;
      const best = bestByCell.get(place);
      if (best !== undefined && best.distanceMs <= distanceMs) continue;
      const present = routingTable.at(cell.row, cell.column);
      const gainMs = (present === undefined ? FAR_MS : this.#distance(present)) - distanceMs;
      bestByCell.set(place, { handle, distanceMs, gainMs });
    }
    return [...bestByCell.values()].sort((a, b) => b.gainMs - a.gainMs).map(({ handle }) => handle);
  }

  #distance(handle: Hearsay): number {
    const { self, peers } = this.#context;
    return proximity(self.coordinate, handle, peers.get(handle.nodeId)) ?? FAR_MS;
  }

  /** row: hears their rows too. ping: only makes each other's acquaintance. */
  #ask(handles: readonly Hearsay[], kind: 'row' | 'ping' = 'row'): void {
    for (const { nodeId } of handles) {
      if (this.#context.timers.has('row-choice') || this.#heardOf.size > 0) this.#asked.add(nodeId);
      this.#probing.probe(nodeId, kind);
    }
  }

  #awaitDue(): void {
    const due = this.#wanted.nextDue();
    if (due === undefined) this.#context.timers.cancel('cell-repair');
    else this.#context.timers.set('cell-repair', due, () => this.#repair());
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
      send(this.#context, helper.handle.nodeId, { type: 'cells', self, cells });
    }
    for (const cell of cells) if (this.#wanted.triesOf(cell, now) > 1) this.#askRing(cell);
    this.#awaitDue();
  }

  /**
   * All who were asked know the same node, the nearest, and no link opens to that one: a random key that the cell would
   * route is looked up, whose root is another node of the cell if there is one.
   */
  #askRing({ row, column }: Cell): void {
    const { self, random, routingTable, unlinkable } = this.#context;
    const prefix = self.nodeId.slice(0, row) + column.toString(COLUMNS);
    const key = randomIdWith(prefix, self.nodeId.length, () => random.next());
    this.#lookUp(key, (route) => {
      const { now } = this.#context;
      for (const nodeId of route) {
        const isFitting = sharedPrefixLength(nodeId, key) > row && !unlinkable.has(nodeId, now);
        if (isFitting && routingTable.at(row, column) === undefined) this.#probing.probe(nodeId, 'ping');
      }
    });
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
