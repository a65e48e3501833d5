// The storer's side of a store: find the root, offer it the block, count the receipts that it brings; if it refuses, look up
// again and offer again; if it gives no word, or brings nothing, another member coordinates in its place (coordinators.ts).
// PAST, section 2.1: insert. Requests for one digest share one session.

import type { RequestId } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import { type Outcome, routeOf } from '../pastry/routing/requests.ts';
import type { PastTimer } from '../timer-names.ts';
import type { BlockRef, StoreFailure } from './block.ts';
import type { PastContext } from './context.ts';
import type { Coordinators } from './coordinators.ts';
import type { Lease } from './lease.ts';
import type { Copies as CopiesReport, Refuse } from './messages.ts';
import { AFTERMATH_MS } from './placements.ts';
import type { PurposeOf, SearchPurposeOf } from './purposes.ts';
import type { Copies } from './receipt-count.ts';
import type { RoomLeft } from './room-survey.ts';
import { isFinal, StoreSession } from './store-session.ts';

/**
 * How often a root is asked again; it answers at once with what it has, so this is also its sign of life. A link that opens
 * does so in less, and one that does not is given up later.
 */
const RETRY_MS = 10_000;
/** A root that brings no receipt is passed over after this time more for each byte: it may be pulling at 1 Mbit/s. */
const SLOWEST_BYTES_PER_MS = 128;
/** A pause after a refusal, for two views of the ring to become one. */
const PAUSE_MS = 1_000;
/** How long one lookup may take before it counts as failed. */
const LOOKUP_TIMEOUT_MS = 15_000;
/** How long a storer listens that has been told of a missing copy: some repair rounds, in which another is made. */
const LACKING_MS = 5 * 60_000;
/** Without a word worth waiting on for so long, a store has failed. */
export const STORE_SILENCE_MS = 60_000;
/** However lively its coordinators are: one segment that is not stored after ten minutes never will be. */
const STORE_LIMIT_MS = 10 * 60_000;

export interface StoreEvents {
  /** A request has reached its quorum or failed. */
  settled(): void;
  /** Of a block there are these receipts now, a quorum or more once. */
  counted(digest: string, copies: Copies): void;
  /** How much room is left around here; `then` is called once. */
  surveyed(then: (room: RoomLeft) => void): void;
}

export class StoreRequests {
  readonly #context: PastContext;
  readonly #coordinators: Coordinators;
  readonly #events: StoreEvents;
  readonly #sessionByDigest = new Map<string, StoreSession>();
  #lastNumber = 0;

  constructor(context: PastContext, coordinators: Coordinators, events: StoreEvents) {
    this.#context = context;
    this.#coordinators = coordinators;
    this.#events = events;
  }

  /** This node has left, or is about to. */
  refuse(request: RequestId): void {
    this.#context.ring.emit({ type: 'store-failed', request, reason: 'left', room: undefined });
  }

  begin(request: RequestId, block: BlockRef, lease: Lease): void {
    const running = this.#sessionByDigest.get(block.digest);
    if (running?.wasComplete === true) this.#end(running, 'timed-out');
    else if (running !== undefined) {
      running.requests.add(request);
      running.leases.set(lease.owner, lease);
      if (running.verdict !== 'none') this.#emitStored(running, [request]);
      return;
    }
    this.#lastNumber += 1;
    const session = new StoreSession(this.#context, this.#lastNumber, block, request, lease);
    this.#sessionByDigest.set(block.digest, session);
    this.#look(session);
  }

  /** True while the driver can produce the bytes of this block, so that they need not come over a link. */
  isStoring(digest: string): boolean {
    return this.#sessionByDigest.get(digest)?.wasComplete === false;
  }

  /** The receipts of a store under way, or just done. */
  copiesOf(digest: string): Copies {
    const session = this.#sessionByDigest.get(digest);
    return session?.hasQuorum === true ? session.copies : new Map();
  }

  /** True if some request has no quorum yet. */
  get isWaiting(): boolean {
    for (const session of this.#sessionByDigest.values()) if (!session.hasQuorum) return true;
    return false;
  }

  copies(from: NodeId, message: CopiesReport): void {
    const session = this.#heard(from, message.digest);
    if (session === undefined) return;
    const { now } = this.#context.ring;
    const { isMore, isQuorum } = session.report(from, message);
    if (isMore) session.progressAt = now;
    if (isQuorum) {
      this.#coordinators.spoke(from);
      // It has its place back.
      if (from === session.root) session.coordinator = from;
    }
    if (!this.#coordinators.isSilent(from)) session.heardAt = now;
    this.#count(session);
  }

  refused(from: NodeId, { digest, reason }: Refuse): void {
    const session = this.#heard(from, digest);
    if (session === undefined || session.wasComplete) return;
    if (from !== session.coordinator && from !== session.root) return;
    if (reason === 'not-mine') {
      session.refusalsById.set(from, (session.refusalsById.get(from) ?? 0) + 1);
      // Whoever refused is no root any more: a second refusal must not put the next lookup off for ever.
      session.root = undefined;
      session.coordinator = undefined;
      this.#lookAfter(session, PAUSE_MS);
      return;
    }
    session.full.add(from);
    if (isFinal(reason) || session.isHopeless) return this.#end(session, reason);
    if (session.coordinator !== from) return;
    session.coordinator = undefined;
    this.#look(session);
  }

  nodeFailed(nodeId: NodeId): void {
    // To whom no link leads is not dead for that: its receipt counts, and whoever sees it tells of it.
    const isGone = !this.#context.ring.isUnreachable(nodeId);
    for (const session of [...this.#sessionByDigest.values()]) {
      if (isGone) session.nodeFailed(nodeId);
      if (isGone && session.copies.has(nodeId)) this.#count(session);
      if (session.coordinator !== nodeId || session.wasComplete) continue;
      // If the ring goes on naming it, it is no link that leads there.
      this.#coordinators.silent(nodeId);
      this.#look(session);
    }
  }

  failAll(reason: StoreFailure): void {
    for (const session of [...this.#sessionByDigest.values()]) this.#end(session, reason);
  }

  /** The session that a word of `from` is for. */
  #heard(from: NodeId, digest: string): StoreSession | undefined {
    const session = this.#sessionByDigest.get(digest);
    if (session?.offered.has(from) !== true) return undefined;
    if (from === session.coordinator) session.hasWord = true;
    return session;
  }

  #count(session: StoreSession): void {
    const isNews = session.count();
    if (!isNews || (session.verdict === 'none' && !session.hasQuorum)) return;
    const isFirst = !session.hasQuorum;
    session.hasQuorum = true;
    if (session.verdict === 'complete') session.wasComplete = true;
    if (session.wasComplete) {
      // Its coordinator tells of copies that are found missing, and of those that are made in their place.
      const listensMs = session.verdict === 'complete' ? AFTERMATH_MS : LACKING_MS;
      this.#context.after(timerName(session), listensMs, () => this.#end(session, 'timed-out'));
    }
    this.#emitStored(session, session.requests);
    this.#events.counted(session.block.digest, session.copies);
    if (isFirst) this.#events.settled();
  }

  #look(session: StoreSession): void {
    const { ring } = this.#context;
    if (session.isLooking) return;
    this.#judge(session);
    if (ring.now - session.heardAt >= STORE_SILENCE_MS || ring.now - session.startedAt >= STORE_LIMIT_MS) {
      this.#end(session, 'timed-out');
      return;
    }
    session.isLooking = true;
    session.root = undefined;
    ring.ask(session.block.key, { kind: 'lookup' }, LOOKUP_TIMEOUT_MS, { type: 'store-root', ...nameOf(session) });
  }

  /** A coordinator that gives no word, or whose words bring no quorum nearer, is passed over. */
  #judge({ block, coordinator, coordinatorSince, hasQuorum, hasWord, progressAt }: StoreSession): void {
    if (coordinator === undefined) return;
    const patienceMs = RETRY_MS + block.size / SLOWEST_BYTES_PER_MS;
    if (!hasWord) {
      this.#coordinators.silent(coordinator);
    } else if (!hasQuorum && this.#context.ring.now - Math.max(progressAt, coordinatorSince) >= patienceMs) {
      this.#coordinators.silent(coordinator);
      this.#context.reputation.doubt(coordinator, 'a store without receipts');
    }
  }

  /** The ring was asked for a root. */
  rootFound(purpose: PurposeOf<'store-root'>, outcome: Outcome): void {
    const session = this.#sessionOf(purpose);
    if (session === undefined) return;
    const route = routeOf(outcome);
    const root = route?.at(-1);
    if (route !== undefined && root !== undefined) {
      session.root = root;
      session.route = route;
      const isSilent = this.#coordinators.isSilent(root);
      if (!isSilent && !session.full.has(root) && !session.isDenied(root)) return this.#offer(session, root);
      if (isSilent) {
        // A failed link is forgotten sooner.
        this.#coordinators.silent(root);
        // Asked all the same, and before all others: networks change.
        this.#tell(session, root);
      }
    }
    this.#coordinators.search(session.block, root, { type: 'store-coordinator', ...nameOf(session), root });
  }

  /** Members of the replica set were searched past the root. */
  coordinatorFound({ root, ...purpose }: SearchPurposeOf<'store-coordinator'>, named: readonly NodeId[]): void {
    const session = this.#sessionOf(purpose);
    if (session === undefined) return;
    const { block, full, refusalsById } = session;
    const isAway = root === undefined || full.has(root) || session.isDenied(root) || this.#coordinators.isSilent(root);
    const member = this.#coordinators.closest(block, named, new Set([...refusalsById.keys(), ...full]));
    // Most have no room, and no word comes from the others.
    if (member === undefined && session.isMostlyFull) return this.#end(session, 'full');
    // Refusals are opinions of a moment.
    if (member === undefined) refusalsById.clear();
    const coordinator = member !== undefined && isAway ? member : root;
    if (coordinator !== undefined && !full.has(coordinator)) return this.#offer(session, coordinator);
    session.isLooking = false;
    if (coordinator !== undefined) this.#end(session, 'full');
    else this.#lookAfter(session, PAUSE_MS);
  }

  #offer(session: StoreSession, coordinator: NodeId): void {
    session.isLooking = false;
    if (session.coordinator !== coordinator) session.coordinatorSince = this.#context.ring.now;
    session.coordinator = coordinator;
    session.hasWord = false;
    this.#lookAfter(session, RETRY_MS);
    this.#tell(session, coordinator);
  }

  #tell({ block, leases, offered, order }: StoreSession, coordinator: NodeId): void {
    offered.add(coordinator);
    const offer = { type: 'offer', blocks: [block], intent: 'store', orders: [order] } as const;
    this.#context.tell(coordinator, { ...offer, leases: [...leases.values()] });
  }

  #lookAfter(session: StoreSession, delayMs: number): void {
    this.#context.after(timerName(session), delayMs, () => this.#look(session));
  }

  #end(session: StoreSession, reason: StoreFailure): void {
    this.#sessionByDigest.delete(session.block.digest);
    this.#context.cancel(timerName(session));
    const { hasQuorum, requests } = session;
    // With its quorum it has succeeded, and what it lacks is repair's to complete.
    if (hasQuorum) for (const request of requests) this.#context.ring.emit({ type: 'store-settled', request });
    else if (reason === 'full') this.#events.surveyed((room) => this.#fail(requests, reason, room));
    else this.#fail(requests, reason, undefined);
    if (!hasQuorum) this.#events.settled();
  }

  #fail(requests: Iterable<RequestId>, reason: StoreFailure, room: RoomLeft | undefined): void {
    for (const request of requests) this.#context.ring.emit({ type: 'store-failed', request, reason, room });
  }

  /** The session that asked, if it is not over, and not complete meanwhile. */
  #sessionOf({
    digest,
    session: number,
  }: Pick<PurposeOf<'store-root'>, 'digest' | 'session'>): StoreSession | undefined {
    const session = this.#sessionByDigest.get(digest);
    return session?.number === number && !session.wasComplete ? session : undefined;
  }

  #emitStored({ copies, root, route, verdict }: StoreSession, requests: Iterable<RequestId>): void {
    const { ring, self } = this.#context;
    const holders = [...copies.keys()];
    for (const request of requests) {
      ring.emit({ type: 'stored', request, root: root ?? self, route, holders, complete: verdict === 'complete' });
    }
  }
}

/** As a purpose names it. */
function nameOf({ block, number }: StoreSession): { readonly digest: string; readonly session: number } {
  return { digest: block.digest, session: number };
}

function timerName({ block }: StoreSession): PastTimer {
  return { kind: 'store', key: block.digest };
}
