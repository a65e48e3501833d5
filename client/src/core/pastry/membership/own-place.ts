// The own place in the ring, searched by a node that has seen routing lie: it came where its join was led, and its neighbours may
// be those who led it there, its table those whom they named. It asks ever closer nodes for those round its own id, as for the
// root of a key, beginning with all whom it knows and with strangers of the Discovery node's, for whom it asks; who answers is a
// candidate for the leaf set like any other that it is told of. Who has seen no lie pays nothing.

import type { Context } from '../context.ts';
import type { NodeId } from '../id.ts';
import { spacingOf } from '../routing/root-distance.ts';
import { MAX_STRANGERS, type RootSearches } from '../routing/root-searches.ts';
import type { Wariness } from '../routing/wariness.ts';
import type { FailureDetector } from './failure-detector.ts';
import type { LeafKeeper } from './leaf-keeper.ts';

/** A link to a stranger opens first, over which it is then asked. */
const LINK_MS = 5_000;
/** Between two questions for a stranger: gentle to the Discovery node. */
const STRANGER_PAUSE_MS = 10_000;
/** The place is searched after the first of those asked for, and each time that there are four times as many. */
const SEARCH_GROWTH = 4;
/** Not known: an answer to a search names no life. Every life that a node shows itself is later. */
const ANY_EPOCH = 0;

export class OwnPlace {
  readonly #context: Context;
  readonly #searches: RootSearches;
  readonly #wariness: Wariness;
  readonly #detector: FailureDetector;
  readonly #leafKeeper: LeafKeeper;
  #asked = 0;
  #named = 0;
  #searchAt = 1;

  constructor(
    context: Context,
    searches: RootSearches,
    wariness: Wariness,
    detector: FailureDetector,
    leafKeeper: LeafKeeper,
  ) {
    this.#context = context;
    this.#searches = searches;
    this.#wariness = wariness;
    this.#detector = detector;
    this.#leafKeeper = leafKeeper;
  }

  /** This node has just become wary. */
  begin(): void {
    this.#asked = 0;
    this.#named = 0;
    this.#searchAt = 1;
    this.#searchSoon();
    this.#gather();
  }

  /** The Discovery node named a stranger, or (undefined) knows none. True if this file has asked for it. */
  named(stranger: NodeId | undefined): boolean {
    if (!this.#wariness.isWary(this.#context.now)) return false;
    const isMine = this.#named < this.#asked;
    if (isMine) this.#named += 1;
    if (stranger === undefined) return isMine;
    this.#searches.beginWith(stranger);
    this.#detector.probe(stranger, 'ping');
    if (isMine && this.#named < this.#searchAt) return true;
    if (isMine) this.#searchAt *= SEARCH_GROWTH;
    this.#searchSoon();
    return isMine;
  }

  #gather(): void {
    const { timers, now } = this.#context;
    timers.set({ kind: 'strangers' }, now + STRANGER_PAUSE_MS, () => {
      const { status } = this.#context;
      if (!this.#wariness.isWary(this.#context.now) || this.#asked >= MAX_STRANGERS) return;
      if (status === 'active') {
        this.#asked += 1;
        this.#context.emit({ type: 'ask-sponsor' });
      }
      this.#gather();
    });
  }

  #searchSoon(): void {
    const { timers, now } = this.#context;
    timers.set({ kind: 'own-place' }, now + LINK_MS, () => this.#search());
  }

  #search(): void {
    const { status, self, leafSet, params } = this.#context;
    if (status !== 'active' || spacingOf(leafSet, params.digits) === undefined) return;
    this.#searches.start(self.nodeId, (end) => this.#found(end?.answerers ?? []));
  }

  #found(answerers: readonly NodeId[]): void {
    this.#leafKeeper.consider(answerers.map((nodeId) => ({ nodeId, epoch: ANY_EPOCH })));
  }
}
