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
/** One silence may be a busy machine; after the second in a row a copy is not counted. */
const MAX_SILENCES = 2;

export class CopyCount {
  /** At the place where its copies are, as far as is known. */
  block: BlockRef;
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

  /** Where else its copies may be, if nobody was ever heard of that has one. */
  readonly #places: BlockRef[];

  constructor(block: BlockRef, receiptFor: string, now: Instant) {
    const { digest, size } = block;
    this.block = block;
    this.#places = [...elsewhere(block)];
    this.order = { digest, size, receiptFor, proof: undefined };
    this.nextAskAt = now;
  }

  /** Those that have shown their copies, without this node. */
  get holders(): Holders {
    return this.#holders;
  }

  get isWaiting(): boolean {
    return this.#answerUntilById.size > 0;
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
    this.#places.length = 0;
    this.#changed();
  }

  /** Nobody has a copy: looks at its next place. False if it had copies once, or has no place left. */
  moveOn(now: Instant): boolean {
    const next = this.#places.shift();
    if (next === undefined) return false;
    this.block = next;
    this.isKnown = false;
    this.#heard.clear();
    this.#answerUntilById.clear();
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
