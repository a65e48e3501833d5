// Blocks on their way to this node's disk: a bounded queue, a few pulls at a time, other offerers as spare sources.

import type { PullFailure } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { Offer } from './messages.ts';
import type { PullOutcome, Pulls } from './pulls.ts';

/** Pulls to keep at once: enough to fill a link while disks write, few enough to bound memory at 4 segments. */
const MAX_ACTIVE_PULLS = 4;
/** Of these, how many may be repair of long lists: one place is always free for what a user waits for. */
const MAX_ACTIVE_BULK_PULLS = MAX_ACTIVE_PULLS - 1;
/** What does not fit is offered again by the next repair round, or by the storer: a few full offers may wait. */
export const MAX_QUEUED = 4_000;
/** Spare sources remembered for a block: more than k nodes have no reason to offer it. */
const MAX_SOURCES = 8;

/** A block that is to be kept here. */
export interface Wanted {
  readonly block: BlockRef;
  /** Where its bytes are, the next one to try first. */
  readonly sources: NodeId[];
  /** Who offered it, to be told when it is here. */
  readonly askers: Map<NodeId, Offer['intent']>;
  /** Somebody waits for this copy. */
  urgent: boolean;
  active: boolean;
}

export interface IntakeEvents {
  kept(wanted: Wanted, source: NodeId): void;
  /** Not kept, and there is no other source. */
  failed(wanted: Wanted, reason: PullFailure): void;
}

export class Intake {
  readonly #context: PastContext;
  readonly #pulls: Pulls;
  readonly #events: IntakeEvents;
  /** Waiting and active. */
  readonly #wantedByDigest = new Map<string, Wanted>();
  /** The waiting ones, in order of arrival. */
  readonly #urgent = new Set<Wanted>();
  readonly #bulk = new Set<Wanted>();
  #active = 0;
  #activeBulk = 0;

  constructor(context: PastContext, pulls: Pulls, events: IntakeEvents) {
    this.#context = context;
    this.#pulls = pulls;
    this.#events = events;
  }

  /** Queues a block for keeping, or remembers one more source and asker of it. Does nothing if the queue is full. */
  want(block: BlockRef, sources: readonly NodeId[], asker: NodeId, intent: Offer['intent'], urgent: boolean): void {
    let wanted = this.#wantedByDigest.get(block.digest);
    if (wanted === undefined) {
      if (this.#wantedByDigest.size >= MAX_QUEUED) return;
      wanted = { block, sources: [], askers: new Map(), urgent, active: false };
      this.#wantedByDigest.set(block.digest, wanted);
      (urgent ? this.#urgent : this.#bulk).add(wanted);
    }
    if (urgent && this.#bulk.delete(wanted)) {
      wanted.urgent = true;
      this.#urgent.add(wanted);
    }
    for (const source of sources) {
      if (!wanted.sources.includes(source) && wanted.sources.length < MAX_SOURCES) wanted.sources.push(source);
    }
    // Who offers to replicate holds a copy, whatever else it asked before.
    if (wanted.askers.get(asker) !== 'replicate') wanted.askers.set(asker, intent);
    this.pump();
  }

  /** Nodes that offered a block which is not here yet. */
  sources(digest: string): readonly NodeId[] {
    return this.#wantedByDigest.get(digest)?.sources ?? [];
  }

  keyOf(digest: string): BlockRef['key'] | undefined {
    return this.#wantedByDigest.get(digest)?.block.key;
  }

  /** Starts what may be started. */
  pump(): void {
    while (this.#active < MAX_ACTIVE_PULLS) {
      const next = this.#next();
      if (next === undefined) return;
      next.active = true;
      this.#urgent.delete(next);
      this.#bulk.delete(next);
      this.#active += 1;
      if (!next.urgent) this.#activeBulk += 1;
      this.#pullFromNext(next);
    }
  }

  nodeFailed(nodeId: NodeId): void {
    for (const [digest, wanted] of this.#wantedByDigest) {
      wanted.askers.delete(nodeId);
      const index = wanted.sources.indexOf(nodeId);
      if (index < 0) continue;
      // The source of an active pull is the first one: `pulls` tells its end, which removes it.
      if (wanted.active && index === 0) continue;
      wanted.sources.splice(index, 1);
      if (wanted.active || wanted.sources.length > 0) continue;
      this.#wantedByDigest.delete(digest);
      this.#urgent.delete(wanted);
      this.#bulk.delete(wanted);
    }
  }

  clear(): void {
    this.#wantedByDigest.clear();
    this.#urgent.clear();
    this.#bulk.clear();
    this.#active = 0;
    this.#activeBulk = 0;
  }

  #next(): Wanted | undefined {
    const urgent = this.#firstFree(this.#urgent);
    if (urgent !== undefined || this.#activeBulk >= MAX_ACTIVE_BULK_PULLS) return urgent;
    return this.#firstFree(this.#bulk);
  }

  #firstFree(queue: ReadonlySet<Wanted>): Wanted | undefined {
    for (const wanted of queue) if (!this.#pulls.isBusy(wanted.block.digest)) return wanted;
    return undefined;
  }

  #pullFromNext(wanted: Wanted): void {
    const source = wanted.sources[0];
    if (source === undefined) {
      this.#remove(wanted);
      this.#events.failed(wanted, 'aborted');
      return;
    }
    this.#pulls.start(source, wanted.block, true, (outcome) => this.#pulled(wanted, source, outcome));
  }

  #pulled(wanted: Wanted, source: NodeId, outcome: PullOutcome): void {
    if (outcome === 'arrived') {
      this.#remove(wanted);
      this.#events.kept(wanted, source);
      return;
    }
    if (outcome === 'corrupt' && source !== this.#context.self) {
      this.#context.tell(source, { type: 'bad-copy', digest: wanted.block.digest });
    }
    wanted.sources.shift();
    if (outcome === 'full' || outcome === 'malformed' || wanted.sources.length === 0) {
      this.#remove(wanted);
      this.#events.failed(wanted, outcome);
    } else {
      this.#pullFromNext(wanted);
    }
  }

  #remove(wanted: Wanted): void {
    if (this.#wantedByDigest.get(wanted.block.digest) !== wanted) return;
    this.#wantedByDigest.delete(wanted.block.digest);
    this.#active -= 1;
    if (!wanted.urgent) this.#activeBulk -= 1;
  }
}
