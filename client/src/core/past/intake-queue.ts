// Blocks that wait to be pulled, by what they are for and by who offered them: whoever offers many waits behind himself.

import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { Divert, Offer } from './messages.ts';
import type { Order } from './receipts.ts';

/** Why a block is wanted here: as an offer says, or in the asker's place. */
export type Intent = Offer['intent'] | Divert['type'];

/** What the offers of one asker said. */
export interface Asker {
  intent: Intent;
  /** By what the receipt is for. */
  readonly orders: Map<string, Order>;
}

/**
 * copies: repair of short lists, and the copies of a store under way. stores: of whoever stores, and of nodes that are no
 * leaves. bulk: repair of long lists.
 */
export type Lane = 'copies' | 'stores' | 'bulk';

/** A block that is to be kept here. */
export interface Wanted {
  readonly block: BlockRef;
  /** Where its bytes are, the next one to try first. */
  readonly sources: NodeId[];
  /** Who offered it, to be told when it is here. */
  readonly askers: Map<NodeId, Asker>;
  /** Who offered it first: it waits in this one's turn. */
  readonly offerer: NodeId;
  /** The offerer was no leaf. */
  readonly isStrangers: boolean;
  lane: Lane;
  active: boolean;
}

/** Pulls to keep at once: enough to fill a link while disks write, few enough to bound memory at 4 segments. */
const MAX_ACTIVE = 4;
/** Of these, for what can wait: one place is always free for what a user waits for, or for copies that somebody lost. */
const MAX_ACTIVE_OF_LANE: Readonly<Record<Lane, number>> = { copies: MAX_ACTIVE, stores: 3, bulk: 3 };
/** While repair waits, strangers get half of the places: a store can be told to wait, a last copy cannot. */
const MAX_ACTIVE_STORES_BESIDE_REPAIR = 2;
/** One place is free for the next offerer; and while others wait, nobody gets more than half: who stalls stalls himself. */
const MAX_ACTIVE_OF_OFFERER = 3;
const MAX_ACTIVE_BESIDE_OTHERS = 2;

const LANES: readonly Lane[] = ['copies', 'stores', 'bulk'];

export class IntakeQueue {
  /** In each lane, whose turn it is comes first. */
  readonly #turnsByLane: Readonly<Record<Lane, Map<NodeId, Set<Wanted>>>> = {
    copies: new Map(),
    stores: new Map(),
    bulk: new Map(),
  };
  readonly #active = new Set<Wanted>();

  add(wanted: Wanted): void {
    const turns = this.#turnsByLane[wanted.lane];
    const waiting = turns.get(wanted.offerer) ?? new Set();
    turns.set(wanted.offerer, waiting.add(wanted));
  }

  /** Takes it out, waiting or active. */
  remove(wanted: Wanted): void {
    this.#active.delete(wanted);
    const turns = this.#turnsByLane[wanted.lane];
    const waiting = turns.get(wanted.offerer);
    if (waiting?.delete(wanted) === true && waiting.size === 0) turns.delete(wanted.offerer);
  }

  move(wanted: Wanted, lane: Lane): void {
    if (wanted.active || wanted.lane === lane) return;
    this.remove(wanted);
    wanted.lane = lane;
    this.add(wanted);
  }

  clear(): void {
    for (const lane of LANES) this.#turnsByLane[lane].clear();
    this.#active.clear();
  }

  /** The next to be pulled, which is active from now on; undefined if all places are taken or nothing is free to be. */
  next(isFree: (wanted: Wanted) => boolean): Wanted | undefined {
    if (this.#active.size >= MAX_ACTIVE) return undefined;
    for (const lane of LANES) {
      if (this.#activeIn(lane) >= this.#mostOf(lane)) continue;
      const next = this.#firstOf(lane, isFree);
      if (next === undefined) continue;
      this.activate(next);
      // Whoever waits too comes first the next time.
      const turns = this.#turnsByLane[lane];
      const rest = turns.get(next.offerer);
      if (rest !== undefined && turns.delete(next.offerer)) turns.set(next.offerer, rest);
      return next;
    }
    return undefined;
  }

  /** One that waits is pulled from now on, whoever's turn it is. */
  activate(wanted: Wanted): void {
    this.remove(wanted);
    wanted.active = true;
    this.#active.add(wanted);
  }

  #mostOf(lane: Lane): number {
    const { copies, bulk } = this.#turnsByLane;
    const isBesideRepair = lane === 'stores' && (bulk.size > 0 || copies.size > 0);
    return isBesideRepair ? MAX_ACTIVE_STORES_BESIDE_REPAIR : MAX_ACTIVE_OF_LANE[lane];
  }

  #firstOf(lane: Lane, isFree: (wanted: Wanted) => boolean): Wanted | undefined {
    for (const [offerer, waiting] of this.#turnsByLane[lane]) {
      const most = this.#othersWait(offerer) ? MAX_ACTIVE_BESIDE_OTHERS : MAX_ACTIVE_OF_OFFERER;
      if (this.#activeOf(offerer) >= most) continue;
      for (const wanted of waiting) if (isFree(wanted)) return wanted;
    }
    return undefined;
  }

  #othersWait(offerer: NodeId): boolean {
    return LANES.some((lane) => {
      const turns = this.#turnsByLane[lane];
      return turns.size > (turns.has(offerer) ? 1 : 0);
    });
  }

  #activeIn(lane: Lane): number {
    let count = 0;
    for (const wanted of this.#active) if (wanted.lane === lane) count += 1;
    return count;
  }

  #activeOf(offerer: NodeId): number {
    let count = 0;
    for (const wanted of this.#active) if (wanted.offerer === offerer) count += 1;
    return count;
  }
}
