// Which answers to "who is the root?" are believed at once, and what is done about the others (Castro et al., OSDI 2002, section 5:
// a cheap test of what ordinary routing brings, and a search that is safe and dear where it fails). In a small ring all are
// believed: every node sees it whole, and the paper says itself that nothing helps there.

import { type Context, count } from '../context.ts';
import { isCloser, type Key, type NodeId } from '../id.ts';
import { knownNodes } from '../tables/tables.ts';
import type { Audits } from './audits.ts';
import type { Purpose } from './purposes.ts';
import type { Requests, RootGuard, Session } from './requests.ts';
import { rootDistance, spacingOf } from './root-distance.ts';
import type { RootSearches, SearchEnd } from './root-searches.ts';
import type { Wariness } from './wariness.ts';

/** A true root is farther away once in 400 times, the error of the density included: then a search confirms it. */
const DOUBTFUL_DISTANCE = 7;

export class SecureRoots implements RootGuard<Purpose> {
  readonly #context: Context;
  readonly #searches: RootSearches;
  readonly #wariness: Wariness;
  readonly #audits: Audits;
  readonly #requests: () => Requests<Purpose>;
  /** The searches of sessions under way, by the session's number. */
  readonly #searchBySession = new Map<number, number>();

  constructor(
    context: Context,
    searches: RootSearches,
    wariness: Wariness,
    audits: Audits,
    requests: () => Requests<Purpose>,
  ) {
    this.#context = context;
    this.#searches = searches;
    this.#wariness = wariness;
    this.#audits = audits;
    this.#requests = requests;
  }

  begun(session: Session<Purpose>): void {
    if (this.#isGuarded(session) && this.#isWary) this.#search(session);
  }

  believes(session: Session<Purpose>, root: NodeId): boolean {
    if (!this.#isGuarded(session)) return true;
    const isSearched = this.#searchBySession.has(session.number);
    if (!isSearched && (this.#isWary || this.#isDoubtful(session, root))) this.#search(session);
    return !this.#searchBySession.has(session.number);
  }

  unanswered(session: Session<Purpose>): void {
    if (this.#isGuarded(session) && !this.#searchBySession.has(session.number)) this.#search(session);
  }

  ended({ number }: Session<Purpose>): void {
    const search = this.#searchBySession.get(number);
    if (search === undefined) return;
    this.#searchBySession.delete(number);
    this.#searches.cancel(search);
  }

  /** Entries for cells are asked themselves before they enter, and audits compare. */
  #isGuarded({ question, purpose }: Session<Purpose>): boolean {
    if (question.kind !== 'lookup' || purpose.type === 'cell' || purpose.type === 'audit') return false;
    if (!this.#context.params.checksRoots) return false;
    return this.#spacing !== undefined;
  }

  get #spacing(): bigint | undefined {
    return spacingOf(this.#context.leafSet, this.#context.params.digits);
  }

  #isDoubtful({ key }: Session<Purpose>, root: NodeId): boolean {
    const { self, tables, peers } = this.#context;
    if (root === self.nodeId) return false;
    const spacing = this.#spacing;
    if (spacing !== undefined && rootDistance(key, root, spacing) > DOUBTFUL_DISTANCE) return true;
    if (isCloser(key, self.nodeId, root)) return true;
    for (const { nodeId } of knownNodes(tables)) {
      if (isCloser(key, nodeId, root) && !peers.isSuspect(nodeId)) return true;
    }
    return false;
  }

  /**
   * Whether a search names the root while nobody claims to be it. Where nobody has lied, who does not answer is slow, and not
   * invented: a busy root is waited for, and nobody is named in its place.
   */
  #isCredible(key: Key, { best, isClosestSilent }: SearchEnd): boolean {
    if (isClosestSilent && !this.#isWary) return false;
    const spacing = this.#spacing;
    return spacing !== undefined && rootDistance(key, best.nodeId, spacing) <= DOUBTFUL_DISTANCE;
  }

  get #isWary(): boolean {
    return this.#wariness.isWary(this.#context.now);
  }

  #search(session: Session<Purpose>): void {
    const { number, key } = session;
    count(this.#context, 'roots-searched');
    const search = this.#searches.start(key, (end) => {
      this.#searchBySession.delete(number);
      const claimed = session.claim?.route.at(-1);
      // The request goes on: an answer is still awaited.
      if (claimed === undefined && (end === undefined || !this.#isCredible(key, end))) return;
      if (end === undefined || (claimed !== undefined && !isCloser(key, end.best.nodeId, claimed))) {
        this.#requests().conclude(number, undefined);
        return;
      }
      const { nodeId, via } = end.best;
      if (claimed !== undefined && claimed !== nodeId) this.#audits.suspect(nodeId);
      const { self } = this.#context;
      const way = nodeId === self.nodeId ? [] : [...via, nodeId];
      this.#requests().conclude(number, [self.nodeId, ...way]);
    });
    // It may have ended already.
    if (this.#searches.isRunning(search)) this.#searchBySession.set(number, search);
  }
}
