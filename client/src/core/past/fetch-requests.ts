// The fetcher's side of a fetch (PAST, section 2.1: lookup): find nodes that hold the block, pull it from one after the
// other until a copy's digest is right. If those that the root names have it not, all members of the replica set are asked,
// past the root (member-search.ts). Requests for one digest share one session.

import type { RequestId } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import { holdersOf, type Outcome } from '../pastry/routing/requests.ts';
import type { PastTimer } from '../timer-names.ts';
import { type BlockRef, elsewhere, type FetchFailure } from './block.ts';
import type { PastContext } from './context.ts';
import type { MemberSearch } from './member-search.ts';
import type { PullOutcome, Pulls } from './pulls.ts';
import type { PurposeOf, SearchPurposeOf } from './purposes.ts';
import { RacedPulls } from './raced-pulls.ts';
import { Sources } from './sources.ts';

/** How often holders are looked for before a block counts as not found; repair may be under way in between. */
const ROUNDS = 3;
/** Before the second round; the third waits twice as long. */
const PAUSE_MS = 1_000;
const LOCATE_TIMEOUT_MS = 15_000;
/** Without an answer for so long, the other members are looked for beside. */
const HEDGE_MS = 3_000;
/** All rounds together: a user has long gone by then. */
export const FETCH_LIMIT_MS = 5 * 60_000;
/** Holders tried in one round: more than k, since displaced ones may still have their copies. */
const MAX_HOLDERS = 16;

interface Session {
  readonly number: number;
  readonly block: BlockRef;
  readonly requests: Set<RequestId>;
  /** Which of the named holders that are alike is tried first, so that requests spread over the holders. */
  readonly rotation: number;
  /** Of this round: who is still to be tried, who was named, and who was left because it was slow. */
  toTry: NodeId[];
  readonly named: Set<NodeId>;
  slow: NodeId[];
  round: number;
  /** Questions to the ring whose answers are awaited. */
  pending: number;
  isSearched: boolean;
  wasAnswered: boolean;
  sawCorrupt: boolean;
  /** joined: it waits for a pull by which the block is to be kept here. */
  doing: 'nothing' | 'pulling' | 'joined';
  /** Who answered the ring's question last: the root, or a node near it. */
  answerer: NodeId | undefined;
}

export class FetchRequests {
  readonly #context: PastContext;
  readonly #pulls: Pulls;
  readonly #search: MemberSearch;
  readonly #sources: Sources;
  readonly #races: RacedPulls;
  readonly #sessionByDigest = new Map<string, Session>();
  #lastNumber = 0;

  constructor(context: PastContext, pulls: Pulls, search: MemberSearch) {
    this.#context = context;
    this.#pulls = pulls;
    this.#search = search;
    this.#sources = new Sources(() => context.ring.now);
    this.#races = new RacedPulls(context, pulls, this.#sources);
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
    this.#lastNumber += 1;
    const session: Session = {
      number: this.#lastNumber,
      block,
      requests: new Set([request]),
      rotation: request,
      toTry: [],
      named: new Set(),
      slow: [],
      round: 0,
      pending: 0,
      isSearched: false,
      wasAnswered: false,
      sawCorrupt: false,
      doing: 'nothing',
      answerer: undefined,
    };
    this.#sessionByDigest.set(block.digest, session);
    this.#context.after(limitTimer(session), FETCH_LIMIT_MS, () => this.#fail(session, 'timed-out'));
    this.#beginRound(session);
  }

  failAll(reason: FetchFailure): void {
    for (const session of [...this.#sessionByDigest.values()]) this.#fail(session, reason);
  }

  #beginRound(session: Session): void {
    const { block } = session;
    session.round += 1;
    session.named.clear();
    session.slow = [];
    session.isSearched = false;
    // What had no room at its first place is at another (P64).
    const places = session.round === 1 ? [block] : [block, ...elsewhere(block)];
    session.pending = places.length;
    this.#context.after(pauseTimer(session), HEDGE_MS, () => this.#searchMembers(session));
    for (const placed of places) {
      const purpose = { type: 'fetch-holders', ...nameOf(session), isFirstPlace: placed === block } as const;
      this.#context.ring.ask(placed.key, { kind: 'locate', block: placed }, LOCATE_TIMEOUT_MS, purpose);
    }
  }

  /** The ring was asked for holders. */
  located(purpose: PurposeOf<'fetch-holders'>, outcome: Outcome): void {
    const session = this.#sessionOf(purpose);
    if (session === undefined) return;
    if (outcome.type === 'answered' && purpose.isFirstPlace) {
      session.wasAnswered = true;
      session.answerer = outcome.reply.route.at(-1);
    }
    this.#named(session, holdersOf(outcome) ?? []);
  }

  /** The members of the replica set were searched past the root. */
  membersFound(purpose: SearchPurposeOf<'fetch-members'>, members: readonly NodeId[]): void {
    const session = this.#sessionOf(purpose);
    if (session !== undefined) this.#named(session, members);
  }

  #searchMembers(session: Session): void {
    if (session.isSearched) return;
    session.isSearched = true;
    session.pending += 1;
    this.#search.begin(session.block, session.answerer, { type: 'fetch-members', ...nameOf(session) });
  }

  #named(session: Session, nodes: readonly NodeId[]): void {
    session.pending -= 1;
    const news = [...new Set(nodes)].filter((id) => id !== this.#context.self && !session.named.has(id));
    const first = news.length === 0 ? 0 : session.rotation % news.length;
    const turned = news
      .slice(first)
      .concat(news.slice(0, first))
      .slice(0, MAX_HOLDERS - session.named.size);
    for (const nodeId of turned) session.named.add(nodeId);
    // Who has lied before comes last.
    const isDoubted = (nodeId: NodeId): boolean => this.#context.reputation.isDoubted(nodeId);
    const all = this.#sources.soonestFirst([...session.toTry, ...turned], session.block.size);
    session.toTry = [...all.filter((id) => !isDoubted(id)), ...all.filter(isDoubted)];
    this.#tryNext(session);
  }

  #tryNext(session: Session): void {
    if (!this.#isRunning(session) || session.doing !== 'nothing') return;
    const { block } = session;
    if (this.#context.held.has(block.digest)) return this.#succeed(session, this.#context.self);
    if (this.#pulls.isBusy(block.digest)) {
      // It is being pulled to be kept: once it is here, it is read from the disk.
      session.doing = 'joined';
      this.#pulls.join(block.digest, () => {
        session.doing = 'nothing';
        this.#tryNext(session);
      });
      return;
    }
    const holder = session.toTry.shift();
    if (holder !== undefined) return this.#pull(session, holder, false);
    if (!session.isSearched) this.#searchMembers(session);
    else if (session.pending === 0) this.#tryAgain(session);
  }

  /** Everybody has been asked. */
  #tryAgain(session: Session): void {
    const slow = session.slow.shift();
    if (slow === undefined) this.#endRound(session);
    else this.#pull(session, slow, true);
  }

  /** `waits`: for as long as it takes, since nobody else is left. */
  #pull(session: Session, holder: NodeId, waits: boolean): void {
    session.doing = 'pulling';
    this.#races.start(holder, session.block, waits, {
      rivals: () => session.toTry.filter((id) => !this.#context.reputation.isDoubted(id)),
      asked: (rival) => {
        session.toTry = session.toTry.filter((id) => id !== rival);
      },
      fellBack: (outcome, from) => {
        this.#judge(session, from, outcome);
        if (outcome === 'silent') session.slow.push(from);
      },
      ended: (outcome, from, isSlow) => {
        session.doing = 'nothing';
        this.#pulled(session, from, outcome, isSlow);
      },
    });
  }

  #pulled(session: Session, holder: NodeId, outcome: PullOutcome, isSlow: boolean): void {
    if (!this.#isRunning(session)) return;
    if (outcome === 'arrived') return this.#succeed(session, holder);
    this.#judge(session, holder, outcome);
    if (isSlow) session.slow.push(holder);
    this.#tryNext(session);
  }

  #judge(session: Session, holder: NodeId, outcome: PullOutcome): void {
    if (outcome !== 'corrupt') return;
    session.sawCorrupt = true;
    this.#context.reputation.doubt(holder, 'wrong bytes');
    this.#context.tell(holder, { type: 'bad-copy', digest: session.block.digest });
  }

  #endRound(session: Session): void {
    if (session.round >= ROUNDS) {
      this.#fail(session, session.sawCorrupt ? 'corrupt' : session.wasAnswered ? 'not-found' : 'timed-out');
      return;
    }
    this.#context.after(pauseTimer(session), PAUSE_MS * session.round, () => this.#beginRound(session));
  }

  #succeed(session: Session, from: NodeId): void {
    this.#remove(session);
    for (const request of session.requests) this.#context.ring.emit({ type: 'fetched', request, from });
  }

  #fail(session: Session, reason: FetchFailure): void {
    this.#remove(session);
    if (session.doing === 'pulling') this.#pulls.stop(session.block.digest);
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

  /** The session that asked, if it is not over. */
  #sessionOf({ digest, session: number }: Pick<PurposeOf<'fetch-holders'>, 'digest' | 'session'>): Session | undefined {
    const session = this.#sessionByDigest.get(digest);
    return session?.number === number ? session : undefined;
  }
}

/** As a purpose names it. */
function nameOf({ block, number }: Session): { readonly digest: string; readonly session: number } {
  return { digest: block.digest, session: number };
}

function limitTimer({ block }: Session): PastTimer {
  return { kind: 'fetch-limit', key: block.digest };
}

function pauseTimer({ block }: Session): PastTimer {
  return { kind: 'fetch-pause', key: block.digest };
}
