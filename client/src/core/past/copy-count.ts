// What this node knows of the copies of one block that it watches: who has answered for its own copy, who is asked, and
// when it is time to ask again. No word of one node about another gets in here.

import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import { type BlockRef, elsewhere } from './block.ts';
import type { PastContext } from './context.ts';
import type { Order } from './receipts.ts';

/** Who holds a block, and the device of each. */
export type Holders = ReadonlyMap<NodeId, string>;

/** The first repetition comes so soon while copies are missing; each next one twice as late, as long as nothing changes. */
const FIRST_PAUSE_MS = 5_000;
/** How often a block is asked about of which nothing is missing; with many blocks less often, ten of them a second. */
const ROUND_MS = 60_000;
const ROUND_MS_OF_BLOCK = 100;
/** The same beyond the leaf set, where each question costs a route and k links. */
const FAR_ROUND_MS = 10 * 60_000;
const FAR_ROUND_MS_OF_BLOCK = 1_000;
/** One silence may be a busy machine; after the second in a row a copy is not counted. */
const MAX_SILENCES = 2;

/** How far a round of questions beyond the leaf set is: what is awaited. */
type FarRound = 'lookup' | 'root' | 'search' | 'members';

export class CopyCount {
  /** Whoever is no leaf answers with a receipt for this. */
  readonly order: Order;
  nextAskAt: Instant;
  pauseMs = FIRST_PAUSE_MS;
  /** All that should know have been heard, once: the count is no guess. It stays so, since news only correct it. */
  isKnown = false;
  /** What was last told of it, if anything. */
  told: string | undefined;
  readonly #holders = new Map<NodeId, string>();
  /** This node sees the whole replica set, and need ask nobody for it. */
  isNear = true;
  /** Asked, and neither answered nor silent yet; until when an answer may come. */
  readonly #answerUntilById = new Map<NodeId, Instant>();
  /** Who has answered, or was silent for long enough. */
  readonly #heard = new Set<NodeId>();
  readonly #silencesById = new Map<NodeId, number>();

  /** Of such a round, if one is under way. */
  far: FarRound | undefined;
  /** Where its copies may be, until a node is heard of that has one. */
  readonly #places: readonly BlockRef[];
  #place = 0;
  #block: BlockRef;
  #isPlaced = false;
  #moveOnAt: Instant = 0;

  constructor(block: BlockRef, receiptFor: string, now: Instant) {
    const { digest, size } = block;
    this.#block = block;
    this.#places = [block, ...elsewhere(block)];
    this.order = { digest, size, receiptFor, proof: undefined };
    this.nextAskAt = now;
  }

  /** At the place where its copies are, as far as is known. */
  get block(): BlockRef {
    return this.#block;
  }

  /** Those that have shown their copies, without this node. */
  get holders(): Holders {
    return this.#holders;
  }

  get isWaiting(): boolean {
    return this.#answerUntilById.size > 0;
  }

  /** When it is asked about again: late if nothing is missing, or nothing changes. `watched`: blocks that are counted here. */
  putOff(now: Instant, watched: number, isComplete: boolean): void {
    const roundMs = this.isNear
      ? Math.max(ROUND_MS, watched * ROUND_MS_OF_BLOCK)
      : Math.max(FAR_ROUND_MS, watched * FAR_ROUND_MS_OF_BLOCK);
    this.nextAskAt = now + (isComplete ? roundMs : Math.min(roundMs, this.pauseMs));
    this.pauseMs = Math.min(roundMs, this.pauseMs * 2);
  }

  hasHeard(nodeId: NodeId): boolean {
    return this.#heard.has(nodeId);
  }

  isAsked(nodeId: NodeId): boolean {
    return this.#answerUntilById.has(nodeId);
  }

  asked(nodeId: NodeId, answerUntil: Instant): void {
    this.#answerUntilById.set(nodeId, answerUntil);
  }

  /** A node has answered for its own copy, with one (on `device`) or without. False if it was not asked. */
  answered(nodeId: NodeId, device: string | undefined): boolean {
    if (!this.#answerUntilById.delete(nodeId)) return false;
    this.#heard.add(nodeId);
    this.#silencesById.delete(nodeId);
    if (device === undefined) this.#remove(nodeId);
    else this.holds(nodeId, device);
    return true;
  }

  /** It has shown its copy. */
  holds(nodeId: NodeId, device: string): void {
    if (this.#holders.get(nodeId) === device) return;
    this.#holders.set(nodeId, device);
    this.#isPlaced = true;
    this.#changed();
  }

  /** All are asked anew. */
  beginFar(): void {
    this.far = 'lookup';
    this.#heard.clear();
  }

  endFar(): void {
    this.far = undefined;
    if (this.#heard.size > 0) this.isKnown = true;
  }

  /**
   * Nobody that was asked has a copy: looks at its next place. False if it had copies once, or is being asked about, or all places were looked at; then it begins
   * at the first one after a pause.
   */
  moveOn(now: Instant): boolean {
    if (this.#isPlaced || this.far !== undefined || this.#heard.size === 0 || now < this.#moveOnAt) return false;
    this.#place = (this.#place + 1) % this.#places.length;
    this.#block = this.#places[this.#place] ?? this.#block;
    this.#heard.clear();
    this.#answerUntilById.clear();
    if (this.#place === 0) {
      this.#moveOnAt = now + this.pauseMs;
      return false;
    }
    this.isKnown = false;
    this.nextAskAt = now;
    return true;
  }

  /** Its copy is gone, or was never there. It is asked again if it should have one. */
  lost(nodeId: NodeId): void {
    this.#heard.delete(nodeId);
    this.#remove(nodeId);
  }

  /** Copies are missing: it is asked about again no later than after the present pause. */
  hasten(now: Instant): void {
    this.nextAskAt = Math.min(this.nextAskAt, now + this.pauseMs);
  }

  /** It is dead, or not believed any more. */
  forget(nodeId: NodeId): void {
    this.#answerUntilById.delete(nodeId);
    this.#silencesById.delete(nodeId);
    this.lost(nodeId);
  }

  /** Ends what has waited too long. True if something has. */
  expire(now: Instant): boolean {
    let hasExpired = false;
    for (const [nodeId, until] of this.#answerUntilById) {
      if (now < until) continue;
      hasExpired = true;
      this.#answerUntilById.delete(nodeId);
      this.#heard.add(nodeId);
      const silences = (this.#silencesById.get(nodeId) ?? 0) + 1;
      this.#silencesById.set(nodeId, silences);
      if (silences >= MAX_SILENCES) this.#remove(nodeId);
    }
    return hasExpired;
  }

  #remove(nodeId: NodeId): void {
    if (this.#holders.delete(nodeId)) this.#changed();
  }

  /** Where something has changed, more may follow soon. */
  #changed(): void {
    this.pauseMs = FIRST_PAUSE_MS;
  }
}

/** Who holds it, with what this node knows as a holder itself. */
export function holdersOf({ block: { digest }, holders }: CopyCount, context: PastContext): Holders {
  const { held, known, ring } = context;
  const all = new Map(holders);
  const deviceById = context.devices();
  for (const nodeId of known.holders(digest)) {
    const device = deviceById.get(nodeId);
    if (device !== undefined) all.set(nodeId, device);
  }
  if (held.has(digest)) all.set(ring.self.nodeId, ring.self.device);
  return all;
}
