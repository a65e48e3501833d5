// The parts of a Pastry node, put together. Those that need each other are joined by closures: nothing is called before all
// are there.

import type { Application } from '../past/ring.ts';
import type { Context } from './context.ts';
import type { NodeId } from './id.ts';
import { CellRepair } from './maintenance/cell-repair.ts';
import { PeriodicMaintenance } from './maintenance/periodic.ts';
import { RowExchanges } from './maintenance/row-exchanges.ts';
import { RowKeeper } from './maintenance/row-keeper.ts';
import { WantedCells } from './maintenance/wanted-cells.ts';
import { FailureDetector, type ProbeKind } from './membership/failure-detector.ts';
import { Join } from './membership/join.ts';
import { LeafKeeper } from './membership/leaf-keeper.ts';
import { type DeathNews, Membership } from './membership/membership.ts';
import { OwnPlace } from './membership/own-place.ts';
import type { PastryMessage, ReplyPayload } from './messages.ts';
import { LinkChanges } from './reachability/link-changes.ts';
import { Relays } from './reachability/relays.ts';
import { Signals } from './reachability/signals.ts';
import { Audits } from './routing/audits.ts';
import { ClosestQuestions } from './routing/closest-questions.ts';
import { Forwarding } from './routing/forwarding.ts';
import { Hops } from './routing/hops.ts';
import type { CellPurpose, Purpose } from './routing/purposes.ts';
import { Replies } from './routing/replies.ts';
import { type Outcome, Requests } from './routing/requests.ts';
import { RootSearches } from './routing/root-searches.ts';
import { SecureRoots } from './routing/secure-roots.ts';
import { Wariness } from './routing/wariness.ts';

export interface Parts {
  readonly membership: Membership;
  readonly detector: FailureDetector;
  readonly leafKeeper: LeafKeeper;
  readonly rowKeeper: RowKeeper;
  readonly cellRepair: CellRepair;
  readonly hops: Hops;
  readonly replies: Replies;
  readonly requests: Requests<Purpose>;
  readonly searches: RootSearches;
  readonly audits: Audits;
  readonly join: Join;
  readonly ownPlace: OwnPlace;
  readonly relays: Relays;
  readonly links: LinkChanges;
  readonly signals: Signals;
  readonly forwarding: Forwarding;
  readonly maintenance: PeriodicMaintenance;
}

/** What concerns more than one part. */
export interface PartsListener {
  /** A node is dead, or has left. */
  gone(nodeId: NodeId, news: DeathNews): void;
  /** Makes the question of a probe. */
  question(to: NodeId, kind: ProbeKind, nonce: number): PastryMessage;
  /** This node may deliver. */
  confirmed(): void;
  lookUp(purpose: CellPurpose): void;
  settled(purpose: Purpose, outcome: Outcome): void;
  /** An answer to this node's own message `id`. */
  replied(id: string, payload: ReplyPayload): void;
}

export function createParts(context: Context, application: Application, listener: PartsListener): Parts {
  const membership: Membership = new Membership(context, {
    leafSetChanged: () => application.leafSetChanged(),
    nodeGone(nodeId, place, news) {
      application.nodeFailed(nodeId);
      if (place !== undefined) leafKeeper.removed(nodeId, place, news);
    },
    cellEmptied: (row, column) => cellRepair.want({ row, column }),
  });
  const detector: FailureDetector = new FailureDetector(context, {
    question: (to, kind, nonce) => listener.question(to, kind, nonce),
    retry: (nodeId) => relays.retry(nodeId),
    silent(nodeId, onHearsay) {
      const wasEntry = context.routingTable.has(nodeId);
      listener.gone(nodeId, onHearsay ? 'hearsay' : 'own-probe');
      // The cell of an entry has its own time (R51).
      if (!wasEntry) cellRepair.candidateLost(nodeId);
    },
  });
  const leafKeeper = new LeafKeeper(context, membership, detector);
  const relays = new Relays(context, detector);

  const wanted = new WantedCells(context.routingTable);
  const cellRepair = new CellRepair(context, detector, wanted, (purpose) => listener.lookUp(purpose));
  const rowKeeper = new RowKeeper(context, membership, detector, wanted, cellRepair);
  const rowExchanges = new RowExchanges(context, detector, wanted, cellRepair);
  const maintenance = new PeriodicMaintenance(context, detector, leafKeeper, rowExchanges, relays);

  const hops = new Hops(context, membership, detector, (message) => forwarding.deliver(message));
  const replies = new Replies(context, hops, (id, payload) => listener.replied(id, payload));
  const join = new Join(context, hops, leafKeeper, rowKeeper, { confirmed: () => listener.confirmed() });
  const signals = new Signals(context, hops, replies, join);
  const questions = new ClosestQuestions(context, replies);
  const forwarding = new Forwarding(context, { hops, replies, join, signals, questions, cellRepair, application });

  const wariness: Wariness = new Wariness(() => ownPlace.begin());
  const searches = new RootSearches(context, questions, wariness);
  const ownPlace = new OwnPlace(context, searches, wariness, detector, leafKeeper);
  const audits = new Audits(context, searches, wariness, () => requests);
  const requests: Requests<Purpose> = new Requests<Purpose>(context, {
    send(message, _isRetry, first) {
      if (first === undefined) forwarding.route(message);
      else forwarding.routeBy(first, message);
    },
    settled: (purpose, outcome) => listener.settled(purpose, outcome),
    guard: new SecureRoots(context, searches, wariness, audits, () => requests),
  });

  const linked = { membership, detector, relays, cellRepair, hops, join };
  const links = new LinkChanges(context, linked, (nodeId) => listener.gone(nodeId, 'goodbye'));
  const tables = { membership, detector, leafKeeper, rowKeeper, cellRepair, maintenance };
  return { ...tables, hops, replies, requests, searches, audits, join, ownPlace, relays, links, signals, forwarding };
}
