// Blocks on their way to this node's disk: a bounded queue in which every offerer has a bound of its own, a few pulls at a
// time, other offerers as spare sources.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant, PullFailure } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import { IntakeQueue, type Intent, type Lane, type Wanted } from './intake-queue.ts';
import { MAX_ORDERS_OF_OFFER } from './placements.ts';
import type { PullOutcome, Pulls } from './pulls.ts';
import type { Order } from './receipts.ts';

/** What does not fit is offered again by the next repair round, or by the storer: what a leaf set of 16 may have waiting. */
const MAX_QUEUED = 4_000;
/** A full offer (MAX_OFFER_BLOCKS) and a few that somebody waits for. */
export const MAX_QUEUED_OF_LEAF = 250;
/** A user who stores thirty files at once has three blocks of each under way. */
export const MAX_QUEUED_OF_STRANGER = 100;
/** Of all strangers: the rest of the queue is for repair. */
const MAX_QUEUED_OF_STRANGERS = 1_000;
/** Spare sources remembered for a block: more than k nodes have no reason to offer it. */
const MAX_SOURCES = 8;
/** Askers of one block: the members of its replica set, and who store it at the same moment. */
const MAX_ASKERS = 32;
/** So many offered blocks in a row that do not come, and this offerer waits: each pull of nothing may take ten seconds. */
const MAX_FAILURES = 8;
const IGNORED_MS = 60_000;
const MAX_FAILING = 256;

export interface IntakeEvents {
  kept(wanted: Wanted, source: NodeId): void;
  /** Not kept, and there is no other source. */
  failed(wanted: Wanted, reason: PullFailure): void;
}

/** How an offerer has failed lately. */
interface Failing {
  readonly count: number;
  readonly ignoredUntil: Instant;
}

export class Intake {
  readonly #context: PastContext;
  readonly #pulls: Pulls;
  readonly #events: IntakeEvents;
  /** Waiting and active. */
  readonly #wantedByDigest = new Map<string, Wanted>();
  readonly #queue = new IntakeQueue();
  readonly #countByOfferer = new Map<NodeId, number>();
  readonly #failingByOfferer = new BoundedMap<NodeId, Failing>(MAX_FAILING);
  /** Of those that wait or are active. */
  #ofStrangers = 0;

  constructor(context: PastContext, pulls: Pulls, events: IntakeEvents) {
    this.#context = context;
    this.#pulls = pulls;
    this.#events = events;
  }

  /** Queues a block for keeping, or remembers one more source and asker of it. Does nothing if there is no room. */
  want(block: BlockRef, sources: readonly NodeId[], asker: NodeId, intent: Intent, urgent: boolean): void {
    const lane = this.#laneOf(asker, intent, urgent);
    const wanted = this.#wantedByDigest.get(block.digest) ?? this.#begin(block, asker, lane);
    if (wanted === undefined) return;
    if (lane === 'copies') this.#queue.move(wanted, lane);
    for (const source of sources) {
      if (!wanted.sources.includes(source) && wanted.sources.length < MAX_SOURCES) wanted.sources.push(source);
    }
    const known = wanted.askers.get(asker);
    if (known === undefined && wanted.askers.size < MAX_ASKERS) wanted.askers.set(asker, { intent, orders: new Map() });
    // Who offers to replicate holds a copy, whatever else it asked before.
    else if (known !== undefined && known.intent !== 'replicate') known.intent = intent;
    this.pump();
  }

  /** One of those that offered the block wants a receipt. */
  wantReceipt(asker: NodeId, order: Order): void {
    const orders = this.#wantedByDigest.get(order.digest)?.askers.get(asker)?.orders;
    if (orders !== undefined && (orders.size < MAX_ORDERS_OF_OFFER || orders.has(order.receiptFor)))
      orders.set(order.receiptFor, order);
  }

  has(digest: string): boolean {
    return this.#wantedByDigest.has(digest);
  }

  /** Nodes that offered a block which is not here yet. */
  sources(digest: string): readonly NodeId[] {
    return this.#wantedByDigest.get(digest)?.sources ?? [];
  }

  /** In whose places a block is on its way. */
  standsFor(digest: string): readonly NodeId[] {
    const askers = [...(this.#wantedByDigest.get(digest)?.askers ?? [])];
    return askers.filter(([, { intent }]) => intent === 'divert').map(([nodeId]) => nodeId);
  }

  keyOf(digest: string): BlockRef['key'] | undefined {
    return this.#wantedByDigest.get(digest)?.block.key;
  }

  /** A pull has ended. What a fetch has just brought here, and waits to be kept, is kept from there: it need not come twice. */
  pullEnded(digest: string, from: NodeId, isBrought: boolean): void {
    const wanted = this.#wantedByDigest.get(digest);
    if (isBrought && wanted?.active === false) {
      this.#queue.activate(wanted);
      wanted.sources.unshift(this.#context.self);
      this.#pullFromNext(wanted, from);
    }
    this.pump();
  }

  /** Starts what may be started. */
  pump(): void {
    for (;;) {
      const next = this.#queue.next(({ block }) => !this.#pulls.isBusy(block.digest));
      if (next === undefined) return;
      this.#pullFromNext(next);
    }
  }

  nodeFailed(nodeId: NodeId): void {
    this.#failingByOfferer.delete(nodeId);
    for (const wanted of [...this.#wantedByDigest.values()]) {
      wanted.askers.delete(nodeId);
      const index = wanted.sources.indexOf(nodeId);
      if (index < 0) continue;
      // The source of an active pull is the first one: `pulls` tells its end, which removes it.
      if (wanted.active && index === 0) continue;
      wanted.sources.splice(index, 1);
      if (!wanted.active && wanted.sources.length === 0) this.#fail(wanted, 'aborted');
    }
  }

  clear(): void {
    this.#wantedByDigest.clear();
    this.#countByOfferer.clear();
    this.#queue.clear();
    this.#ofStrangers = 0;
  }

  #begin(block: BlockRef, offerer: NodeId, lane: Lane): Wanted | undefined {
    if (!this.#hasRoomFor(offerer)) return undefined;
    const isStrangers = offerer !== this.#context.self && !this.#context.isLeaf(offerer);
    const wanted: Wanted = { block, sources: [], askers: new Map(), offerer, isStrangers, lane, active: false };
    this.#wantedByDigest.set(block.digest, wanted);
    this.#countByOfferer.set(offerer, (this.#countByOfferer.get(offerer) ?? 0) + 1);
    if (isStrangers) this.#ofStrangers += 1;
    this.#queue.add(wanted);
    return wanted;
  }

  #hasRoomFor(offerer: NodeId): boolean {
    const { ring, self } = this.#context;
    if (this.#wantedByDigest.size >= MAX_QUEUED) return false;
    if (offerer === self) return true;
    if (ring.now < (this.#failingByOfferer.get(offerer)?.ignoredUntil ?? 0)) return false;
    const isLeaf = this.#context.isLeaf(offerer);
    const most = isLeaf ? MAX_QUEUED_OF_LEAF : MAX_QUEUED_OF_STRANGER;
    if ((this.#countByOfferer.get(offerer) ?? 0) >= most) {
      this.#context.misdeed(offerer, 'more offers than one may have waiting');
      return false;
    }
    return isLeaf || this.#ofStrangers < MAX_QUEUED_OF_STRANGERS;
  }

  #laneOf(asker: NodeId, intent: Intent, urgent: boolean): Lane {
    const { self } = this.#context;
    if (asker !== self && (intent === 'store' || !this.#context.isLeaf(asker))) return 'stores';
    return urgent ? 'copies' : 'bulk';
  }

  /** `giver`: who gave the bytes, if they are at the next source since a moment ago. */
  #pullFromNext(wanted: Wanted, giver?: NodeId): void {
    const source = wanted.sources[0];
    if (source === undefined) return this.#fail(wanted, 'aborted');
    this.#pulls.start(source, wanted.block, { keep: true }, (outcome) =>
      this.#pulled(wanted, source, outcome, giver ?? source),
    );
  }

  #pulled(wanted: Wanted, source: NodeId, outcome: PullOutcome, giver: NodeId): void {
    if (outcome === 'arrived') {
      this.#failingByOfferer.delete(source);
      this.#remove(wanted);
      this.#events.kept(wanted, giver);
      return;
    }
    if (outcome === 'corrupt' && source !== this.#context.self) {
      this.#context.reputation.doubt(source, 'wrong bytes');
      this.#context.tell(source, { type: 'bad-copy', digest: wanted.block.digest });
    }
    if (outcome === 'aborted' && source !== this.#context.self) {
      // Who named another node as the source has offered it.
      const isNamed = wanted.askers.get(wanted.offerer)?.intent === 'divert';
      this.#notGiven(isNamed ? wanted.offerer : source);
    }
    wanted.sources.shift();
    const isOver = outcome === 'full' || outcome === 'malformed' || wanted.sources.length === 0;
    if (isOver) this.#fail(wanted, outcome);
    else this.#pullFromNext(wanted);
  }

  /** A node that offered a block did not give it. */
  #notGiven(source: NodeId): void {
    const { now } = this.#context.ring;
    const count = (this.#failingByOfferer.get(source)?.count ?? 0) + 1;
    const isTooMuch = count >= MAX_FAILURES;
    this.#failingByOfferer.set(source, {
      count: isTooMuch ? 0 : count,
      ignoredUntil: isTooMuch ? now + IGNORED_MS : 0,
    });
    if (!isTooMuch) return;
    this.#context.misdeed(source, 'offered blocks not given');
    for (const wanted of [...this.#wantedByDigest.values()]) {
      if (wanted.offerer === source && !wanted.active && wanted.sources.length === 1) this.#fail(wanted, 'aborted');
    }
  }

  #fail(wanted: Wanted, reason: PullFailure): void {
    this.#remove(wanted);
    this.#events.failed(wanted, reason);
  }

  #remove(wanted: Wanted): void {
    if (this.#wantedByDigest.get(wanted.block.digest) !== wanted) return;
    this.#wantedByDigest.delete(wanted.block.digest);
    this.#queue.remove(wanted);
    if (wanted.isStrangers) this.#ofStrangers -= 1;
    const count = (this.#countByOfferer.get(wanted.offerer) ?? 0) - 1;
    if (count > 0) this.#countByOfferer.set(wanted.offerer, count);
    else this.#countByOfferer.delete(wanted.offerer);
  }
}
