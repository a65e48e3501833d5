// Audits: now and then a node looks a random key up over two first hops at once. Nobody on the way can tell it from any other
// lookup. Two answers that differ prove that one is false; after one that is missing, or from too far, a search says what is
// true. Who has never been deceived so far pays for nothing else (secure-roots.ts).

import type { Instant } from '../../io.ts';
import { type Context, misdeed } from '../context.ts';
import { closestId, isCloser, type Key, type NodeId, randomIdWith } from '../id.ts';
import type { AuditPurpose, Purpose } from './purposes.ts';
import { type Outcome, type Requests, routeOf } from './requests.ts';
import { rootDistance, spacingOf } from './root-distance.ts';
import type { RootSearches } from './root-searches.ts';
import type { Wariness } from './wariness.ts';

/** Soon after a node is in the ring it knows whom it is among: a first pause, each next one longer, up to the last. */
const FIRST_PAUSE_MS = 20_000;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** Nodes that start together must not audit together. */
const JITTER = 0.25;
/** An answer takes less than a second; asked again is not. */
const ANSWER_MS = 4_000;
/** A true root is farther away once in fifty times: for an audit a search may be made so often. */
const DOUBTFUL_DISTANCE = 4;

/** Lookups of one audit: each finds another liar, or none, and two would agree too often. */
const LEGS = 3;

interface Audit {
  readonly number: number;
  readonly key: Key;
  /** Of the legs that have ended: the root that each brought; undefined for none. */
  readonly roots: (NodeId | undefined)[];
}

export class Audits {
  readonly #context: Context;
  readonly #searches: RootSearches;
  readonly #wariness: Wariness;
  readonly #requests: () => Requests<Purpose>;
  #running: Audit | undefined;
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
    if (!this.#context.checksRoots) return;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#wait();
  }

  /** One of the two lookups of an audit has ended. */
  settled({ audit: number }: AuditPurpose, outcome: Outcome): void {
    const audit = this.#running;
    if (audit?.number !== number) return;
    audit.roots.push(routeOf(outcome)?.at(-1));
    if (audit.roots.length < LEGS) return;
    this.#running = undefined;
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
    const { status, leafSet, params, random } = this.#context;
    if (status !== 'active' || spacingOf(leafSet, params.digits) === undefined) return;
    this.#pauseMs *= 1 + JITTER * (2 * random.next() - 1);
    const key = randomIdWith('', params.digits, () => random.next());
    this.#lastNumber += 1;
    const purpose = { type: 'audit', audit: this.#lastNumber } as const;
    this.#running = { number: this.#lastNumber, key, roots: [] };
    for (let leg = 0; leg < LEGS; leg += 1) {
      const first = leg === 0 ? undefined : random.pick(leafSet.members())?.nodeId;
      this.#requests().start(key, { kind: 'lookup' }, ANSWER_MS, purpose, first);
    }
  }

  #judge({ key, roots }: Audit): void {
    const claims = roots.filter((root) => root !== undefined);
    const closest = closestId(key, claims);
    const liar = claims.find((root) => root !== closest);
    if (liar !== undefined) return this.#deceived(liar);
    if (closest !== undefined && this.#isNear(key, closest) && claims.length === LEGS) return;
    this.#searches.start(key, (best) => {
      const isFalse = closest !== undefined && best !== undefined && isCloser(key, best.nodeId, closest);
      if (isFalse) this.#deceived(closest);
      else if (claims.length < LEGS) this.#auditSoon();
    });
  }

  #isNear(key: Key, root: NodeId): boolean {
    const spacing = spacingOf(this.#context.leafSet, this.#context.params.digits);
    return spacing === undefined || rootDistance(key, root, spacing) <= DOUBTFUL_DISTANCE;
  }

  /** Something was lost on its way: by chance, or by somebody. */
  #auditSoon(): void {
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#wait();
  }

  #deceived(by: NodeId): void {
    this.#wariness.deceived(this.#context.now);
    misdeed(this.#context, by, 'an answer for a key that another node is closer to');
  }
}
