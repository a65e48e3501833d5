// A fetch's pull of one block, and the second holder that is asked beside where the first one is slow (P71): only one that has
// given its last blocks so fast that it would have given this one twice by now. Of one block at a time, since who has a slow line
// of its own gains nothing by it.

import type { NodeId } from '../pastry/id.ts';
import type { PastTimer } from '../timer-names.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import { PULL_LIMIT_MS, type PullOutcome, type Pulls } from './pulls.ts';
import type { Sources } from './sources.ts';

/** How often a pull under way is looked at, milliseconds. */
const LOOK_MS = 500;
/** A second holder is asked after so many times what it would take itself. */
const TIMES = 2;
/** A link opens in so long, and a holder gives at least so much: whoever takes longer is tried again after all others. */
const PATIENCE_MS = 5_000;
const SLOWEST_BYTES_PER_MS = 50;
/** Assumed of a block of unknown size: of manifests, 5,000 segments. */
const UNKNOWN_BYTES = 350_000;

export interface RaceEvents {
  /** Who could be asked beside, the likeliest first. */
  rivals(): readonly NodeId[];
  /** One of these is. */
  asked(rival: NodeId): void;
  /** One of two has failed, and the other goes on. */
  fellBack(outcome: PullOutcome, from: NodeId): void;
  /** Once. `from`: whose bytes came, or who failed last. `isSlow`: it was given up, and may give the block if it has more time. */
  ended(outcome: PullOutcome, from: NodeId, isSlow: boolean): void;
}

interface Race {
  readonly block: BlockRef;
  readonly events: RaceEvents;
  /** When who is asked was asked. */
  readonly askedAtById: Map<NodeId, number>;
  readonly limitMs: number;
}

export class RacedPulls {
  readonly #context: PastContext;
  readonly #pulls: Pulls;
  readonly #sources: Sources;
  /** The digest of the block that two holders are asked for. */
  #raced: string | undefined;

  constructor(context: PastContext, pulls: Pulls, sources: Sources) {
    this.#context = context;
    this.#pulls = pulls;
    this.#sources = sources;
  }

  /** Of a digest that is not being pulled. `waits`: there is nobody else to ask, so it may take all the time there is. */
  start(holder: NodeId, block: BlockRef, waits: boolean, events: RaceEvents): void {
    const limitMs = waits ? PULL_LIMIT_MS : patienceMs(block);
    const race: Race = { block, events, askedAtById: new Map(), limitMs };
    this.#asked(race, holder);
    this.#lookSoon(race);
    const terms = {
      ...{ keep: false, hurry: limitMs < PULL_LIMIT_MS, limitMs },
      fellBack: (outcome: PullOutcome, from: NodeId) => {
        this.#over(race, from, undefined);
        this.#raced = undefined;
        this.#lookSoon(race);
        events.fellBack(outcome, from);
      },
    };
    this.#pulls.start(holder, block, terms, (outcome, from) => this.#ended(race, outcome, from, holder));
  }

  #ended(race: Race, outcome: PullOutcome, from: NodeId, holder: NodeId): void {
    const { block, events, limitMs } = race;
    this.#context.cancel(timerName(block));
    if (this.#raced === block.digest) this.#raced = undefined;
    const tookMs = this.#tookMs(race, from);
    this.#over(race, from, outcome === 'arrived' ? tookMs : undefined);
    for (const other of [...race.askedAtById.keys()]) {
      // Who was overtaken is at most as fast as if it had given the block just now.
      this.#over(race, other, other === holder ? this.#tookMs(race, other) : undefined);
    }
    const isSlow = limitMs < PULL_LIMIT_MS && (outcome === 'silent' || tookMs >= limitMs);
    events.ended(outcome, from, isSlow);
  }

  #look(race: Race): void {
    const { block, events } = race;
    const [startedAt = 0] = race.askedAtById.values();
    const elapsedMs = this.#context.ring.now - startedAt;
    const wouldBeDone = (rival: NodeId): boolean => {
      const ms = this.#sources.knownMs(rival, block.size);
      return ms !== undefined && TIMES * ms <= elapsedMs;
    };
    const rival = this.#raced === undefined ? events.rivals().find(wouldBeDone) : undefined;
    if (rival === undefined) return this.#lookSoon(race);
    this.#raced = block.digest;
    this.#context.ring.count('slow blocks asked for twice');
    this.#asked(race, rival);
    events.asked(rival);
    this.#pulls.race(block.digest, rival, patienceMs(block));
  }

  #lookSoon(race: Race): void {
    this.#context.after(timerName(race.block), LOOK_MS, () => this.#look(race));
  }

  #asked({ block, askedAtById }: Race, holder: NodeId): void {
    askedAtById.set(holder, this.#context.ring.now);
    this.#sources.began(holder, block.size);
  }

  #over({ block, askedAtById }: Race, holder: NodeId, tookMs: number | undefined): void {
    if (askedAtById.delete(holder)) this.#sources.ended(holder, block.size, tookMs);
  }

  #tookMs({ askedAtById }: Race, holder: NodeId): number {
    const { now } = this.#context.ring;
    return now - (askedAtById.get(holder) ?? now);
  }
}

function patienceMs({ size }: BlockRef): number {
  return Math.min(PULL_LIMIT_MS, PATIENCE_MS + (size === 0 ? UNKNOWN_BYTES : size) / SLOWEST_BYTES_PER_MS);
}

function timerName({ digest }: BlockRef): PastTimer {
  return { kind: 'fetch-race', key: digest };
}
