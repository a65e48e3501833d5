// The storer's side of a store: find the root, offer it the block, follow its reports; if it refuses, look up again and
// offer again; if it gives no word, another member coordinates in its place (stand-ins.ts). PAST, section 2.1: insert.
// Requests for one digest share one session.

import type { Instant, RequestId } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { ReplyPayload } from '../pastry/messages.ts';
import type { BlockRef, StoreFailure } from './block.ts';
import type { PastContext } from './context.ts';
import type { Copies, Refuse } from './messages.ts';
import type { StandIns } from './stand-ins.ts';

/**
 * How often a root is asked again; it answers at once with what it has, so this is also its sign of life. A link that opens
 * does so in less, and one that does not is given up later.
 */
const RETRY_MS = 10_000;
/** A pause after a refusal, for two views of the ring to become one. */
const PAUSE_MS = 1_000;
/** How long one lookup may take before it counts as failed. */
const LOOKUP_TIMEOUT_MS = 15_000;
/** Without a word from any root for so long, a store has failed. */
export const STORE_SILENCE_MS = 60_000;
/** However lively the root is: one segment that is not stored after ten minutes never will be. */
const STORE_LIMIT_MS = 10 * 60_000;

interface Session {
  readonly block: BlockRef;
  readonly requests: Set<RequestId>;
  readonly startedAt: Instant;
  heardAt: Instant;
  isLooking: boolean;
  /** As last looked up. */
  root: NodeId | undefined;
  /** The root, or who was offered the block in its place. */
  coordinator: NodeId | undefined;
  /** The coordinator gave a word since it was last offered the block. */
  hasWord: boolean;
  /** Who would not stand in for the root. */
  readonly refusers: Set<NodeId>;
  route: readonly NodeId[];
  holders: readonly NodeId[];
  wanted: number;
  hasQuorum: boolean;
}

export class StoreRequests {
  readonly #context: PastContext;
  readonly #standIns: StandIns;
  readonly #settled: () => void;
  readonly #sessionByDigest = new Map<string, Session>();

  /** `settled` is called whenever a request has reached its quorum or failed. */
  constructor(context: PastContext, standIns: StandIns, settled: () => void) {
    this.#context = context;
    this.#standIns = standIns;
    this.#settled = settled;
  }

  /** This node has left, or is about to. */
  refuse(request: RequestId): void {
    this.#context.ring.emit({ type: 'store-failed', request, reason: 'left' });
  }

  begin(request: RequestId, block: BlockRef): void {
    const now = this.#context.ring.now;
    const running = this.#sessionByDigest.get(block.digest);
    if (running !== undefined) {
      running.requests.add(request);
      if (running.hasQuorum) this.#emitStored(running, [request]);
      return;
    }
    const session: Session = {
      block,
      requests: new Set([request]),
      startedAt: now,
      heardAt: now,
      isLooking: false,
      root: undefined,
      coordinator: undefined,
      hasWord: false,
      refusers: new Set(),
      route: [],
      holders: [],
      wanted: 0,
      hasQuorum: false,
    };
    this.#sessionByDigest.set(block.digest, session);
    this.#look(session);
  }

  /** True while the driver can produce the bytes of this block, so that they need not come over a link. */
  isStoring(digest: string): boolean {
    return this.#sessionByDigest.has(digest);
  }

  /** True if some request has no quorum yet. */
  get isWaiting(): boolean {
    for (const session of this.#sessionByDigest.values()) if (!session.hasQuorum) return true;
    return false;
  }

  copies(from: NodeId, message: Copies): void {
    const session = this.#heard(from, message.digest);
    if (session === undefined) return;
    session.heardAt = this.#context.ring.now;
    const holders = [...new Set(message.holders)];
    // What this node itself knows of the ring is the least that it asks for, whatever the root says.
    const nodes = this.#context.ring.leaves().length + 1;
    const wanted = Math.min(this.#context.replicas, Math.max(message.wanted, nodes));
    const isNews =
      wanted !== session.wanted ||
      holders.length !== session.holders.length ||
      holders.some((id) => !session.holders.includes(id));
    session.holders = holders;
    session.wanted = wanted;
    if (!isNews || holders.length * 2 <= wanted) return;
    const isFirst = !session.hasQuorum;
    session.hasQuorum = true;
    if (holders.length >= wanted) this.#remove(session);
    this.#emitStored(session, session.requests);
    if (isFirst) this.#settled();
  }

  refused(from: NodeId, message: Refuse): void {
    const session = this.#heard(from, message.digest);
    if (session === undefined) return;
    if (message.reason !== 'not-mine') {
      this.#end(session, message.reason);
      return;
    }
    // Whoever refused is no root any more: a second refusal must not put the next lookup off for ever.
    if (from !== session.root) session.refusers.add(from);
    session.root = undefined;
    session.coordinator = undefined;
    this.#lookAfter(session, PAUSE_MS);
  }

  nodeFailed(nodeId: NodeId): void {
    for (const session of [...this.#sessionByDigest.values()]) {
      if (session.coordinator !== nodeId) continue;
      // If the ring goes on naming it, it is no link that leads there.
      this.#standIns.silent(nodeId);
      this.#look(session);
    }
  }

  failAll(reason: StoreFailure): void {
    for (const session of [...this.#sessionByDigest.values()]) this.#end(session, reason);
  }

  /** The session that a word of `from` is for. The root's first word gives it its place back. */
  #heard(from: NodeId, digest: string): Session | undefined {
    const session = this.#sessionByDigest.get(digest);
    if (session === undefined || (from !== session.coordinator && from !== session.root)) return undefined;
    this.#standIns.spoke(from);
    if (from === session.root) session.coordinator = from;
    session.hasWord = true;
    return session;
  }

  #look(session: Session): void {
    const { ring } = this.#context;
    if (session.isLooking) return;
    if (session.coordinator !== undefined && !session.hasWord) this.#standIns.silent(session.coordinator);
    if (ring.now - session.heardAt >= STORE_SILENCE_MS || ring.now - session.startedAt >= STORE_LIMIT_MS) {
      this.#end(session, 'timed-out');
      return;
    }
    session.isLooking = true;
    session.root = undefined;
    session.coordinator = undefined;
    ring.route(
      session.block.key,
      { kind: 'lookup' },
      LOOKUP_TIMEOUT_MS,
      (reply) => this.#found(session, reply),
      () => this.#foundNobody(session),
    );
  }

  #found(session: Session, reply: ReplyPayload): void {
    const root = reply.kind === 'found' ? reply.route.at(-1) : undefined;
    if (root === undefined || reply.kind !== 'found') {
      this.#foundNobody(session);
      return;
    }
    if (!this.#isRunning(session)) return;
    session.root = root;
    session.route = reply.route;
    if (!this.#standIns.isSilent(root)) {
      this.#offer(session, root);
      return;
    }
    // A failed link is forgotten sooner.
    this.#standIns.silent(root);
    // Asked all the same, and before all others: networks change.
    this.#context.tell(root, { type: 'offer', blocks: [session.block], intent: 'store' });
    this.#standIns.find(session.block, session.refusers, (member) => {
      // Refusals are opinions of a moment.
      if (member === undefined) session.refusers.clear();
      const isAway = member !== undefined && this.#standIns.isSilent(root);
      this.#offer(session, isAway ? member : root);
    });
  }

  #offer(session: Session, coordinator: NodeId): void {
    session.isLooking = false;
    if (!this.#isRunning(session)) return;
    session.coordinator = coordinator;
    session.hasWord = false;
    this.#lookAfter(session, RETRY_MS);
    this.#context.tell(coordinator, { type: 'offer', blocks: [session.block], intent: 'store' });
  }

  #foundNobody(session: Session): void {
    session.isLooking = false;
    if (this.#isRunning(session)) this.#lookAfter(session, PAUSE_MS);
  }

  #lookAfter(session: Session, delayMs: number): void {
    this.#context.after(timerName(session), delayMs, () => this.#look(session));
  }

  #end(session: Session, reason: StoreFailure): void {
    this.#remove(session);
    // A quorum was reported: the store has succeeded, and what it lacks is repair's to complete.
    if (session.hasQuorum) return;
    for (const request of session.requests) this.#context.ring.emit({ type: 'store-failed', request, reason });
    this.#settled();
  }

  #remove(session: Session): void {
    this.#sessionByDigest.delete(session.block.digest);
    this.#context.cancel(timerName(session));
  }

  #isRunning(session: Session): boolean {
    return this.#sessionByDigest.get(session.block.digest) === session;
  }

  #emitStored(session: Session, requests: Iterable<RequestId>): void {
    const { root, route, holders, wanted } = session;
    for (const request of requests) {
      this.#context.ring.emit({
        type: 'stored',
        request,
        root: root ?? this.#context.self,
        route,
        holders,
        complete: holders.length >= wanted,
      });
    }
  }
}

function timerName(session: Session): string {
  return `store:${session.block.digest}`;
}
