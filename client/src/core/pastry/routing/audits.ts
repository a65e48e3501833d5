// Audits: now and then a node looks a random key up over several first hops at once. Nobody on the way can tell it from any other
// lookup. Two answers that differ prove that one is false; a search says what is true, also after one that is missing, or from too
// far. A false answer may be an honest node's that has not heard of a newcomer yet: so keys beside the newcomer are looked up
// once more, when everybody near it must know it, and only who is lied to then is wary (wariness.ts).

import type { Instant } from '../../io.ts';
import { type Context, count } from '../context.ts';
import { closestId, idAfter, isCloser, type Key, type NodeId, randomIdWith } from '../id.ts';
import type { AuditPurpose, Purpose } from './purposes.ts';
import { type Outcome, type Requests, routeOf } from './requests.ts';
import { rootDistance, spacingOf } from './root-distance.ts';
import type { RootSearches } from './root-searches.ts';
import type { Wariness } from './wariness.ts';

/** Soon after a node is in the ring it knows whom it is among: a first pause, each next one longer, up to the last. */
const FIRST_PAUSE_MS = 20_000;
const PAUSE_GROWTH = 1.3;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** Nodes that start together must not audit together. */
const JITTER = 0.25;
/** An answer takes less than a second; asked again is not. */
const ANSWER_MS = 4_000;
/** A true root is farther away once in fifty times: for an audit a search may be made so often. */
const DOUBTFUL_DISTANCE = 4;
/**
 * Who is active has been confirmed by its whole leaf set (R21), so news of it takes no time; a lookup and a search that tell of
 * different moments take some seconds, and a leaf that found no path to it hears of it with the next exchanges of leaf sets.
 */
const NEWS_MS = 20_000;

/** Lookups of one audit: each finds another liar, or none, and two would agree too often. */
const LEGS = 3;
/** Of a second look: it is rare, and must meet a liar where there are few. */
const SECOND_LEGS = 6;
/** The key of a second look is at most this share (1 / n) of the mean spacing from its root. */
const BESIDE = 16_000n;
const BESIDE_STEPS = 1_000;

interface Audit {
  readonly key: Key;
  readonly legs: number;
  /** Has been there for longer than news takes. */
  readonly elder: NodeId | undefined;
  /** Of the legs that have ended: the root that each brought; undefined for none. */
  readonly roots: (NodeId | undefined)[];
}

export class Audits {
  readonly #context: Context;
  readonly #searches: RootSearches;
  readonly #wariness: Wariness;
  readonly #requests: () => Requests<Purpose>;
  readonly #auditByNumber = new Map<number, Audit>();
  #lastNumber = 0;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(context: Context, searches: RootSearches, wariness: Wariness, requests: () => Requests<Purpose>) {
    this.#context = context;
    this.#searches = searches;
    this.#wariness = wariness;
    this.#requests = requests;
  }

  /** This node is in the ring. */
  start(): void {
    if (!this.#context.params.checksRoots) return;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#wait();
  }

  /** An answer named another root than `closer`, which has answered for itself: a lie, or no news of it yet. */
  suspect(closer: NodeId): void {
    const { timers, now } = this.#context;
    count(this.#context, 'roots-false');
    if (closer === this.#context.self.nodeId) return;
    if (!this.#wariness.needsProof(now) || timers.has({ kind: 'second-look' })) return;
    timers.set({ kind: 'second-look' }, now + NEWS_MS, () => this.#lookAgain(closer));
  }

  /** One of the lookups of an audit has ended. */
  settled({ audit: number }: AuditPurpose, outcome: Outcome): void {
    const audit = this.#auditByNumber.get(number);
    if (audit === undefined) return;
    audit.roots.push(routeOf(outcome)?.at(-1));
    if (audit.roots.length < audit.legs) return;
    this.#auditByNumber.delete(number);
    this.#judge(audit);
  }

  #wait(): void {
    const { timers, now } = this.#context;
    const at: Instant = now + this.#pauseMs;
    timers.set({ kind: 'audit' }, at, () => {
      this.#audit();
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, PAUSE_GROWTH * this.#pauseMs);
      this.#wait();
    });
  }

  #audit(): void {
    const { status, params, random } = this.#context;
    if (status !== 'active' || this.#spacing === undefined) return;
    this.#pauseMs *= 1 + JITTER * (2 * random.next() - 1);
    this.#begin(
      randomIdWith('', params.digits, () => random.next()),
      LEGS,
      undefined,
    );
  }

  #lookAgain(elder: NodeId): void {
    const { status, random } = this.#context;
    const spacing = this.#spacing;
    if (status !== 'active' || spacing === undefined) return;
    const steps = BigInt(Math.floor((2 * random.next() - 1) * BESIDE_STEPS));
    this.#begin(idAfter(elder, (steps * spacing) / BESIDE), SECOND_LEGS, elder);
  }

  #begin(key: Key, legs: number, elder: NodeId | undefined): void {
    const { leafSet, random } = this.#context;
    this.#lastNumber += 1;
    const purpose = { type: 'audit', audit: this.#lastNumber } as const;
    this.#auditByNumber.set(this.#lastNumber, { key, legs, elder, roots: [] });
    for (let leg = 0; leg < legs; leg += 1) {
      const first = leg === 0 ? undefined : random.pick(leafSet.members())?.nodeId;
      this.#requests().start(key, { kind: 'lookup' }, ANSWER_MS, purpose, first);
    }
  }

  #judge(audit: Audit): void {
    const { key, roots, legs, elder } = audit;
    const claims = roots.filter((root) => root !== undefined);
    const claimed = closestId(key, claims);
    const doAgree = claims.length === legs && claims.every((root) => root === claimed);
    if (doAgree && claimed !== undefined && this.#isNear(key, claimed)) return;
    // The closest of them may be false too.
    this.#searches.start(key, (end) => {
      const best = end?.best;
      const isCloserThere = best !== undefined && claimed !== undefined && isCloser(key, best.nodeId, claimed);
      const root = isCloserThere ? best.nodeId : claimed;
      if (root === undefined || claims.every((claim) => claim === root)) {
        if (claims.length < legs) this.#auditSoon();
      } else if (root === elder) {
        count(this.#context, 'lies-proved');
        this.#wariness.deceived(this.#context.now);
      } else this.suspect(root);
    });
  }

  #isNear(key: Key, root: NodeId): boolean {
    const spacing = this.#spacing;
    return spacing === undefined || rootDistance(key, root, spacing) <= DOUBTFUL_DISTANCE;
  }

  get #spacing(): bigint | undefined {
    return spacingOf(this.#context.leafSet, this.#context.params.digits);
  }

  /** Something was lost on its way: by chance, or by somebody. */
  #auditSoon(): void {
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#wait();
  }
}
