// The fetcher's side of a fetch (PAST, section 2.1: lookup): find nodes that hold the block, pull it from one after the
// other until a copy's digest is right. Requests for one digest share one session.

import type { RequestId } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import type { ReplyPayload } from '../pastry/messages.ts';
import type { BlockRef, FetchFailure } from './block.ts';
import type { PastContext } from './context.ts';
import type { PullOutcome, Pulls } from './pulls.ts';

/** How often holders are looked for before a block counts as not found; repair may be under way in between. */
const ROUNDS = 3;
/** Before the second round; the third waits twice as long. */
const PAUSE_MS = 1_000;
const LOCATE_TIMEOUT_MS = 15_000;
/** All rounds together: a user has long gone by then. */
export const FETCH_LIMIT_MS = 5 * 60_000;
/** Holders tried in one round: more than k, since a displaced one may still have its copy. */
const MAX_HOLDERS = 8;

interface Session {
  readonly block: BlockRef;
  readonly requests: Set<RequestId>;
  /** Which of the named holders is tried first, so that requests spread over the holders. */
  readonly rotation: number;
  holdersToTry: NodeId[];
  round: number;
  wasAnswered: boolean;
  sawCorrupt: boolean;
  isPulling: boolean;
}

export class FetchRequests {
  readonly #context: PastContext;
  readonly #pulls: Pulls;
  readonly #sessionByDigest = new Map<string, Session>();

  constructor(context: PastContext, pulls: Pulls) {
    this.#context = context;
    this.#pulls = pulls;
  }

  /** This node has left, or is about to. */
  refuse(request: RequestId): void {
    this.#context.ring.emit({ type: 'fetch-failed', request, reason: 'left' });
  }

  begin(request: RequestId, block: BlockRef): void {
    if (this.#context.held.has(block.digest)) {
      this.#context.ring.emit({ type: 'fetched', request, from: this.#context.self });
      return;
    }
    const running = this.#sessionByDigest.get(block.digest);
    if (running !== undefined) {
      running.requests.add(request);
      return;
    }
    const session: Session = {
      block,
      requests: new Set([request]),
      rotation: request,
      holdersToTry: [],
      round: 0,
      wasAnswered: false,
      sawCorrupt: false,
      isPulling: false,
    };
    this.#sessionByDigest.set(block.digest, session);
    this.#context.after(limitTimer(session), FETCH_LIMIT_MS, () => this.#fail(session, 'timed-out'));
    this.#locate(session);
  }

  failAll(reason: FetchFailure): void {
    for (const session of [...this.#sessionByDigest.values()]) this.#fail(session, reason);
  }

  #locate(session: Session): void {
    session.round += 1;
    this.#context.ring.route(
      session.block.key,
      { kind: 'locate', block: session.block },
      LOCATE_TIMEOUT_MS,
      (reply) => this.#located(session, reply),
      () => this.#tryNext(session),
    );
  }

  #located(session: Session, reply: ReplyPayload): void {
    if (!this.#isRunning(session)) return;
    if (reply.kind === 'holders') {
      session.wasAnswered = true;
      const holders = [...new Set(reply.holders)].filter((nodeId) => nodeId !== this.#context.self);
      const first = holders.length === 0 ? 0 : session.rotation % holders.length;
      session.holdersToTry = holders.slice(first).concat(holders.slice(0, first)).slice(0, MAX_HOLDERS);
    }
    this.#tryNext(session);
  }

  #tryNext(session: Session): void {
    if (!this.#isRunning(session)) return;
    const { block } = session;
    if (this.#context.held.has(block.digest)) {
      this.#succeed(session, this.#context.self);
    } else if (this.#pulls.isBusy(block.digest)) {
      // It is being pulled to be kept: once it is here, it is read from the disk.
      this.#pulls.join(block.digest, () => this.#tryNext(session));
    } else {
      const holder = session.holdersToTry.shift();
      if (holder === undefined) this.#endRound(session);
      else this.#pull(session, holder);
    }
  }

  #pull(session: Session, holder: NodeId): void {
    session.isPulling = true;
    this.#pulls.start(holder, session.block, false, (outcome) => this.#pulled(session, holder, outcome));
  }

  #pulled(session: Session, holder: NodeId, outcome: PullOutcome): void {
    session.isPulling = false;
    if (!this.#isRunning(session)) return;
    if (outcome === 'arrived') {
      this.#succeed(session, holder);
      return;
    }
    if (outcome === 'corrupt') {
      session.sawCorrupt = true;
      this.#context.tell(holder, { type: 'bad-copy', digest: session.block.digest });
    }
    this.#tryNext(session);
  }

  #endRound(session: Session): void {
    if (session.round >= ROUNDS) {
      this.#fail(session, session.sawCorrupt ? 'corrupt' : session.wasAnswered ? 'not-found' : 'timed-out');
      return;
    }
    this.#context.after(pauseTimer(session), PAUSE_MS * session.round, () => this.#locate(session));
  }

  #succeed(session: Session, from: NodeId): void {
    this.#remove(session);
    for (const request of session.requests) this.#context.ring.emit({ type: 'fetched', request, from });
  }

  #fail(session: Session, reason: FetchFailure): void {
    this.#remove(session);
    if (session.isPulling) this.#pulls.stop(session.block.digest);
    for (const request of session.requests) this.#context.ring.emit({ type: 'fetch-failed', request, reason });
  }

  #remove(session: Session): void {
    this.#sessionByDigest.delete(session.block.digest);
    this.#context.cancel(limitTimer(session));
    this.#context.cancel(pauseTimer(session));
  }

  #isRunning(session: Session): boolean {
    return this.#sessionByDigest.get(session.block.digest) === session;
  }
}

function limitTimer(session: Session): string {
  return `fetch:${session.block.digest}`;
}

function pauseTimer(session: Session): string {
  return `fetch-pause:${session.block.digest}`;
}
