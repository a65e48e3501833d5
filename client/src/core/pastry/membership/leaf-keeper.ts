// Keeps the leaf set exact (MSPastry, section 3.1; Bamboo, section 4.1): asks candidates before they enter, confirms
// the whole set before this node may deliver, spreads the news of a death, and compares sets with one random leaf now
// and then. News of a death travels once, from a node next to the dead one: everybody telling everybody is a storm.

import { BoundedMap } from '../../bounded-map.ts';
import type { Instant } from '../../io.ts';
import type { Context } from '../context.ts';
import type { NodeId } from '../id.ts';
import { type LeafSetMessage, UNASKED } from '../messages.ts';
import type { Incarnation } from '../node-handle.ts';
import { send } from '../reachability/outbox.ts';
import type { LeafPlace } from '../tables/leaf-set.ts';
import { knownNodes } from '../tables/tables.ts';
import { Confirmation } from './confirmation.ts';
import { DeathReports } from './death-reports.ts';
import type { FailureDetector } from './failure-detector.ts';
import type { DeathNews, Membership } from './membership.ts';

/** The most deaths named in one message. */
const MAX_DEAD_TOLD = 8;
/** Bound of the nodes heard of. */
const MAX_HEARD_OF = 64;

interface HeardOf {
  readonly incarnation: Incarnation;
  readonly at: Instant;
}

export class LeafKeeper {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #detector: FailureDetector;
  /** Named of late by leaves and candidates: the next in line, should somebody die. */
  readonly #heardOfById = new BoundedMap<NodeId, HeardOf>(MAX_HEARD_OF);
  /** Told of by others and not yet heard from. */
  readonly #candidateById = new Map<NodeId, Incarnation>();
  /** Candidates and new leaves that are still to be asked. */
  readonly #unasked = new Set<NodeId>();
  /** Leaves that others found dead, and that this node asks itself before it believes so. */
  readonly #reports: DeathReports;
  readonly #confirmation = new Confirmation();
  /** True once the end of a short half has told who comes next. */
  #endAnswered = false;

  constructor(context: Context, membership: Membership, detector: FailureDetector) {
    this.#context = context;
    this.#membership = membership;
    this.#detector = detector;
    this.#reports = new DeathReports(context, membership, () => this.message(false, UNASKED));
  }

  /** Asks every member of the leaf set, and of `candidates` that belong in it; calls back when all answered or died. */
  confirm(candidates: readonly Incarnation[], whenConfirmed: () => void): void {
    this.#confirmation.begin(false, whenConfirmed);
    this.consider(candidates);
  }

  /** The same for a leaf set that was confirmed before, to which all links may be lost. */
  reconfirm(whenConfirmed: () => void): void {
    this.#confirmation.begin(true, whenConfirmed);
    this.consider([]);
  }

  /** Takes hearsay: those who would belong in the leaf set are asked. */
  consider(handles: Iterable<Incarnation>): void {
    const { leafSet, self } = this.#context;
    for (const handle of handles) {
      if (handle.nodeId === self.nodeId || leafSet.has(handle.nodeId) || this.#membership.isDead(handle)) continue;
      this.#candidateById.set(handle.nodeId, handle);
    }
    this.#pursue();
  }

  receive(from: NodeId, message: LeafSetMessage): void {
    this.#unasked.delete(from);
    this.#remember(message);
    // It is here, and may be waiting for a suspect's place.
    if (this.#context.leafSet.has(from)) this.#candidateById.delete(from);
    else this.#candidateById.set(from, message.self);
    if (message.asks) {
      this.#answer(from, message);
      // Its question has told what its answer would.
      if (!this.#confirmation.isUnderWay) this.#detector.cancel(from, 'leaf-set');
    } else if (message.nonce !== UNASKED) {
      // Only an answer tells its whole leaf set: what comes unasked may name one node, of whom there is news.
      this.#confirmation.answered(from);
    }
    const { leafSet, self } = this.#context;
    if (!message.asks && leafSet.shortEnds().some(({ nodeId }) => nodeId === from)) this.#endAnswered = true;
    for (const { nodeId, epoch } of message.failed) {
      if (nodeId === self.nodeId && epoch >= self.epoch) this.#reports.refute(message.members);
      const known = leafSet.get(nodeId);
      if (known === undefined || known.epoch > epoch || nodeId === from) continue;
      this.#reports.add({ nodeId, epoch }, message.self);
      this.#detector.suspect(nodeId, true);
    }
    this.consider(message.members);
  }

  /** A message came from `nodeId`. */
  heard(nodeId: NodeId): void {
    this.#reports.heard(nodeId);
  }

  /** A leaf is gone. The node after it, which pings it, tells all whom it concerns; the one before it tells that node. */
  removed(nodeId: NodeId, place: LeafPlace, news: DeathNews): void {
    const { timers, now, timing } = this.#context;
    this.#candidateById.delete(nodeId);
    this.#unasked.delete(nodeId);
    this.#confirmation.removed(nodeId);
    this.#reports.settle(nodeId);
    const isFirst = news === 'own-probe' || news === 'new-incarnation';
    if (isFirst || (news === 'hearsay' && place === 'before')) this.#tell(place);
    this.consider(this.#heardLately());
    this.#endAnswered = false;
    timers.set({ kind: 'leaf-repair' }, now + timing.leafRepairMs, () => this.#repair());
  }

  /**
   * The node after the dead one tells those before it, each of which asks the node that comes next for it, and that
   * question carries the news on; so each pair that death makes leaves of each other meets once.
   */
  #tell(place: LeafPlace): void {
    const { leafSet } = this.#context;
    const [after] = leafSet.clockwise;
    const before = leafSet.wraps ? leafSet.members() : leafSet.counterclockwise;
    const told = place === 'before' ? before : place === 'after' && after !== undefined ? [after] : [];
    const ends = new Set(leafSet.shortEnds());
    for (const leaf of told) {
      // The end of the short half knows who comes next.
      if (ends.has(leaf)) this.#detector.probe(leaf.nodeId, 'leaf-set');
      else send(this.#context, leaf.nodeId, this.message(false, UNASKED));
    }
  }

  /** A candidate did not answer. */
  dropCandidate(nodeId: NodeId): void {
    const candidate = this.#candidateById.get(nodeId);
    if (candidate === undefined) return;
    this.#candidateById.delete(nodeId);
    this.#unasked.delete(nodeId);
    this.#membership.bury(candidate);
    this.#pursue();
  }

  /** Sets this node's leaf set beside a random leaf's. */
  exchange(): void {
    const leaf = this.#context.random.pick(this.#context.leafSet.members());
    if (leaf !== undefined) this.#detector.probe(leaf.nodeId, 'leaf-set');
  }

  message(asks: boolean, nonce: number): LeafSetMessage {
    const { self, leafSet } = this.#context;
    return {
      type: 'leaf-set',
      self,
      members: leafSet.members().map(({ nodeId, epoch }) => ({ nodeId, epoch })),
      failed: [...this.#reports.open(), ...this.#membership.dead(MAX_DEAD_TOLD)].slice(0, MAX_DEAD_TOLD),
      asks,
      nonce,
    };
  }

  #remember({ self, members }: LeafSetMessage): void {
    const { now } = this.#context;
    for (const incarnation of [self, ...members]) this.#heardOfById.set(incarnation.nodeId, { incarnation, at: now });
  }

  *#heardLately(): Iterable<Incarnation> {
    const { now, timing } = this.#context;
    for (const { incarnation, at } of this.#heardOfById.values()) if (now - at < timing.standbyMs) yield incarnation;
  }

  /** Tells who asks only what it does not know. */
  #answer(from: NodeId, question: LeafSetMessage): void {
    const known = new Set(question.members.map(({ nodeId }) => nodeId)).add(from);
    const answer = this.message(false, question.nonce);
    const members = answer.members.filter(({ nodeId }) => !known.has(nodeId));
    send(this.#context, from, { ...answer, members });
  }

  /** Asks the end of a half that is still short who comes next. Knows it nobody, the ring has become small. */
  #repair(): void {
    const { leafSet, tables, timers, now, timing } = this.#context;
    if (!leafSet.isShort) return;
    if (this.#candidateById.size === 0 && (this.#endAnswered || leafSet.shortEnds().length === 0)) {
      this.consider(knownNodes(tables));
      if (this.#candidateById.size === 0) {
        leafSet.refill();
        return;
      }
    }
    this.#endAnswered = false;
    for (const end of leafSet.shortEnds()) this.#detector.probe(end.nodeId, 'leaf-set');
    timers.set({ kind: 'leaf-repair' }, now + timing.leafRepairMs, () => this.#repair());
  }

  /** Asks the candidates that would be in the leaf set if all who are not suspect lived, and forgets the others. */
  #pursue(isUrgent = this.#confirmation.isUnderWay): void {
    const { leafSet, peers, now, timing } = this.#context;
    const isInTrouble = this.#isInTrouble;
    const hoped = leafSet.without((nodeId) => !isInTrouble && peers.isSuspect(nodeId));
    for (const handle of this.#candidateById.values()) hoped.add(handle);
    for (const nodeId of [...this.#candidateById.keys()]) {
      const isStandby = this.#isStandby(nodeId);
      if (isStandby && leafSet.admits(nodeId)) {
        this.#membership.readmit(nodeId);
        // It may have died since it answered. If not, it hears of the deaths that made room, which nobody else tells it.
        // And a link that was not kept while it waited has to be opened.
        const isFresh = now - (peers.get(nodeId)?.lastHeard ?? 0) <= timing.freshMs;
        if (!isFresh || !peers.isReachable(nodeId)) this.#unasked.add(nodeId);
      }
      if (leafSet.has(nodeId)) this.#candidateById.delete(nodeId);
      else if (!hoped.has(nodeId)) {
        this.#candidateById.delete(nodeId);
        this.#unasked.delete(nodeId);
      } else if (!isStandby) this.#unasked.add(nodeId);
    }
    this.#askThem(isUrgent);
    this.#checkConfirmed();
  }

  /** Of two that heard of each other at once, the lower asks: its question is the other's answer. Else the higher asks later. */
  #askThem(isUrgent: boolean): void {
    const { self, timers, now, timing } = this.#context;
    for (const nodeId of this.#unasked) {
      if (isUrgent || nodeId > self.nodeId) {
        this.#unasked.delete(nodeId);
        // Nobody waits for one that may not be asked: if it is there, others will speak of it too.
        if (!this.#detector.probe(nodeId, 'leaf-set', !this.#confirmation.isUnderWay))
          this.#candidateById.delete(nodeId);
      } else if (!timers.has({ kind: 'leaf-candidates' })) {
        timers.set({ kind: 'leaf-candidates' }, now + timing.leafRepairMs / 2, () => this.#pursue(true));
      }
    }
  }

  /** True for a candidate that answered lately and waits for a suspect's place: it need not be asked again. */
  #isStandby(nodeId: NodeId): boolean {
    const { peers, now, timing } = this.#context;
    const peer = peers.get(nodeId);
    return peer?.handle !== undefined && !peer.suspect && now - peer.lastHeard < timing.standbyMs;
  }

  /**
   * True when this node's own trouble is likelier than that of so many others: after standing still, or where it has no time
   * for all that comes. Nobody is asked for the places of suspects then, which would take as many links again.
   */
  get #isInTrouble(): boolean {
    if (this.#confirmation.isAnew) return true;
    const { leafSet, peers } = this.#context;
    const members = leafSet.members();
    return 2 * members.filter(({ nodeId }) => peers.isSuspect(nodeId)).length > members.length;
  }

  #checkConfirmed(): void {
    if (!this.#confirmation.isUnderWay) return;
    let waiting = 0;
    for (const nodeId of this.#candidateById.keys()) if (!this.#isStandby(nodeId)) waiting += 1;
    for (const { nodeId } of this.#context.leafSet.members()) {
      if (this.#confirmation.hasAnswered(nodeId)) continue;
      waiting += 1;
      this.#detector.probe(nodeId, 'leaf-set');
    }
    if (waiting === 0) this.#confirmation.end();
  }
}
