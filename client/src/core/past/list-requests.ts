// Looking a name up. The side of who asks: find the root of the name's key, ask it and the other members of the key's replica set
// which records they hold, and put the answers together. One of them may have come a moment ago and not have them yet.

import type { RequestId } from '../io.ts';
import type { Key, NodeId } from '../pastry/id.ts';
import type { ReplyPayload } from '../pastry/messages.ts';
import { type BlockRef, isNameRecord, type ListFailure, MAX_RECORD_BYTES, MAX_RECORDS_AT_KEY } from './block.ts';
import type { PastContext } from './context.ts';
import type { Records } from './messages.ts';

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
  /** Asked, and yet to answer. */
  readonly pending: Set<NodeId>;
  readonly blockByDigest: Map<string, BlockRef>;
  round: number;
  root: NodeId | undefined;
  route: readonly NodeId[];
  hasAnswer: boolean;
}

export class ListRequests {
  readonly #context: PastContext;
  readonly #sessions = new Set<Session>();

  constructor(context: PastContext) {
    this.#context = context;
  }

  /** This node has left, or is about to. */
  refuse(request: RequestId): void {
    this.#context.ring.emit({ type: 'list-failed', request, reason: 'left' });
  }

  begin(request: RequestId, key: Key): void {
    const progress = { round: 0, root: undefined, route: [], hasAnswer: false };
    const session: Session = { request, key, pending: new Set(), blockByDigest: new Map(), ...progress };
    this.#sessions.add(session);
    this.#look(session);
  }

  /** A node, which may be this one, wants to know what is held here. */
  asked(from: NodeId, key: Key): void {
    const { held, replicas } = this.#context;
    const members = this.#context.view().replicaSet(key, replicas);
    this.#context.tell(from, { type: 'records', key, blocks: held.recordsAt(key), members });
  }

  answered(from: NodeId, { key, blocks, members }: Records): void {
    for (const session of [...this.#sessions]) {
      if (session.key !== key || !session.pending.delete(from)) continue;
      this.#take(session, blocks);
      const isFirst = !session.hasAnswer;
      session.hasAnswer = true;
      if (isFirst) this.#askMembers(session, members);
      if (session.pending.size === 0) this.#succeed(session);
    }
  }

  nodeFailed(nodeId: NodeId): void {
    for (const session of [...this.#sessions]) {
      if (session.pending.delete(nodeId) && session.pending.size === 0) this.#endRound(session);
    }
  }

  failAll(reason: ListFailure): void {
    for (const session of [...this.#sessions]) this.#fail(session, reason);
  }

  #look(session: Session): void {
    session.round += 1;
    this.#context.ring.route(
      session.key,
      { kind: 'lookup' },
      LOOKUP_TIMEOUT_MS,
      (reply) => this.#found(session, reply),
      () => this.#endRound(session),
    );
  }

  #found(session: Session, reply: ReplyPayload): void {
    if (!this.#sessions.has(session)) return;
    const root = reply.kind === 'found' ? reply.route.at(-1) : undefined;
    if (root === undefined || reply.kind !== 'found') return this.#endRound(session);
    session.root = root;
    session.route = reply.route;
    this.#context.after(timerName(session), ANSWER_TIMEOUT_MS, () => {
      session.pending.clear();
      this.#endRound(session);
    });
    session.pending.add(root);
    this.#context.tell(root, { type: 'records?', key: session.key });
  }

  /** Whom the root names may hide nothing from this node that the root does not: their answers only add. */
  #askMembers(session: Session, members: readonly NodeId[]): void {
    const others = members.filter((member) => member !== session.root);
    // All before the first is told: this node may be one of them, and answers at once.
    for (const member of others.slice(0, MAX_MEMBERS_ASKED)) session.pending.add(member);
    for (const member of [...session.pending]) this.#context.tell(member, { type: 'records?', key: session.key });
  }

  #take(session: Session, blocks: readonly BlockRef[]): void {
    for (const block of blocks) {
      if (session.blockByDigest.size >= MAX_RECORDS_AT_KEY * (1 + MAX_MEMBERS_ASKED)) return;
      const isPossible = block.key === session.key && isNameRecord(block) && block.size <= MAX_RECORD_BYTES;
      if (isPossible) session.blockByDigest.set(block.digest, block);
    }
  }

  #endRound(session: Session): void {
    if (!this.#sessions.has(session)) return;
    if (session.hasAnswer) this.#succeed(session);
    else if (session.round >= ROUNDS) this.#fail(session, 'timed-out');
    else this.#context.after(timerName(session), PAUSE_MS * session.round, () => this.#look(session));
  }

  #succeed(session: Session): void {
    // This node may have asked itself, and been done before it came back here.
    if (!this.#sessions.has(session)) return;
    const { request, root, route, blockByDigest } = session;
    this.#remove(session);
    const blocks = [...blockByDigest.values()];
    this.#context.ring.emit({ type: 'listed', request, root: root ?? this.#context.self, route, blocks });
  }

  #fail(session: Session, reason: ListFailure): void {
    this.#remove(session);
    this.#context.ring.emit({ type: 'list-failed', request: session.request, reason });
  }

  #remove(session: Session): void {
    this.#sessions.delete(session);
    this.#context.cancel(timerName(session));
  }
}

function timerName(session: Session): string {
  return `list:${session.request}`;
}
