// Searches for roots under way: sends their questions, waits for answers, and tells of the end (closest-search.ts).

import { BoundedSet } from '../../bounded-map.ts';
import { type Context, count, isAcquainted } from '../context.ts';
import type { Key, NodeId } from '../id.ts';
import type { ReplyPayload } from '../messages.ts';
import type { ClosestQuestions } from './closest-questions.ts';
import { ClosestSearch, type SearchStep } from './closest-search.ts';
import type { Wariness } from './wariness.ts';

/** There and back over five links; a tab that needs longer is passed over, like a hostile one. */
const ANSWER_MS = 1_000;
/** Nodes to begin with: all that one knows, unless they are very many. */
const MAX_STARTS = 128;
/** Named by the Discovery node at random: whatever the tables are, most of these are as honest as the ring. */
export const MAX_STRANGERS = 16;
/** Under way at once; each holds some hundred names. */
const MAX_SEARCHES = 128;

/** How a search ended. */
export interface SearchEnd {
  /** The closest node that has answered, and the way to it. */
  readonly best: SearchStep;
  /** Somebody closer was named, and has not answered. */
  readonly isClosestSilent: boolean;
  /** All that have answered. */
  readonly answerers: readonly NodeId[];
}

/** Takes how the search ended; undefined if there were too many searches. */
export type SearchEnded = (end: SearchEnd | undefined) => void;

interface Running {
  readonly search: ClosestSearch;
  readonly ended: SearchEnded;
  /** Of the questions under way. */
  readonly questionIds: Set<string>;
}

interface Asked {
  readonly running: Running;
  readonly nodeId: NodeId;
}

export class RootSearches {
  readonly #context: Context;
  readonly #questions: ClosestQuestions;
  readonly #wariness: Wariness;
  readonly #runningByNumber = new Map<number, Running>();
  readonly #askedByQuestion = new Map<string, Asked>();
  readonly #strangers = new BoundedSet<NodeId>(MAX_STRANGERS);
  #lastNumber = 0;

  constructor(context: Context, questions: ClosestQuestions, wariness: Wariness) {
    this.#context = context;
    this.#wariness = wariness;
    this.#questions = questions;
  }

  /** Begins searches of a wary node with `stranger` too, which has nothing to do with whom its tables have. */
  beginWith(stranger: NodeId): void {
    this.#strangers.add(stranger);
  }

  /** Searches the root of `key`. Returns the search's number. `ended` may be told at once. */
  start(key: Key, ended: SearchEnded): number {
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    if (this.#runningByNumber.size >= MAX_SEARCHES) {
      count(this.#context, 'searches-too-many');
      ended(undefined);
      return number;
    }
    const isWary = this.#wariness.isWary(this.#context.now);
    const { nodeId } = this.#context.self;
    const search = new ClosestSearch(key, nodeId, this.#questions.known(key, MAX_STARTS), isWary);
    if (isWary) search.beginWith(this.#reachableStrangers());
    this.#runningByNumber.set(number, { search, ended, questionIds: new Set() });
    this.#goOn(number);
    return number;
  }

  isRunning(number: number): boolean {
    return this.#runningByNumber.has(number);
  }

  /** Gives a search up; it tells nothing. */
  cancel(number: number): void {
    const running = this.#runningByNumber.get(number);
    if (running === undefined) return;
    this.#runningByNumber.delete(number);
    for (const id of running.questionIds) this.#forget(id);
  }

  /** An answer to message `id` came, whose author is the last of its route. Returns false if it is no search's. */
  answered(id: string, payload: ReplyPayload): boolean {
    const asked = this.#askedByQuestion.get(id);
    if (asked === undefined || payload.kind !== 'closest') return false;
    // Who was asked answers, and nobody in its place.
    if (payload.route.at(-1) !== asked.nodeId) {
      count(this.#context, 'answers-of-others');
      return true;
    }
    this.#forget(id);
    asked.running.search.answered(asked.nodeId, payload.nodes);
    this.#goOnWith(asked.running);
    return true;
  }

  /** This node leaves. */
  cancelAll(): void {
    for (const number of [...this.#runningByNumber.keys()]) this.cancel(number);
  }

  #reachableStrangers(): NodeId[] {
    const isThere = (nodeId: NodeId): boolean =>
      isAcquainted(this.#context, nodeId) && !this.#context.peers.isSuspect(nodeId);
    return [...this.#strangers].filter(isThere);
  }

  #goOnWith(running: Running): void {
    for (const [number, other] of this.#runningByNumber) if (other === running) return this.#goOn(number);
  }

  #goOn(number: number): void {
    const running = this.#runningByNumber.get(number);
    if (running === undefined) return;
    const { timers, now } = this.#context;
    for (const step of running.search.next()) {
      const id = this.#questions.ask(running.search.key, step);
      running.questionIds.add(id);
      this.#askedByQuestion.set(id, { running, nodeId: step.nodeId });
      timers.set({ kind: 'closest', key: id }, now + ANSWER_MS, () => this.#silent(id));
    }
    if (!running.search.isOver) return;
    this.cancel(number);
    const { best, isClosestSilent, answerers } = running.search;
    running.ended({ best, isClosestSilent, answerers });
  }

  #silent(id: string): void {
    const asked = this.#askedByQuestion.get(id);
    if (asked === undefined) return;
    this.#forget(id);
    asked.running.search.silent(asked.nodeId);
    this.#goOnWith(asked.running);
  }

  #forget(id: string): void {
    this.#askedByQuestion.get(id)?.running.questionIds.delete(id);
    this.#askedByQuestion.delete(id);
    this.#context.timers.cancel({ kind: 'closest', key: id });
  }
}
