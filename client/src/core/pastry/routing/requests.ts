// Questions of this node's own to the ring, each a session in one table: asked again, end to end, until an answer comes or
// its time is up (per-hop acks do not cover a node that dies with the message in its hands). Whatever ends a session is a
// value, and goes to whom its purpose names: there is no end without one.

import type { Instant } from '../../io.ts';
import type { RequestTimer } from '../../timer-names.ts';
import type { TimerTable } from '../../timers.ts';
import { type Context, count } from '../context.ts';
import type { Key, NodeId } from '../id.ts';
import type { ReplyPayload, RoutedPayload } from '../messages.ts';
import type { Untransmitted } from './hops.ts';

/** A node has some dozens of requests under way; whoever makes so many is told at once that they are too many. */
const MAX_SESSIONS = 4_096;
/** Sendings of one request whose answers still count; more than its time allows, unless links come and go. */
const MAX_SENDINGS = 16;

export type Question = Extract<RoutedPayload, { kind: 'lookup' | 'locate' }>;
export type Answer = Extract<ReplyPayload, { kind: 'found' | 'holders' }>;

/** bad-reply: what came is no answer to the question. too-many: it was not even asked. */
export type RequestFailure = 'timed-out' | 'left' | 'bad-reply' | 'too-many';

/** How a request ended. */
export type Outcome =
  | { readonly type: 'answered'; readonly reply: Answer }
  | { readonly type: 'failed'; readonly reason: RequestFailure };

export interface Session<Purpose> {
  /** Names the session; in order of their beginnings. */
  readonly number: number;
  /** Who asks, and why. */
  readonly purpose: Purpose;
  readonly key: Key;
  readonly question: Question;
  readonly deadline: Instant;
  /** Of its sendings, the latest last: an answer to any of them is one. */
  readonly messageIds: string[];
  /** The first hop, if it was chosen by who asks. */
  readonly first: NodeId | undefined;
  /** An answer that is not believed yet. */
  claim: Extract<Answer, { kind: 'found' }> | undefined;
}

/** Whom a node believes about roots. A client, who sees nothing of the ring, has none: it believes its sponsor. */
export interface RootGuard<Purpose> {
  begun(session: Session<Purpose>): void;
  /** False if this answer is to be confirmed first: `conclude` is called then. */
  believes(session: Session<Purpose>, root: NodeId): boolean;
  /** No answer came in time. */
  unanswered(session: Session<Purpose>): void;
  ended(session: Session<Purpose>): void;
}

type RequestsContext = Pick<Context, 'now' | 'timing' | 'newId' | 'counters'> & {
  readonly timers: TimerTable<RequestTimer>;
};

export interface RequestsHost<Purpose> {
  /** Takes a message on its way; its route is empty. `isRetry`: no answer came in time. */
  send(message: Untransmitted, isRetry: boolean, first: NodeId | undefined): void;
  /** Told once of each session, unless this node leaves without a word. It may begin others. */
  settled(purpose: Purpose, outcome: Outcome): void;
  readonly guard?: RootGuard<Purpose>;
}

export class Requests<Purpose> {
  readonly #context: RequestsContext;
  readonly #host: RequestsHost<Purpose>;
  readonly #sessionByNumber = new Map<number, Session<Purpose>>();
  readonly #sessionByMessageId = new Map<string, Session<Purpose>>();
  #lastNumber = 0;

  constructor(context: RequestsContext, host: RequestsHost<Purpose>) {
    this.#context = context;
    this.#host = host;
  }

  /** What is under way. */
  get sessions(): readonly Session<Purpose>[] {
    return [...this.#sessionByNumber.values()];
  }

  /** Asks the root of `key`, or who can answer on the way there; by the node `first`, if it is given. */
  start(key: Key, question: Question, timeoutMs: number, purpose: Purpose, first?: NodeId): void {
    if (this.#sessionByNumber.size >= MAX_SESSIONS) {
      return this.#host.settled(purpose, { type: 'failed', reason: 'too-many' });
    }
    this.#lastNumber += 1;
    const deadline = this.#context.now + timeoutMs;
    const named = { number: this.#lastNumber, purpose, key, question, deadline, first };
    const session: Session<Purpose> = { ...named, messageIds: [], claim: undefined };
    this.#sessionByNumber.set(session.number, session);
    this.#send(session, false);
    // This node may be the root itself.
    if (this.#sessionByNumber.has(session.number)) this.#host.guard?.begun(session);
  }

  /**
   * An answer to message `id` came. Returns false if it is no request's, or was answered before. One that does not answer
   * what was asked ends nothing: the request goes on.
   */
  answered(id: string, reply: ReplyPayload): boolean {
    const session = this.#sessionByMessageId.get(id);
    if (session === undefined) return false;
    if (answers(reply, session.question)) this.#claimed(session, reply);
    else count(this.#context, 'answers-of-another-kind');
    return true;
  }

  /** The root of session `number` has been searched: what is believed now. Undefined: what was claimed, if anything was. */
  conclude(number: number, route: readonly NodeId[] | undefined): void {
    const session = this.#sessionByNumber.get(number);
    const reply = route === undefined ? session?.claim : ({ kind: 'found', route } as const);
    if (session !== undefined && reply !== undefined) this.#settle(session, { type: 'answered', reply });
  }

  /** Asks all that is under way once more: there is a way now. */
  sendAgain(): void {
    for (const session of [...this.#sessionByNumber.values()]) this.#send(session, false);
  }

  /** Gives everything up: this node leaves. */
  failAll(): void {
    for (const session of [...this.#sessionByNumber.values()])
      this.#settle(session, { type: 'failed', reason: 'left' });
  }

  #claimed(session: Session<Purpose>, reply: Answer): void {
    const root = reply.kind === 'found' ? reply.route.at(-1) : undefined;
    if (reply.kind !== 'found' || root === undefined) return this.#settle(session, { type: 'answered', reply });
    // Before the guard is asked, whose search may end at once and weighs the claim.
    session.claim ??= reply;
    const isBelieved = this.#host.guard?.believes(session, root) !== false;
    if (isBelieved && this.#sessionByNumber.has(session.number)) this.#settle(session, { type: 'answered', reply });
  }

  #send(session: Session<Purpose>, isRetry: boolean): void {
    const { now, timers, timing, newId } = this.#context;
    const { number, key, question, deadline, messageIds, first, claim } = session;
    if (now >= deadline) {
      const failure = { type: 'failed', reason: 'timed-out' } as const;
      return this.#settle(session, claim === undefined ? failure : { type: 'answered', reply: claim });
    }
    const retryAt = Math.min(deadline, now + timing.requestRetryMs);
    timers.set({ kind: 'request', key: number }, retryAt, () => this.#send(session, true));
    if (claim !== undefined) return;
    const id = newId();
    this.#sessionByMessageId.set(id, session);
    messageIds.push(id);
    const oldest = messageIds.length > MAX_SENDINGS ? messageIds.shift() : undefined;
    if (oldest !== undefined) this.#sessionByMessageId.delete(oldest);
    this.#host.send({ type: 'routed', id, key, route: [], payload: question }, isRetry, isRetry ? undefined : first);
    if (isRetry) this.#host.guard?.unanswered(session);
  }

  #settle(session: Session<Purpose>, outcome: Outcome): void {
    this.#sessionByNumber.delete(session.number);
    for (const id of session.messageIds) this.#sessionByMessageId.delete(id);
    this.#context.timers.cancel({ kind: 'request', key: session.number });
    this.#host.guard?.ended(session);
    this.#host.settled(session.purpose, outcome);
  }
}

/** The nodes of the route to the root, which is the last; undefined if it was not found. */
export function routeOf(outcome: Outcome): readonly NodeId[] | undefined {
  return outcome.type === 'answered' && outcome.reply.kind === 'found' ? outcome.reply.route : undefined;
}

/** Who may hold the block that was asked for; undefined if nobody said. */
export function holdersOf(outcome: Outcome): readonly NodeId[] | undefined {
  return outcome.type === 'answered' && outcome.reply.kind === 'holders' ? outcome.reply.holders : undefined;
}

function answers(reply: ReplyPayload, { kind }: Question): reply is Answer {
  return (kind === 'lookup' && reply.kind === 'found') || (kind === 'locate' && reply.kind === 'holders');
}
