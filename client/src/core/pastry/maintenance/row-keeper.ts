// Hears of nodes for the routing table (Pastry, sections 2.4 and 2.5). A newcomer tells the entries of its rows that it is
// here and hears their rows in return; of those that others name the nearest are asked. Hearsay only ever names whom to ask.

import type { Context } from '../context.ts';
import { COLUMNS, type NodeId, sharedPrefixLength } from '../id.ts';
import { type FailureDetector, mayAsk } from '../membership/failure-detector.ts';
import type { Membership } from '../membership/membership.ts';
import { type Entries, type RowMessage, UNASKED } from '../messages.ts';
import type { Hearsay } from '../node-handle.ts';
import { send } from '../reachability/outbox.ts';
import { FAR_MS, proximity } from '../tables/peers.ts';
import { knownNodes } from '../tables/tables.ts';
import type { CellRepair } from './cell-repair.ts';
import type { WantedCells } from './wanted-cells.ts';

/** How often a newcomer asks nearer and nearer nodes, and for how many rows at once. */
const SEARCH_ROUNDS = 3;
const MAX_SEARCHED_ROWS = 3;
/** Entries that it exchanges for nearer ones in the end. */
const MAX_IMPROVEMENTS = 8;
/** Members of the neighborhood set that go with an answer: the search for near nodes feeds on them. */
const MAX_NEAR = 8;
/** Near nodes that it tells of itself beside. */
const MAX_TOLD = 10;
/** Bound of the nodes that a newcomer keeps in mind while it chooses. */
const MAX_HEARD_OF = 2_048;

export class RowKeeper {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #detector: FailureDetector;
  readonly #wanted: WantedCells;
  readonly #cellRepair: CellRepair;
  /** Told of while this node makes its first choice of entries. */
  readonly #heardOf = new Map<NodeId, Hearsay>();
  /** Asked since this node is in the ring. */
  readonly #asked = new Set<NodeId>();

  constructor(
    context: Context,
    membership: Membership,
    detector: FailureDetector,
    wanted: WantedCells,
    cellRepair: CellRepair,
  ) {
    this.#context = context;
    this.#membership = membership;
    this.#detector = detector;
    this.#wanted = wanted;
    this.#cellRepair = cellRepair;
  }

  /** This node is in the ring: it looks for near nodes, introduces itself to the best of each cell, and improves. */
  announce(): void {
    this.#searchNearer(0);
  }

  /** Takes hearsay: for each cell that could be filled, or filled by a nearer node, the best candidate is asked. */
  consider(handles: readonly Hearsay[]): void {
    const { status, timers } = this.#context;
    if (status === 'active' && !timers.has({ kind: 'row-choice' })) {
      this.#improveLater(this.#bestByCell(handles).filter((handle) => !this.#wanted.offer(handle)));
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

  receiveEntries(message: Entries): void {
    const { status } = this.#context;
    if (status !== 'active') return this.consider(message.entries);
    this.#ask(this.#bestByCell(message.entries), 'ping');
    this.#askAgainFor(message.entries);
  }

  /** Who named only nodes that cannot be linked shows that there are some; another may know one that can. */
  #askAgainFor(handles: readonly Hearsay[]): void {
    const { unlinkable, now } = this.#context;
    for (const { nodeId } of handles) if (unlinkable.has(nodeId, now)) this.#cellRepair.candidateLost(nodeId);
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
    timers.set({ kind: 'row-choice' }, now + timing.rowChoiceMs, () =>
      isLast ? this.#improve() : this.#searchNearer(round + 1),
    );
  }

  /** Asks the first of those that others named; for the place of an entry not too often. */
  #improveLater(best: readonly Hearsay[]): void {
    const { routingTable, timers, now, timing } = this.#context;
    const isTaken = ({ nodeId }: Hearsay): boolean => {
      const cell = routingTable.cellOf(nodeId);
      return cell !== undefined && routingTable.at(cell.row, cell.column) !== undefined;
    };
    const next = timers.has({ kind: 'improvement' }) ? best.find((handle) => !isTaken(handle)) : best[0];
    if (next === undefined) return;
    const mustWait = timing.improvementMs > 0 && isTaken(next);
    if (mustWait) timers.set({ kind: 'improvement' }, now + timing.improvementMs, () => undefined);
    this.#ask([next]);
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
    for (const { nodeId } of strangers.slice(0, MAX_TOLD)) {
      if (mayAsk(this.#context, nodeId)) send(this.#context, nodeId, this.message(nodeId, false, UNASKED));
    }
  }

  #hear(handle: Hearsay): void {
    // After a restart others may still tell of this node's former incarnation.
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
      if (this.#context.timers.has({ kind: 'row-choice' }) || this.#heardOf.size > 0) this.#asked.add(nodeId);
      this.#detector.probe(nodeId, kind);
    }
  }
}
