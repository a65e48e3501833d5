// How many routed messages a node takes from each peer, by kind: bursts of an honest one fit many times, and one that floods the
// ring through this node is stopped here, at its first hop.

import { Budgets } from '../../budgets.ts';
import { type Context, count, misdeed } from '../context.ts';
import type { NodeId } from '../id.ts';
import type { RoutedPayload } from '../messages.ts';

type Kind = RoutedPayload['kind'];

/**
 * Lookups, searches, signals and questions for the closest nodes of one peer come from all who route through it, and of a command that stores a folder: some
 * hundred at once, some dozen a second. Joins are dearer, for each is followed by dozens of questions; forty people who open
 * ten tabs each within minutes are two a second.
 */
const SMALL = { burst: 2_000, perSecond: 200 };
const JOINS = { burst: 100, perSecond: 10 };
const WORDS: Readonly<Record<Kind, string>> = {
  lookup: 'more lookups than one node routes',
  join: 'more join requests than one node routes',
  locate: 'more searches for blocks than one node routes',
  signal: 'more signals than one node routes',
  closest: 'more questions for the closest nodes than one node takes',
};

export class TrafficBudgets {
  readonly #context: Context;
  readonly #budgetsByKind: Readonly<Record<Kind, Budgets>> = {
    lookup: new Budgets(SMALL),
    join: new Budgets(JOINS),
    locate: new Budgets(SMALL),
    signal: new Budgets(SMALL),
    closest: new Budgets(SMALL),
  };

  constructor(context: Context) {
    this.#context = context;
  }

  /** False if this peer has sent too many of the kind; it is counted. */
  take(from: NodeId, kind: Kind): boolean {
    if (this.#budgetsByKind[kind].take(from, this.#context.now)) return true;
    count(this.#context, 'routed-too-many');
    misdeed(this.#context, from, WORDS[kind]);
    return false;
  }
}
