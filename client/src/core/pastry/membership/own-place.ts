// The own place in the ring, searched by a node that has seen routing lie: it came where its join was led, and its neighbours may
// be those who led it there. It asks ever closer nodes for those round its own id, as for the root of a key, beginning with all
// whom it knows and a stranger of the Discovery node's; who answers is a candidate for the leaf set like any other that it is
// told of. Who has seen no lie pays nothing.

import type { Context } from '../context.ts';
import type { NodeId } from '../id.ts';
import { spacingOf } from '../routing/root-distance.ts';
import type { RootSearches } from '../routing/root-searches.ts';
import type { Wariness } from '../routing/wariness.ts';
import type { LeafKeeper } from './leaf-keeper.ts';

/** The split check opens a link to the stranger (join.ts), which is then asked over it. */
const LINK_MS = 5_000;
/** Not known: an answer to a search names no life. Every life that a node shows itself is later. */
const ANY_EPOCH = 0;

export class OwnPlace {
  readonly #context: Context;
  readonly #searches: RootSearches;
  readonly #wariness: Wariness;
  readonly #leafKeeper: LeafKeeper;

  constructor(context: Context, searches: RootSearches, wariness: Wariness, leafKeeper: LeafKeeper) {
    this.#context = context;
    this.#searches = searches;
    this.#wariness = wariness;
    this.#leafKeeper = leafKeeper;
  }

  /** The Discovery node named a stranger, or (undefined) this node has just become wary. */
  searchSoon(stranger: NodeId | undefined): void {
    const { timers, now } = this.#context;
    if (!this.#wariness.isWary(now)) return;
    timers.set({ kind: 'own-place' }, now + LINK_MS, () => this.#search(stranger));
  }

  #search(stranger: NodeId | undefined): void {
    const { status, self, leafSet, params } = this.#context;
    if (status !== 'active' || spacingOf(leafSet, params.digits) === undefined) return;
    const others = stranger === undefined ? [] : [stranger];
    this.#searches.start(self.nodeId, (_, answerers) => this.#found(answerers), others);
  }

  #found(answerers: readonly NodeId[]): void {
    this.#leafKeeper.consider(answerers.map((nodeId) => ({ nodeId, epoch: ANY_EPOCH })));
  }
}
