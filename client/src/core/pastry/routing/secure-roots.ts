// Which answers to "who is the root?" are believed at once, and what is done about the others (Castro et al., OSDI 2002, section 5:
// a cheap test of what ordinary routing brings, and a search that is safe and dear where it fails). In a small ring all are
// believed: every node sees it whole, and the paper says itself that nothing helps there.

import { type Context, count, misdeed } from '../context.ts';
import { isCloser, type NodeId } from '../id.ts';
import { knownNodes } from '../tables/tables.ts';
import type { Purpose } from './purposes.ts';
import type { Requests, RootGuard, Session } from './requests.ts';
import { rootDistance, spacingOf } from './root-distance.ts';
import type { RootSearches } from './root-searches.ts';
import type { Wariness } from './wariness.ts';

/** A true root is farther away once in 400 times, the error of the density included: then a search confirms it. */
const DOUBTFUL_DISTANCE = 7;

export class SecureRoots implements RootGuard<Purpose> {
  readonly #context: Context;
  readonly #searches: RootSearches;
  readonly #wariness: Wariness;
  readonly #requests: () => Requests<Purpose>;
  /** The searches of sessions under way, by the session's number. */
  readonly #searchBySession = new Map<number, number>();

  constructor(context: Context, searches: RootSearches, wariness: Wariness, requests: () => Requests<Purpose>) {
    this.#context = context;
    this.#searches = searches;
    this.#wariness = wariness;
    this.#requests = requests;
  }

  begun(session: Session<Purpose>): void {
    if (this.#isGuarded(session) && this.#wariness.isWary(this.#context.now)) this.#search(session);
  }

  believes(session: Session<Purpose>, root: NodeId): boolean {
    if (!this.#isGuarded(session)) return true;
    if (!this.#searchBySession.has(session.number) && this.#isDoubtful(session, root)) this.#search(session);
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
    if (!this.#context.checksRoots) return false;
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

  #search(session: Session<Purpose>): void {
    const { number, key } = session;
    count(this.#context, 'roots-searched');
    const search = this.#searches.start(key, (best) => {
      this.#searchBySession.delete(number);
      const claimed = session.claim?.route.at(-1);
      if (best === undefined || (claimed !== undefined && !isCloser(key, best.nodeId, claimed))) {
        this.#requests().conclude(number, undefined);
        return;
      }
      if (claimed !== undefined && claimed !== best.nodeId) this.#deceived(claimed);
      const { self } = this.#context;
      const way = best.nodeId === self.nodeId ? [] : [...best.via, best.nodeId];
      this.#requests().conclude(number, [self.nodeId, ...way]);
    });
    // It may have ended already.
    if (this.#searches.isRunning(search)) this.#searchBySession.set(number, search);
  }

  #deceived(claimed: NodeId): void {
    this.#wariness.deceived(this.#context.now);
    misdeed(this.#context, claimed, 'an answer for a key that another node is closer to');
  }
}
