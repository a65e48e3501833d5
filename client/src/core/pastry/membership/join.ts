// Becoming a member (Pastry, section 2.4; MSPastry, section 3.1). A newcomer's request is routed with its own id as the
// key; each node on the way gives rows, the last its leaf set. The newcomer may deliver only after everybody in its leaf
// set has confirmed it. The same request, sent while active through a stranger, finds and heals a split ring.

import { BoundedSet } from '../../bounded-map.ts';
import { type Context, trace } from '../context.ts';
import { digitAt, type NodeId, sharedPrefixLength } from '../id.ts';
import type { RowKeeper } from '../maintenance/row-keeper.ts';
import type { ReplyPayload, RoutedPayload } from '../messages.ts';
import type { Hearsay, Incarnation } from '../node-handle.ts';
import { FOUNDER_COORDINATE } from '../proximity/coordinate-fitting.ts';
import { isPlaced } from '../proximity/vivaldi.ts';
import { send } from '../reachability/outbox.ts';
import { type Hops, onlyTo } from '../routing/hops.ts';
import type { LeafKeeper } from './leaf-keeper.ts';

/** Join requests and searches for a split ring whose answers are still awaited. */
const MAX_QUESTIONS = 16;

type JoinPayload = Extract<RoutedPayload, { kind: 'join' }>;
type Welcome = Extract<ReplyPayload, { kind: 'welcome' }>;

export interface JoinListener {
  /** The leaf set has confirmed this node: it may deliver. */
  confirmed(): void;
}

export class Join {
  readonly #context: Context;
  readonly #hops: Hops;
  readonly #leafKeeper: LeafKeeper;
  readonly #rowKeeper: RowKeeper;
  readonly #listener: JoinListener;
  /** Ids of this file's own messages. */
  readonly #questions = new BoundedSet<string>(MAX_QUESTIONS);
  #sponsor: NodeId | undefined;
  /** True once a root has given this node its leaf set, or it founded the ring: from then on it introduces itself. */
  #isWelcomed = false;

  constructor(context: Context, hops: Hops, leafKeeper: LeafKeeper, rowKeeper: RowKeeper, listener: JoinListener) {
    this.#context = context;
    this.#hops = hops;
    this.#leafKeeper = leafKeeper;
    this.#rowKeeper = rowKeeper;
    this.#listener = listener;
  }

  /** True while this node knows nobody and can route nothing. */
  get isStranger(): boolean {
    return !this.#isWelcomed;
  }

  /** The node through which this one joins. */
  get sponsor(): NodeId | undefined {
    return this.#sponsor;
  }

  /** Joins through `sponsor`, or founds a ring if there is nobody. */
  start(sponsor: NodeId | undefined): void {
    this.#sponsor = sponsor;
    if (sponsor === undefined) {
      this.#context.timers.cancel({ kind: 'join' });
      const { self } = this.#context;
      if (!isPlaced(self.coordinate)) this.#context.self = { ...self, coordinate: FOUNDER_COORDINATE };
      this.#isWelcomed = true;
      this.reconfirm();
      return;
    }
    this.#ask(sponsor);
    const { timers, now, timing } = this.#context;
    timers.set({ kind: 'join' }, now + timing.joinTimeoutMs, () => this.#anotherSponsor());
  }

  /** Asks every leaf anew, before delivering again. If there were leaves and none is left, joins anew. */
  reconfirm(): void {
    const hadLeaves = this.#context.leafSet.clockwise.length > 0;
    this.#leafKeeper.reconfirm(() => this.#asked(hadLeaves));
  }

  /** The sponsor is dead or cannot be reached. */
  sponsorGone(nodeId: NodeId): void {
    if (nodeId !== this.#sponsor || !this.#context.timers.has({ kind: 'join' })) return;
    const { timers, now, timing } = this.#context;
    timers.set({ kind: 'join' }, now + timing.sponsorRetryMs, () => this.#anotherSponsor());
  }

  /** Looks this node's own id up through a stranger: a root other than this node means that the ring is split. */
  checkSplit(stranger: NodeId): void {
    if (this.#context.leafSet.clockwise.length === 0) this.#ask(stranger);
    else this.#sendThrough(stranger, { kind: 'lookup' });
  }

  /** An answer came; it counts only if the question was one of this file's. */
  answered(id: string, payload: ReplyPayload): void {
    if (!this.#questions.has(id)) return;
    if (payload.kind === 'welcome') this.#welcomed(payload);
    if (payload.kind === 'found' && payload.route.at(-1) !== this.#context.self.nodeId) {
      const stranger = payload.route[1];
      if (stranger !== undefined) this.#ask(stranger);
    }
  }

  /** Adds this node's rows to a newcomer's request that passes. `from` is the newcomer itself at the first node. */
  pass(payload: JoinPayload, from: NodeId): JoinPayload {
    const { self, routingTable, neighborhoodSet } = this.#context;
    const { joiner } = payload;
    // Who is not in the ring yet has nothing to give and must not get into anybody's tables.
    if (!this.#isWelcomed) return payload;
    if (from === joiner.nodeId) {
      const entries = [self, ...neighborhoodSet.members()].filter(({ nodeId }) => nodeId !== joiner.nodeId);
      send(this.#context, from, { type: 'entries', self, entries });
    }
    const shared = sharedPrefixLength(self.nodeId, joiner.nodeId);
    const rows = [...payload.rows];
    for (let row = rows.length; row <= shared && row < self.nodeId.length; row += 1) rows.push(routingTable.row(row));
    const last = rows[shared];
    if (last !== undefined) rows[shared] = mergedRow(last, [self, ...routingTable.row(shared)], shared);
    return { ...payload, rows };
  }

  /** The root's answer to a newcomer. */
  welcome(payload: JoinPayload, route: readonly NodeId[]): Welcome {
    const { self, leafSet } = this.#context;
    const leaves = [self, ...leafSet.members()].filter(({ nodeId }) => nodeId !== payload.joiner.nodeId);
    return { kind: 'welcome', rows: payload.rows, leafSet: leaves.map(incarnationOf), route };
  }

  #ask(sponsor: NodeId): void {
    this.#sendThrough(sponsor, { kind: 'join', joiner: this.#context.self, rows: [] });
  }

  #sendThrough(stranger: NodeId, payload: RoutedPayload): void {
    const { nodeId } = this.#context.self;
    const id = this.#context.newId();
    this.#questions.add(id);
    if (payload.kind === 'join') this.#context.expectedEntries.asked(stranger);
    const message = { type: 'routed', id, key: nodeId, route: [nodeId], payload } as const;
    this.#hops.transmit(message, stranger, onlyTo(stranger));
  }

  #anotherSponsor(): void {
    const { timers, now, timing } = this.#context;
    // The answer is a `sponsor` input; if none comes, ask again.
    timers.set({ kind: 'join' }, now + timing.joinTimeoutMs, () => this.#anotherSponsor());
    this.#context.emit({ type: 'ask-sponsor' });
  }

  #welcomed(welcome: Welcome): void {
    const { timers, status } = this.#context;
    if (status === 'active') {
      this.#leafKeeper.consider(welcome.leafSet);
      return;
    }
    if (!timers.has({ kind: 'join' })) return;
    timers.cancel({ kind: 'join' });
    this.#isWelcomed = true;
    this.#rowKeeper.consider(welcome.rows.flat());
    // Its root is named at least.
    this.#leafKeeper.confirm(welcome.leafSet, () => this.#asked(true));
    trace(this.#context, { kind: 'joined', route: welcome.route });
  }

  /** Every leaf has answered or was given up. If there were some and none is left, this node is no ring of its own: it joins anew. */
  #asked(hadLeaves: boolean): void {
    if (hadLeaves && this.#context.leafSet.clockwise.length === 0) {
      this.#isWelcomed = false;
      this.#anotherSponsor();
      return;
    }
    this.#sponsor = undefined;
    this.#listener.confirmed();
  }
}

/** `first`, and of `others` those whose column is free there: a row has one entry for each column. */
function mergedRow(first: readonly Hearsay[], others: readonly Hearsay[], row: number): Hearsay[] {
  const byColumn = new Map<number, Hearsay>();
  for (const handle of [...first, ...others]) {
    const column = digitAt(handle.nodeId, row);
    if (!byColumn.has(column)) byColumn.set(column, handle);
  }
  return [...byColumn.values()];
}

function incarnationOf({ nodeId, epoch }: Incarnation): Incarnation {
  return { nodeId, epoch };
}
