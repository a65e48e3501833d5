// The storage layer of one node (PAST, SOSP 2001): takes requests, messages and Pastry's calls, and hands each to the
// part that knows about it. The rules are in SPEC.md.

import { unreachable } from '../assert.ts';
import type { Input, PullFailure } from '../io.ts';
import type { Key, NodeId } from '../pastry/id.ts';
import type { ReplyPayload, RoutedPayload } from '../pastry/messages.ts';
import { Acceptance } from './acceptance.ts';
import type { BlockRef } from './block.ts';
import { PastContext } from './context.ts';
import { FetchRequests } from './fetch-requests.ts';
import { Handoffs } from './handoffs.ts';
import { Intake, type Wanted } from './intake.ts';
import { Leaving } from './leaving.ts';
import { ListRequests } from './list-requests.ts';
import { Locating } from './locating.ts';
import { LossNotices } from './loss-notices.ts';
import type { FinalRefusal, PastMessage } from './messages.ts';
import { OfferReceiver } from './offer-receiver.ts';
import { Offers } from './offers.ts';
import { PeerAnswers } from './peer-answers.ts';
import { Placements } from './placements.ts';
import { Pulls } from './pulls.ts';
import { Repair } from './repair.ts';
import type { Application, Ring } from './ring.ts';
import { StandIns } from './stand-ins.ts';
import { StoreRequests } from './store-requests.ts';
import { Verification } from './verification.ts';

/** The inputs that are PAST's; of `start` it takes the held blocks. */
export type PastInput = Extract<
  Input,
  { readonly type: 'start' | 'store' | 'fetch' | 'list' | 'block-arrived' | 'block-failed' | 'block-lost' }
>;

export class PastNode implements Application {
  readonly #context: PastContext;
  readonly #acceptance: Acceptance;
  readonly #offers: Offers;
  readonly #pulls: Pulls;
  readonly #intake: Intake;
  readonly #placements: Placements;
  readonly #handoffs: Handoffs;
  readonly #repair: Repair;
  readonly #leaving: Leaving;
  readonly #stores: StoreRequests;
  readonly #fetches: FetchRequests;
  readonly #lists: ListRequests;
  readonly #receiver: OfferReceiver;
  readonly #answers: PeerAnswers;
  readonly #verification: Verification;
  readonly #losses: LossNotices;
  readonly #locating: Locating;

  constructor(ring: Ring) {
    const context = new PastContext(ring, (message) => this.receive(ring.self.nodeId, message));
    this.#context = context;
    this.#acceptance = new Acceptance(context);
    this.#offers = new Offers(context);
    this.#pulls = new Pulls(context, () => this.#intake.pump());
    this.#intake = new Intake(context, this.#pulls, {
      kept: (wanted, source) => this.#kept(wanted, source),
      failed: (wanted, reason) => this.#notKept(wanted, reason),
    });
    this.#placements = new Placements(context);
    const standIns = new StandIns(context);
    this.#handoffs = new Handoffs(context, this.#offers, standIns, (block) => this.#handedOff(block));
    this.#repair = new Repair(context, this.#offers, this.#placements, this.#handoffs);
    this.#stores = new StoreRequests(context, standIns, () => this.#leaving.check());
    this.#leaving = new Leaving(context, this.#offers, this.#handoffs, () => this.#stores.isWaiting);
    this.#fetches = new FetchRequests(context, this.#pulls);
    this.#lists = new ListRequests(context);
    this.#receiver = new OfferReceiver(context, {
      acceptance: this.#acceptance,
      handoffs: this.#handoffs,
      intake: this.#intake,
      offers: this.#offers,
      placements: this.#placements,
      stores: this.#stores,
    });
    this.#answers = new PeerAnswers(context, {
      handoffs: this.#handoffs,
      leaving: this.#leaving,
      offers: this.#offers,
      placements: this.#placements,
      stores: this.#stores,
    });
    this.#verification = new Verification(context);
    this.#losses = new LossNotices(context);
    this.#locating = new Locating(context, this.#intake);
  }

  /** The blocks durably on this node's disk. */
  get held(): readonly BlockRef[] {
    return this.#context.held.blocks();
  }

  /** True once a graceful leave has handed over what it could. */
  get handedOver(): boolean {
    return this.#leaving.isDone;
  }

  handle(input: PastInput): void {
    if (this.#context.isClosed && !('request' in input)) return;
    switch (input.type) {
      case 'start':
        for (const block of input.held) this.#context.held.add(block, this.#context.ring.now);
        this.#repair.start();
        return;
      case 'store':
        return this.#isGone ? this.#stores.refuse(input.request) : this.#stores.begin(input.request, input.block);
      case 'fetch':
        return this.#isGone ? this.#fetches.refuse(input.request) : this.#fetches.begin(input.request, input.block);
      case 'list':
        return this.#isGone ? this.#lists.refuse(input.request) : this.#lists.begin(input.request, input.key);
      case 'block-arrived':
        this.#blockArrived(input.from, input.digest, input.kept);
        return;
      case 'block-failed':
        this.#pulls.failed(input.from, input.digest, input.reason);
        return;
      case 'block-lost':
        return this.#blockLost(input.digest);
      default:
        unreachable(input);
    }
  }

  /** Takes a message from the node at the other end of a link. Nothing in it can make this throw. */
  receive(from: NodeId, message: PastMessage): void {
    if (this.#context.isClosed) return;
    switch (message.type) {
      case 'offer':
        // Its own stores go on: the leave waits for their quorum.
        if (!this.#leaving.isLeaving || from === this.#context.self) this.#receiver.receive(from, message);
        else
          for (const { digest } of message.blocks)
            this.#context.tell(from, { type: 'refuse', digest, reason: 'not-mine' });
        return;
      case 'holding':
        this.#answers.holding(from, message.digests);
        return;
      case 'refuse':
        this.#answers.refused(from, message);
        return;
      case 'copies':
        if (message.holders.length > 0) this.#offers.answered(from, message.digest);
        this.#stores.copies(from, message);
        this.#handoffs.copies(from, message);
        if (message.holders.some((holder) => holder !== this.#context.self)) this.#leaving.rooted(message.digest);
        return;
      case 'lost':
        this.#answers.lost(from, message.digests);
        return;
      case 'bad-copy':
        this.#verification.badCopy(message.digest);
        return;
      case 'records?':
        this.#lists.asked(from, message.key);
        return;
      case 'records':
        this.#lists.answered(from, message);
        return;
      default:
        unreachable(message);
    }
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
  }

  deliver(_key: Key, payload: RoutedPayload, route: readonly NodeId[]): ReplyPayload | undefined {
    return payload.kind === 'locate' ? this.#locating.atRoot(payload.block, route) : undefined;
  }

  forward(_key: Key, payload: RoutedPayload, route: readonly NodeId[]): ReplyPayload | undefined {
    return payload.kind === 'locate' ? this.#locating.onTheWay(payload.block, route) : undefined;
  }

  leafSetChanged(): void {
    if (this.#context.isClosed) return;
    this.#acceptance.leafSetChanged();
    if (this.#leaving.isLeaving) {
      this.#handoffs.reset();
      this.#leaving.offerAll();
    } else {
      this.#repair.leafSetChanged();
    }
  }

  nodeFailed(nodeId: NodeId): void {
    if (this.#context.isClosed) return;
    this.#context.known.forgetNode(nodeId);
    this.#offers.forgetPeer(nodeId);
    this.#handoffs.nodeFailed(nodeId);
    this.#placements.nodeFailed(nodeId);
    this.#intake.nodeFailed(nodeId);
    this.#pulls.nodeFailed(nodeId);
    this.#stores.nodeFailed(nodeId);
    this.#lists.nodeFailed(nodeId);
    this.#leaving.nodeFailed(nodeId);
    if (!this.#leaving.isLeaving) this.#repair.soon();
  }

  get #isGone(): boolean {
    return this.#context.isClosed || this.#leaving.isLeaving;
  }

  #blockArrived(from: NodeId, digest: string, kept: boolean): void {
    const wasAwaited = this.#pulls.arrived(from, digest, kept);
    // A pull that was given up came through after all: nobody would ever look at this copy again.
    if (!wasAwaited && kept && !this.#context.held.has(digest)) this.#context.ring.emit({ type: 'drop', digest });
  }

  #blockLost(digest: string): void {
    const { held, known, replicas } = this.#context;
    const lost = held.get(digest)?.block;
    if (lost === undefined) return;
    const members = this.#context.view().replicaSet(lost.key, replicas);
    this.#losses.add(new Set([...members, ...known.holders(digest)]), digest);
    this.#forget(lost);
    this.#context.trace('lost', lost, undefined);
  }

  #kept(wanted: Wanted, source: NodeId): void {
    const { block, askers, urgent } = wanted;
    const { held, known, ring, self } = this.#context;
    if (!held.hasRoomFor(block)) {
      // Others came while it was on its way.
      ring.emit({ type: 'drop', digest: block.digest });
      this.#refuse(wanted, 'too-many');
      return;
    }
    held.add(block, ring.now);
    this.#repair.keepUp();
    this.#losses.forget(block.digest);
    this.#context.trace('held', block, source === self ? undefined : source);
    const view = this.#context.view();
    const members = this.#context.ownReplicaSet(view, block.key);
    for (const [asker, intent] of askers) {
      if (intent === 'store') continue;
      if (this.#context.isLeaf(asker)) known.set(block.digest, asker, 'holds');
      this.#context.tell(asker, { type: 'holding', digests: [block.digest] });
    }
    const isPlacedHere = this.#placements.isWatched(block.digest) || view.closest(block.key) === self;
    this.#placements.report(block.digest, view);
    if (members === undefined || !isPlacedHere) return;
    this.#receiver.placeOthers(block, members, urgent);
    this.#offers.flush();
  }

  #notKept(wanted: Wanted, reason: PullFailure): void {
    if (reason === 'full' || reason === 'malformed') this.#refuse(wanted, reason);
  }

  /** A block without a copy here cannot be placed elsewhere from here: who asked hears it. */
  #refuse({ block, askers }: Wanted, reason: FinalRefusal): void {
    this.#placements.forget(block.digest);
    for (const asker of askers.keys()) this.#context.tell(asker, { type: 'refuse', digest: block.digest, reason });
  }

  /** Enough others confirmed their copies: drop this one, if the ring has been quiet and it still is not owed. */
  #handedOff(block: BlockRef): void {
    const held = this.#context.held.get(block.digest);
    const verdict = this.#handoffs.verdict(block.digest);
    if (held === undefined || verdict === undefined || this.#leaving.isLeaving || !this.#repair.mayDrop(held)) return;
    if (this.#context.ownReplicaSet(this.#context.view(), block.key) !== undefined) return;
    this.#losses.add(verdict.named, block.digest);
    this.#forget(block);
    this.#acceptance.dropped(block.digest, verdict.root);
    this.#context.ring.emit({ type: 'drop', digest: block.digest });
    this.#context.trace('dropped', block, undefined);
  }

  #forget({ digest }: BlockRef): void {
    this.#context.held.delete(digest);
    this.#context.known.forgetDigest(digest);
    this.#handoffs.forget(digest);
    this.#verification.forget(digest);
  }
}
