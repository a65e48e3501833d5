// What others say of nodes that this one does not know costs something before it is found false: a question, and a link for
// it. So who names such nodes has a budget, and all together have one. Whoever was named and answers costs nothing: the
// budgets get it back, and honest rows and leaf sets, most of whose nodes live, are never held up.

import { BoundedMap } from '../../bounded-map.ts';
import { Budgets } from '../../budgets.ts';
import type { Instant } from '../../io.ts';
import { type Rate, TokenBucket } from '../../token-bucket.ts';
import type { NodeId } from '../id.ts';

/** Of one teller, beside as many as a leaf set has: all leaves that it names may just have died, and some entries. Then one in four seconds. */
const OF_TELLER: Rate = { burst: 16, perSecond: 1 / 4 };
/**
 * Of all: a newcomer asks its leaves, some hundred entries of its rows and some near nodes within seconds, and each leaf set
 * of a large ring names some dead.
 */
const OF_ALL: Rate = { burst: 192, perSecond: 2 };
/** Nodes of which it is known who named them: those of a newcomer's rows. */
const MAX_NAMED = 2_048;
/** Nodes being asked because somebody named them. */
const MAX_ASKED = 1_024;

/** none: whom nobody in particular named. */
interface Asked {
  readonly teller: NodeId | undefined;
}

export class HearsayBudget {
  readonly #ofTeller: Budgets;
  readonly #ofAll: TokenBucket;
  readonly #tellerByNamed = new BoundedMap<NodeId, NodeId>(MAX_NAMED);
  readonly #askedById = new BoundedMap<NodeId, Asked>(MAX_ASKED);

  constructor(leafSetSize: number) {
    this.#ofTeller = new Budgets({ ...OF_TELLER, burst: OF_TELLER.burst + leafSetSize });
    this.#ofAll = new TokenBucket({ ...OF_ALL, burst: OF_ALL.burst + leafSetSize }, 0);
  }

  /** `teller` named a node that this one does not know. The first who named it answers for it. */
  named(teller: NodeId, nodeId: NodeId): void {
    if (teller !== nodeId && !this.#tellerByNamed.has(nodeId)) this.#tellerByNamed.set(nodeId, teller);
  }

  /** Whether a node that this one does not know may be asked; if not, `tooMuch` is whose budget is spent, if it is one's own. */
  ask(nodeId: NodeId, now: Instant): { readonly mayAsk: boolean; readonly tooMuch?: NodeId } {
    if (this.#askedById.has(nodeId)) return { mayAsk: true };
    const teller = this.#tellerByNamed.get(nodeId);
    if (teller !== undefined && !this.#ofTeller.take(teller, now)) return { mayAsk: false, tooMuch: teller };
    if (!this.#ofAll.take(now)) {
      if (teller !== undefined) this.#ofTeller.giveBack(teller);
      return { mayAsk: false };
    }
    this.#askedById.set(nodeId, { teller });
    return { mayAsk: true };
  }

  /** It is there. */
  met(nodeId: NodeId): void {
    this.#tellerByNamed.delete(nodeId);
    const asked = this.#askedById.get(nodeId);
    if (asked === undefined) return;
    this.#askedById.delete(nodeId);
    this.#ofAll.giveBack();
    if (asked.teller !== undefined) this.#ofTeller.giveBack(asked.teller);
  }

  /** It did not answer, or no link to it opens: what was spent on it stays spent. */
  failed(nodeId: NodeId): void {
    this.#askedById.delete(nodeId);
    this.#tellerByNamed.delete(nodeId);
  }
}
