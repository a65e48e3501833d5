// The storage layer of one node (PAST, SOSP 2001): takes requests, messages and Pastry's calls, and hands each to the
// part that knows about it. The rules are in SPEC.md.

import { unreachable } from '../assert.ts';
import type { Key, NodeId } from '../pastry/id.ts';
import type { ReplyPayload, RoutedPayload } from '../pastry/messages.ts';
import type { Outcome } from '../pastry/routing/requests.ts';
import { Acceptance } from './acceptance.ts';
import { BeyondExchange } from './beyond-exchange.ts';
import type { BlockRef } from './block.ts';
import { PastContext } from './context.ts';
import { Coordinators } from './coordinators.ts';
import { CopyCounts } from './copy-counts.ts';
import { Diverting } from './diverting.ts';
import { FetchRequests } from './fetch-requests.ts';
import { Handoffs } from './handoffs.ts';
import { type Challenge, HoldingProofs, type ProofVerdict } from './holding-proofs.ts';
import { type Holding, holdingsOf } from './holdings.ts';
import type { PastInput } from './input.ts';
import { Intake } from './intake.ts';
import { Leasing } from './leasing.ts';
import { Leaving } from './leaving.ts';
import { ListRequests } from './list-requests.ts';
import { LocalCopies } from './local-copies.ts';
import { Locating } from './locating.ts';
import { LossNotices } from './loss-notices.ts';
import { MemberSearch } from './member-search.ts';
import { MessageDesk } from './message-desk.ts';
import type { PastMessage } from './messages.ts';
import { OfferReceiver } from './offer-receiver.ts';
import { Offers } from './offers.ts';
import { PeerAnswers } from './peer-answers.ts';
import { Placements } from './placements.ts';
import type { PointedAt } from './pointers.ts';
import { Pulls } from './pulls.ts';
import type { PastPurpose, SearchPurpose } from './purposes.ts';
import { Repair } from './repair.ts';
import type { Failure } from './reputation.ts';
import type { Application, Ring } from './ring.ts';
import { SpotChecks } from './spot-checks.ts';
import { StoreRequests } from './store-requests.ts';
import { Verification } from './verification.ts';

export class PastNode implements Application {
  readonly #offers: Offers;
  readonly #context: PastContext;
  readonly #beyond: BeyondExchange;
  readonly #acceptance: Acceptance;
  readonly #pulls: Pulls;
  readonly #intake: Intake;
  readonly #placements: Placements;
  readonly #handoffs: Handoffs;
  readonly #repair: Repair;
  readonly #leaving: Leaving;
  readonly #stores: StoreRequests;
  readonly #fetches: FetchRequests;
  readonly #lists: ListRequests;
  readonly #desk: MessageDesk;
  readonly #answers: PeerAnswers;
  readonly #verification: Verification;
  readonly #locating: Locating;
  readonly #search: MemberSearch;
  readonly #proofs: HoldingProofs;
  readonly #spotChecks: SpotChecks;
  readonly #copies: LocalCopies;
  readonly #counts: CopyCounts;
  readonly #diverting: Diverting;
  readonly #leasing: Leasing;

  constructor(ring: Ring) {
    const context = new PastContext(ring, (message) => this.receive(ring.self.nodeId, message));
    this.#context = context;
    this.#beyond = new BeyondExchange(context, () => this.#viewChanged());
    this.#acceptance = new Acceptance(context);
    this.#offers = new Offers(context);
    this.#verification = new Verification(context);
    this.#search = new MemberSearch(context, (purpose, named) => this.#membersFound(purpose, named));
    this.#proofs = new HoldingProofs(context, (challenge, verdict) => this.#proofSettled(challenge, verdict));
    const notShown = (challenge: Challenge, failure: Failure): void => this.#answers.notShown(challenge, failure);
    this.#spotChecks = new SpotChecks(context, this.#proofs, notShown);
    this.#pulls = new Pulls(context, (...pull) => this.#intake.pullEnded(...pull));
    this.#intake = new Intake(context, this.#pulls, {
      kept: (wanted, source) => this.#copies.kept(wanted, source),
      failed: (wanted, reason) => this.#copies.notKept(wanted, reason),
    });
    this.#placements = new Placements(context, this.#offers);
    const coordinators = new Coordinators(context, this.#search);
    const handedOff = (block: BlockRef): void => this.#copies.handedOff(block);
    this.#handoffs = new Handoffs(context, this.#offers, coordinators, this.#proofs, handedOff);
    this.#leasing = new Leasing(context, {
      ended: (block, how) => this.#copies.ended(block, how),
      deleted: () => this.#repairSoon(),
      isComing: (digest) => this.#intake.has(digest),
      holdersOf: (digest) => this.#counts.holders(digest).keys(),
    });
    const losses = new LossNotices(context);
    this.#diverting = new Diverting(
      context,
      { intake: this.#intake, leaseDesk: this.#leasing.desk, losses, proofs: this.#proofs },
      { proved: (member, digest) => this.#answers.pointed(member, digest), failed: notShown },
    );
    this.#repair = new Repair(context, {
      diverting: this.#diverting,
      ...{ offers: this.#offers, placements: this.#placements, handoffs: this.#handoffs },
      ...{ spotChecks: this.#spotChecks, tombstones: this.#leasing.tombstones },
    });
    this.#counts = new CopyCounts(context, this.#search, () => this.#leaving.isLeaving);
    this.#stores = new StoreRequests(context, coordinators, {
      settled: () => this.#leaving.check(),
      counted: (digest, copies) => this.#counts.stored(digest, copies),
      surveyed: (then) => this.#diverting.survey.ask(() => then(this.#diverting.survey.left())),
    });
    this.#leaving = new Leaving(context, this.#offers, this.#handoffs, () => this.#stores.isWaiting);
    this.#fetches = new FetchRequests(context, this.#pulls, this.#search);
    this.#lists = new ListRequests(context);
    this.#locating = new Locating(context, this.#intake);
    const parts = {
      ...{ counts: this.#counts, acceptance: this.#acceptance, handoffs: this.#handoffs, intake: this.#intake },
      ...{ leaving: this.#leaving, leaseDesk: this.#leasing.desk, leasing: this.#leasing },
      ...{ diverting: this.#diverting, losses },
      ...{ offers: this.#offers, placements: this.#placements, repair: this.#repair, spotChecks: this.#spotChecks },
      ...{ stores: this.#stores, verification: this.#verification },
    };
    this.#answers = new PeerAnswers(context, parts);
    this.#copies = new LocalCopies(context, parts);
    this.#desk = new MessageDesk(context, {
      ...{ ...parts, receiver: new OfferReceiver(context, parts), beyond: this.#beyond },
      answers: this.#answers,
      lists: this.#lists,
      proofs: this.#proofs,
    });
  }

  /** The blocks durably on this node's disk. */
  get held(): readonly BlockRef[] {
    return this.#context.held.blocks();
  }

  /** The blocks that others hold in this node's place. */
  get pointers(): readonly PointedAt[] {
    return this.#context.pointers.list();
  }

  /** The held blocks, each with the other nodes that have shown that they hold it too. */
  holdings(): readonly Holding[] {
    return holdingsOf(this.#context, this.#counts, this.#handoffs, this.#repair.changedAt);
  }

  handle(input: PastInput): void {
    if (this.#context.isClosed && !('request' in input)) return;
    switch (input.type) {
      case 'start':
        for (const block of input.held) this.#context.held.add(block, this.#context.ring.now);
        this.#leasing.start(input.held, input.leased);
        this.#beyond.leafSetChanged();
        return this.#repair.start();
      case 'store':
        return this.#isGone
          ? this.#stores.refuse(input.request)
          : this.#stores.begin(input.request, input.block, input.lease);
      case 'lease':
        return this.#isGone ? this.#leasing.requests.refuse(input.request) : this.#leasing.requests.begin(input);
      case 'leases-kept':
        return this.#leasing.desk.written(input.digest, input.isKept);
      case 'fetch':
        return this.#isGone ? this.#fetches.refuse(input.request) : this.#fetches.begin(input.request, input.block);
      case 'list':
        return this.#isGone ? this.#lists.refuse(input.request) : this.#lists.begin(input.request, input.key);
      case 'watch':
        return this.#counts.watch(input.block, this.#stores.copiesOf(input.block.digest));
      case 'unwatch':
        return this.#counts.unwatch(input.digest);
      case 'block-arrived':
        return this.#pulls.arrived(input.from, input.digest, input.kept);
      case 'given':
        return this.#locating.given(input.to, input.digest);
      case 'block-failed':
        return this.#pulls.failed(input.from, input.digest, input.reason);
      case 'block-lost':
        return this.#copies.lost(input.digest);
      case 'disk':
        return this.#copies.onDisk(input.held);
      case 'proved':
        return this.#proofs.proved(input.digest, input.salt, input.hash);
      case 'room':
        return this.#context.accounts.room(input.freeBytes);
      default:
        unreachable(input);
    }
  }

  /** Takes a message from the node at the other end of a link. Nothing in it can make this throw. */
  receive(from: NodeId, message: PastMessage): void {
    if (!this.#context.isClosed) this.#desk.receive(from, message);
  }

  /**
   * Starts a graceful leave. `done` is called once, at once if nothing is to be handed over, at the latest after
   * LEAVE_LIMIT_MS; links must stay until then, since others pull from here. Open requests then fail with 'left'.
   */
  leaving(done: () => void): void {
    this.#repair.stop();
    this.#handoffs.reset();
    this.#leaving.begin(() => {
      this.close();
      done();
    });
  }

  /** Ends all at once, without handing over: open requests fail with 'left', nothing happens after. */
  close(): void {
    if (this.#context.isClosed) return;
    this.#context.close();
    this.#repair.stop();
    this.#intake.clear();
    this.#pulls.stopAll();
    this.#stores.failAll('left');
    this.#fetches.failAll('left');
    this.#lists.failAll('left');
    this.#leasing.requests.failAll();
  }

  deliver(_key: Key, payload: RoutedPayload, route: readonly NodeId[]): ReplyPayload | undefined {
    return payload.kind === 'locate' ? this.#locating.atRoot(payload.block, route) : undefined;
  }

  forward(_key: Key, payload: RoutedPayload, route: readonly NodeId[]): ReplyPayload | undefined {
    return payload.kind === 'locate' ? this.#locating.onTheWay(payload.block, route) : undefined;
  }

  settled(purpose: PastPurpose, outcome: Outcome): void {
    if (this.#context.isClosed) return;
    switch (purpose.type) {
      case 'store-root':
        return this.#stores.rootFound(purpose, outcome);
      case 'handoff-root':
        return this.#handoffs.rootFound(purpose, outcome);
      case 'fetch-holders':
        return this.#fetches.located(purpose, outcome);
      case 'count-root':
        return this.#counts.rootFound(purpose, outcome);
      case 'lease-root':
        return this.#leasing.requests.rootFound(purpose, outcome);
      case 'list-root':
        return this.#lists.rootFound(purpose, outcome);
      case 'search':
        return this.#search.located(purpose, outcome);
      default:
        unreachable(purpose);
    }
  }

  leafSetChanged(): void {
    if (this.#context.isClosed) return;
    this.#beyond.leafSetChanged();
    this.#viewChanged();
  }

  /** Other nodes than before are around this one, as far as it knows. */
  #viewChanged(): void {
    this.#acceptance.leafSetChanged();
    this.#counts.leafSetChanged();
    this.#diverting.diversions.check();
    if (!this.#leaving.isLeaving) return this.#repair.leafSetChanged();
    this.#handoffs.reset();
    this.#leaving.offerAll();
  }

  nodeFailed(nodeId: NodeId): void {
    if (this.#context.isClosed) return;
    this.#context.known.forgetNode(nodeId);
    this.#offers.forgetPeer(nodeId);
    const copies = [this.#counts, this.#proofs, this.#handoffs, this.#placements, this.#intake, this.#pulls];
    const requests = [this.#stores, this.#lists, this.#leasing, this.#diverting, this.#leaving];
    for (const part of [...copies, ...requests]) part.nodeFailed(nodeId);
    this.#repairSoon();
  }

  #membersFound(purpose: SearchPurpose, named: readonly NodeId[]): void {
    if (purpose.type === 'store-coordinator') this.#stores.coordinatorFound(purpose, named);
    if (purpose.type === 'handoff-coordinator') this.#handoffs.coordinatorFound(purpose, named);
    if (purpose.type === 'count-members') this.#counts.membersFound(purpose, named);
    if (purpose.type === 'fetch-members') this.#fetches.membersFound(purpose, named);
  }

  #proofSettled(challenge: Challenge, verdict: ProofVerdict): void {
    if (challenge.purpose === 'spot-check') return this.#spotChecks.settled(challenge, verdict);
    if (challenge.purpose === 'pointer') return this.#diverting.claims.settled(challenge, verdict);
    this.#handoffs.proofSettled(challenge, verdict);
    if (verdict === 'wrong') this.#answers.notShown(challenge, verdict);
  }

  #repairSoon(): void {
    if (!this.#leaving.isLeaving) this.#repair.soon();
  }

  get #isGone(): boolean {
    return this.#context.isClosed || this.#leaving.isLeaving;
  }
}
