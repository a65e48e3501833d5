// Whom a newcomer should contact: a random node that is likely to answer, found in constant time however many there are.
// Nodes stand in classes: heard of lately or not, still looking for a sponsor or not, seen to answer signals or not. Time
// alone moves them from class to class; who is due is at the front of a queue.

import { DrawPool, drawFrom } from './draw-pool.ts';
import { FRESH_MS, SEEKING_MS } from './limits.ts';
import type { Random } from './random.ts';
import { TimeQueue } from './time-queue.ts';

/** A node as the choice of sponsors sees it; only Sponsors changes it. */
export interface Candidate {
  /** Registrations are numbered: an earlier one has a lower number. */
  readonly order: number;
  /** When the node last gave a sign of life, milliseconds. */
  lastSeen: number;
  /** When the node last was sent to a sponsor, milliseconds; undefined: it founds a ring, or was in one already. */
  soughtAt: number | undefined;
  /** It has exchanged signals with another node: it answers, which a registration alone does not show. */
  hasAnswered: boolean;
}

/** Names one of all members of `pools`, but `leftOut`. By default chance does; tests may want to know whom. */
export type Draw = <T extends Candidate>(pools: readonly DrawPool<T>[], random: Random, leftOut?: T) => T | undefined;

/** One in so many repeated requests looks beyond the nodes that were seen to answer, which may be few and play into each other's hands. */
export const LOOK_BEYOND_ONE_IN = 4;
/** Draws for an earlier node among those still joining, before the earliest of all is named: it is always right, but one tab for all. */
const EARLIER_DRAWS = 8;

/** Bits of a class. */
const STALE = 1;
const SEEKING = 2;
const SILENT = 4;
const CLASSES = 8;

export class Sponsors<T extends Candidate> {
  readonly #random: Random;
  readonly #drawOne: Draw;
  readonly #pools: readonly DrawPool<T>[] = Array.from({ length: CLASSES }, () => new DrawPool<T>());
  readonly #poolOf = new Map<T, DrawPool<T>>();
  readonly #all = this.#poolsWithout(0);
  readonly #heardOf = this.#poolsWithout(STALE);
  readonly #answering = this.#poolsWithout(STALE | SILENT);
  readonly #settledAll = this.#poolsWithout(SEEKING);
  readonly #settledHeardOf = this.#poolsWithout(SEEKING | STALE);
  readonly #settledAnswering = this.#poolsWithout(SEEKING | STALE | SILENT);
  /** All, by registration. */
  readonly #byOrder = new TimeQueue<T>();
  /** Those heard of lately, longest ago first. */
  readonly #fresh = new TimeQueue<T>();
  /** Those that may still be joining, longest ago first. */
  readonly #seeking = new TimeQueue<T>();

  constructor(random: Random, draw: Draw = drawFrom) {
    this.#random = random;
    this.#drawOne = draw;
  }

  /** `candidate` comes after all others that are here, and was seen last of all. */
  add(candidate: T): void {
    this.#byOrder.push(candidate);
    this.#fresh.push(candidate);
    if (candidate.soughtAt !== undefined) this.#seeking.push(candidate);
    this.#place(candidate);
  }

  delete(candidate: T): void {
    for (const queue of [this.#byOrder, this.#fresh, this.#seeking]) queue.delete(candidate);
    this.#poolOf.get(candidate)?.delete(candidate);
    this.#poolOf.delete(candidate);
  }

  seen(candidate: T, now: number): void {
    candidate.lastSeen = now;
    const wasFresh = this.#fresh.has(candidate);
    this.#fresh.push(candidate);
    if (!wasFresh) this.#place(candidate);
  }

  answered(candidate: T): void {
    if (candidate.hasAnswered) return;
    candidate.hasAnswered = true;
    this.#place(candidate);
  }

  /** For a node that is about to be added, and for clients: one of all, preferably one that answers. `asksAgain`: the last one did not. */
  forNewcomer(now: number, asksAgain = false): T | undefined {
    this.#advance(now);
    return (
      (asksAgain && this.#looksBeyond() ? undefined : this.#draw(this.#answering)) ??
      this.#draw(this.#heardOf) ??
      this.#draw(this.#all)
    );
  }

  /**
   * For a node that asks again: its join failed, or it wants to know whether its ring has split. Nodes that may still be
   * joining cannot sponsor, so the others come first. If all may be joining (the founder died before anybody had joined)
   * only earlier ones are named and the earliest gets none: exactly one founds the ring.
   */
  forAsker(asker: T, now: number): T | undefined {
    this.#advance(now);
    const sponsor = this.#settled(asker) ?? this.#earlier(asker);
    asker.soughtAt = sponsor === undefined ? undefined : now;
    if (sponsor === undefined) this.#seeking.delete(asker);
    else this.#seeking.push(asker);
    this.#place(asker);
    return sponsor;
  }

  #settled(asker: T): T | undefined {
    return (
      (this.#looksBeyond() ? undefined : this.#draw(this.#settledAnswering, asker)) ??
      this.#draw(this.#settledHeardOf, asker) ??
      this.#draw(this.#settledAll, asker)
    );
  }

  #looksBeyond(): boolean {
    return this.#random.below(LOOK_BEYOND_ONE_IN) === 0;
  }

  /** None of the others is settled: one that registered before the asker. */
  #earlier(asker: T): T | undefined {
    for (let draw = 0; draw < EARLIER_DRAWS; draw += 1) {
      const drawn = this.#draw(this.#heardOf, asker);
      if (drawn === undefined) break;
      if (drawn.order < asker.order) return drawn;
    }
    const earliest = this.#byOrder.first;
    return earliest === asker ? undefined : earliest;
  }

  #draw(pools: readonly DrawPool<T>[], leftOut?: T): T | undefined {
    return this.#drawOne(pools, this.#random, leftOut);
  }

  /** The pools of classes without any of these bits. */
  #poolsWithout(bits: number): readonly DrawPool<T>[] {
    return this.#pools.filter((_, each) => (each & bits) === 0);
  }

  /** Moves those whose class time has changed: each move was paid for when the node was seen or sought. */
  #advance(now: number): void {
    for (let oldest = this.#fresh.first; oldest !== undefined; oldest = this.#fresh.first) {
      if (now - oldest.lastSeen <= FRESH_MS) break;
      this.#fresh.delete(oldest);
      this.#place(oldest);
    }
    for (let oldest = this.#seeking.first; oldest !== undefined; oldest = this.#seeking.first) {
      if (oldest.soughtAt !== undefined && now - oldest.soughtAt <= SEEKING_MS) break;
      this.#seeking.delete(oldest);
      this.#place(oldest);
    }
  }

  #place(candidate: T): void {
    const staleness = this.#fresh.has(candidate) ? 0 : STALE;
    const seeking = this.#seeking.has(candidate) ? SEEKING : 0;
    const pool = this.#pools[staleness | seeking | (candidate.hasAnswered ? 0 : SILENT)];
    const former = this.#poolOf.get(candidate);
    if (pool === undefined || pool === former) return;
    former?.delete(candidate);
    pool.add(candidate);
    this.#poolOf.set(candidate, pool);
  }
}
