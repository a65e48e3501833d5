// Looking a name up. The side of who asks: find the root of the name's key, ask it and the other members of the key's replica set
// which records they hold, and put the answers together. One of them may have come a moment ago and not have them yet.

import type { RequestId } from '../io.ts';
import type { Key, NodeId } from '../pastry/id.ts';
import { type Outcome, routeOf } from '../pastry/routing/requests.ts';
import type { PastTimer } from '../timer-names.ts';
import { type BlockRef, isNameRecord, type ListFailure, MAX_RECORD_BYTES, MAX_RECORDS_AT_KEY } from './block.ts';
import type { PastContext } from './context.ts';
import type { Records } from './messages.ts';
import type { PurposeOf } from './purposes.ts';

const LOOKUP_TIMEOUT_MS = 15_000;
/** How long an answer may take: a link is opened for it first, a second or two. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How often a root is looked for before the list counts as failed. */
const ROUNDS = 3;
/** Before the second round; the third waits twice as long. */
const PAUSE_MS = 1_000;
/** Nodes asked beside the root: k is at most 16, but each costs a link. */
const MAX_MEMBERS_ASKED = 3;

interface Session {
  readonly request: RequestId;
  readonly key: Key;
  /** In this round. */
  readonly asked: Set<NodeId>;
  /** Of them, those that are yet to answer. */
  readonly pending: Set<NodeId>;
  readonly named: Map<string, { readonly block: BlockRef; times: number }>;
  round: number;
  root: NodeId | undefined;
  route: readonly NodeId[];
  hasAnswer: boolean;
}

export class ListRequests {
  readonly #context: PastContext;
  readonly #sessionByRequest = new Map<RequestId, Session>();

  constructor(context: PastContext) {
    this.#context = context;
  }

  /** This node has left, or is about to. */
  refuse(request: RequestId): void {
    this.#context.ring.emit({ type: 'list-failed', request, reason: 'left' });
  }

  begin(request: RequestId, key: Key): void {
    const progress = { round: 0, root: undefined, route: [], hasAnswer: false };
    const sets = { asked: new Set<NodeId>(), pending: new Set<NodeId>(), named: new Map() };
    const session: Session = { request, key, ...sets, ...progress };
    this.#sessionByRequest.set(request, session);
    this.#look(session);
  }

  /** A node, which may be this one, wants to know what is held here. */
  asked(from: NodeId, key: Key): void {
    const { held, replicas } = this.#context;
    const members = this.#context.view().replicaSet(key, replicas);
    this.#context.tell(from, { type: 'records', key, blocks: held.recordsAt(key), members });
  }

  answered(from: NodeId, { key, blocks, members }: Records): void {
    for (const session of [...this.#sessionByRequest.values()]) {
      if (session.key !== key || !session.pending.delete(from)) continue;
      this.#take(session, blocks);
      session.hasAnswer = true;
      if (from === session.root) this.#ask(session, members.slice(0, 1 + MAX_MEMBERS_ASKED));
      if (session.pending.size === 0) this.#succeed(session);
    }
  }

  nodeFailed(nodeId: NodeId): void {
    for (const session of [...this.#sessionByRequest.values()]) {
      if (session.pending.delete(nodeId) && session.pending.size === 0) this.#endRound(session);
    }
  }

  failAll(reason: ListFailure): void {
    for (const session of [...this.#sessionByRequest.values()]) this.#fail(session, reason);
  }

  #look(session: Session): void {
    session.round += 1;
    session.asked.clear();
    const { key, request } = session;
    this.#context.ring.ask(key, { kind: 'lookup' }, LOOKUP_TIMEOUT_MS, { type: 'list-root', request });
  }

  /** The ring was asked for a root. */
  rootFound({ request }: PurposeOf<'list-root'>, outcome: Outcome): void {
    const session = this.#sessionByRequest.get(request);
    if (session === undefined) return;
    const route = routeOf(outcome);
    const root = route?.at(-1);
    if (route === undefined || root === undefined) return this.#endRound(session);
    session.root = root;
    session.route = route;
    this.#context.after(timerName(session), ANSWER_TIMEOUT_MS, () => {
      session.pending.clear();
      this.#endRound(session);
    });
    this.#ask(session, [root, ...this.#ownMembers(session.key).filter((member) => member !== root)]);
  }

  /** The members as this node sees them: a root that names others, or nobody, hides nothing from its neighbours. */
  #ownMembers(key: Key): readonly NodeId[] {
    const { ring, replicas } = this.#context;
    return ring.covers(key) ? this.#context.view().replicaSet(key, replicas).slice(0, MAX_MEMBERS_ASKED) : [];
  }

  /** Their answers only add to each other's. */
  #ask(session: Session, members: readonly NodeId[]): void {
    const fresh = members.filter((member) => !session.asked.has(member)).slice(0, 1 + MAX_MEMBERS_ASKED);
    // All before the first is told: this node may be one of them, and answers at once.
    for (const member of fresh) {
      session.asked.add(member);
      session.pending.add(member);
    }
    for (const member of fresh) this.#context.tell(member, { type: 'records?', key: session.key });
  }

  /** No more of one node than it may hold: a liar's list cannot crowd out that of another. */
  #take(session: Session, blocks: readonly BlockRef[]): void {
    const isPossible = (block: BlockRef): boolean =>
      block.key === session.key && isNameRecord(block) && block.size <= MAX_RECORD_BYTES;
    const blockByDigest = new Map(blocks.filter(isPossible).map((block) => [block.digest, block]));
    for (const [digest, block] of [...blockByDigest].slice(0, MAX_RECORDS_AT_KEY)) {
      const known = session.named.get(digest);
      if (known === undefined) session.named.set(digest, { block, times: 1 });
      else known.times += 1;
    }
  }

  #endRound(session: Session): void {
    if (!this.#sessionByRequest.has(session.request)) return;
    if (session.hasAnswer) this.#succeed(session);
    else if (session.round >= ROUNDS) this.#fail(session, 'timed-out');
    else this.#context.after(timerName(session), PAUSE_MS * session.round, () => this.#look(session));
  }

  #succeed(session: Session): void {
    // This node may have asked itself, and been done before it came back here.
    if (!this.#sessionByRequest.has(session.request)) return;
    const { request, root, route, named } = session;
    this.#remove(session);
    // What several hold first: who looks for them may not have the time for all that one node names.
    const blocks = [...named.values()].sort((a, b) => b.times - a.times).map(({ block }) => block);
    this.#context.ring.emit({ type: 'listed', request, root: root ?? this.#context.self, route, blocks });
  }

  #fail(session: Session, reason: ListFailure): void {
    this.#remove(session);
    this.#context.ring.emit({ type: 'list-failed', request: session.request, reason });
  }

  #remove(session: Session): void {
    this.#sessionByRequest.delete(session.request);
    this.#context.cancel(timerName(session));
  }
}

function timerName({ request }: Session): PastTimer {
  return { kind: 'list', key: request };
}
