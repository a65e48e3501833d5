// A Pastry node: takes inputs apart and hands them to the part whose business they are. The branching is here, the work
// in the parts: membership, probing, leaf-keeper, row-keeper, cell-repair, row-exchanges, link-changes, hops, forwarding, requests, join.

import { unreachable } from '../assert.ts';
import type { Input, Inspection } from '../io.ts';
import { isPastMessage, type Message } from '../messages.ts';
import type { Application } from '../past/ring.ts';
import { CellRepair } from './cell-repair.ts';
import { type Context, count, send, trace } from './context.ts';
import { Forwarding, type Untransmitted } from './forwarding.ts';
import { Hops } from './hops.ts';
import type { Key, NodeId } from './id.ts';
import { Join } from './join.ts';
import { type DeathNews, LeafKeeper } from './leaf-keeper.ts';
import type { LeafPlace } from './leaf-set.ts';
import { LinkChanges } from './link-changes.ts';
import { Membership } from './membership.ts';
import type { PastryMessage, Relay, ReplyPayload, RoutedPayload } from './messages.ts';
import { type ProbeKind, Probing } from './probing.ts';
import { Relays } from './relays.ts';
import { Requests } from './requests.ts';
import { RowExchanges } from './row-exchanges.ts';
import { RowKeeper } from './row-keeper.ts';
import { Signals } from './signals.ts';
import { Upkeep } from './upkeep.ts';
import { WantedCells } from './wanted-cells.ts';

/** Pastry's share of the core's inputs. */
export type PastryInput = Extract<
  Input,
  { type: 'sponsor' | 'wake' | 'link-up' | 'link-down' | 'link-failed' | 'lookup' | 'signal' }
>;

export class PastryNode {
  readonly #context: Context;
  readonly #application: Application;
  readonly #membership: Membership;
  readonly #probing: Probing;
  readonly #leafKeeper: LeafKeeper;
  readonly #rowKeeper: RowKeeper;
  readonly #cellRepair: CellRepair;
  readonly #hops: Hops;
  readonly #forwarding: Forwarding;
  readonly #requests: Requests;
  readonly #join: Join;
  readonly #relays: Relays;
  readonly #links: LinkChanges;
  readonly #signals: Signals;
  readonly #upkeep: Upkeep;
  /** While a node is being removed: how this node learned of it. */
  #deathNews: DeathNews = 'own-probe';

  constructor(context: Context, application: Application) {
    this.#context = context;
    this.#application = application;
    this.#membership = new Membership(context, {
      leafSetChanged: () => application.leafSetChanged(),
      nodeGone: (nodeId, place) => this.#nodeGone(nodeId, place),
      cellEmptied: (row, column) => this.#cellRepair.want({ row, column }),
    });
    this.#probing = new Probing(context, {
      question: (to, kind, nonce) => this.#question(to, kind, nonce),
      retry: (nodeId) => this.#relays.retry(nodeId),
      silent: (nodeId, onHearsay) => this.#remove(nodeId, onHearsay ? 'hearsay' : 'own-probe'),
    });
    this.#leafKeeper = new LeafKeeper(context, this.#membership, this.#probing);
    const wanted = new WantedCells(context.routingTable);
    this.#cellRepair = new CellRepair(context, this.#probing, wanted, (key, found) =>
      this.#routeTo(key, found, () => undefined),
    );
    this.#rowKeeper = new RowKeeper(context, this.#membership, this.#probing, wanted, this.#cellRepair);
    const rowExchanges = new RowExchanges(context, this.#probing, wanted, this.#cellRepair);
    this.#hops = new Hops(context, this.#membership, this.#probing);
    this.#requests = new Requests(context, () => this.#forwarding);
    this.#join = new Join(context, this.#hops, this.#requests, this.#leafKeeper, this.#rowKeeper, {
      confirmed: () => this.#activate(),
    });
    this.#relays = new Relays(context, this.#probing);
    const [membership, probing, relays, cellRepair] = [this.#membership, this.#probing, this.#relays, this.#cellRepair];
    const parts = { membership, probing, relays, cellRepair, hops: this.#hops, join: this.#join };
    this.#links = new LinkChanges(context, parts, (nodeId) => this.#remove(nodeId, 'goodbye'));
    this.#upkeep = new Upkeep(context, this.#probing, this.#leafKeeper, rowExchanges, this.#relays);
    this.#signals = new Signals(context, this.#hops, {
      nextId: () => this.#requests.nextId(),
      sponsor: () => this.#join.sponsor,
      sendBack: (id, back, payload) => this.#forwarding.sendBack(id, back, payload),
    });
    this.#forwarding = new Forwarding(
      context,
      this.#hops,
      {
        passJoin: (payload, from) => this.#join.pass(payload, from),
        deliver: (message, route) => this.#deliver(message, route),
        passSignal: (signal) => this.#signals.pass(signal),
        holeFound: (key) => this.#cellRepair.wantFor(key),
        answered: (id, payload) => {
          if (payload.kind === 'signal') return this.#signals.answered(id, payload.data);
          if (!this.#requests.answered(id, payload)) this.#join.answered(id, payload);
        },
        isStranger: () => this.#join.isStranger,
        sponsor: () => this.#join.sponsor,
      },
      application,
    );
  }

  start(sponsor: NodeId | undefined): void {
    this.#context.emit({ type: 'status', status: 'joining' });
    this.#upkeep.start();
    this.#join.start(sponsor);
  }

  handle(input: PastryInput): void {
    switch (input.type) {
      case 'sponsor':
        return this.#sponsored(input.sponsor);
      case 'wake':
        return;
      case 'link-up':
        return this.#links.up(input.peer);
      case 'link-down':
        return this.#links.down(input.peer, input.reason);
      case 'link-failed':
        return this.#links.failed(input.peer, input.reason);
      case 'lookup':
        return this.#lookup(input.request, input.key);
      case 'signal':
        return this.#signals.send(input.to, input.data);
      default:
        return unreachable(input);
    }
  }

  receive(from: NodeId, message: PastryMessage): void {
    if (this.#join.isStranger && !isForStrangers(message)) return count(this.#context, 'unready');
    if (this.#join.isStranger && message.type === 'entries') return this.#rowKeeper.receiveEntries(message);
    // Its own words about itself count only if they name the node that the link names.
    if ('self' in message && (message.self.nodeId !== from || !this.#membership.met(message.self))) return;
    this.#membership.heard(from);
    this.#leafKeeper.heard(from);
    if (message.type !== 'pong') this.#probing.cancel(from, 'ping');
    switch (message.type) {
      case 'routed':
        return this.#forwarding.receive(from, message);
      case 'reply':
        return this.#forwarding.receiveReply(from, message);
      case 'ack':
        return this.#hops.acknowledged(from, message);
      case 'ping':
        return send(this.#context, from, { type: 'pong', nonce: message.nonce, self: this.#context.self });
      case 'pong':
        return this.#answered(message.self, 'ping', message.nonce);
      case 'leaf-set':
        if (!message.asks) this.#answered(message.self, 'leaf-set', message.nonce);
        return this.#leafKeeper.receive(from, message);
      case 'row':
        if (!message.asks) this.#answered(message.self, 'row', message.nonce);
        return this.#rowKeeper.receiveRow(from, message);
      case 'cells':
        return this.#cellRepair.receiveCells(from, message);
      case 'entries':
        return this.#rowKeeper.receiveEntries(message);
      case 'leave':
        this.#remove(from, 'goodbye');
        return this.#leafKeeper.consider(message.members);
      case 'relay':
        return this.#relayed(from, message);
      default:
        return unreachable(message);
    }
  }

  /** Sends a message of the application's to a node. */
  send(to: NodeId, message: Message): void {
    send(this.#context, to, message);
  }

  /** Routes a message of the application's. */
  request(
    key: Key,
    payload: RoutedPayload,
    timeoutMs: number,
    answered: (reply: ReplyPayload) => void,
    failed: () => void,
  ): void {
    this.#requests.start(key, payload, timeoutMs, answered, failed);
  }

  /** Says goodbye to every linked node. */
  leave(): void {
    const { leafSet, peers, timers } = this.#context;
    this.#requests.failAll();
    const members = leafSet.members();
    for (const { nodeId } of peers.all()) {
      if (peers.isReachable(nodeId)) send(this.#context, nodeId, { type: 'leave', members });
    }
    for (const { nodeId, link } of peers.all()) {
      if (link === 'open') this.#context.emit({ type: 'disconnect', peer: nodeId, reason: 'goodbye' });
    }
    timers.clear();
    this.#context.status = 'left';
    this.#context.emit({ type: 'status', status: 'left' });
  }

  /** The clock jumped: nothing that is known is sure, so nothing is delivered before the leaf set has confirmed it. */
  thaw(): void {
    this.#context.unlinkable.clear();
    this.#membership.doubtAllDeaths();
    this.#probing.restart();
    this.#hops.restart();
    if (this.#context.status !== 'active') return;
    this.#context.status = 'joining';
    this.#context.emit({ type: 'status', status: 'joining' });
    this.#join.reconfirm();
  }

  /** Leaves that no link reaches, by the node that carries their messages. */
  relayed(): ReadonlyMap<NodeId, NodeId> {
    return this.#relays.relayed();
  }

  /** Linked nodes that may bring here what `nodeId`, to which there is no link, has; the likeliest first. */
  carriersOf(nodeId: NodeId): readonly NodeId[] {
    return this.#relays.carriersOf(nodeId);
  }

  inspect(): Omit<Inspection, 'held'> {
    const { self, status, leafSet, routingTable, neighborhoodSet } = this.#context;
    return {
      handle: self,
      status,
      leafSet: {
        cw: leafSet.clockwise.map(({ nodeId }) => nodeId),
        ccw: leafSet.counterclockwise.map(({ nodeId }) => nodeId),
      },
      routingTable: routingTable.cells(),
      neighborhoodSet: neighborhoodSet.members().map(({ nodeId }) => nodeId),
    };
  }

  #activate(): void {
    this.#context.status = 'active';
    this.#context.emit({ type: 'status', status: 'active' });
    this.#rowKeeper.announce();
    this.#application.leafSetChanged();
    this.#forwarding.activated();
  }

  #sponsored(sponsor: NodeId | undefined): void {
    const { status, self } = this.#context;
    if (sponsor === self.nodeId) return;
    if (status === 'joining' && this.#join.isStranger) this.#join.start(sponsor);
    if (status === 'active' && sponsor !== undefined) this.#join.checkSplit(sponsor);
  }

  #relayed(carrier: NodeId, relay: Relay): void {
    const inner = this.#relays.receive(carrier, relay);
    if (inner === undefined) return;
    const { from, message, isWanted } = inner;
    if (!isWanted) return this.#answerStranger(carrier, from, message);
    if (isPastMessage(message)) this.#application.receive(from, message);
    else this.receive(from, message);
  }

  /** One that believes this node its leaf, and is none here: without an answer it would believe this node dead. */
  #answerStranger(carrier: NodeId, peer: NodeId, question: Relay['message']): void {
    if (question.type !== 'leaf-set' || !question.asks) return this.#relays.refuse();
    const message = this.#leafKeeper.message(false, question.nonce);
    send(this.#context, carrier, { type: 'relay', direction: 'to', peer, message });
  }

  #remove(nodeId: NodeId, news: DeathNews): void {
    const wasKnown = this.#context.peers.get(nodeId)?.handle !== undefined;
    this.#probing.cancelAll(nodeId);
    this.#leafKeeper.dropCandidate(nodeId);
    this.#deathNews = news;
    this.#membership.gone(nodeId);
    this.#relays.lost(nodeId);
    this.#deathNews = 'own-probe';
    this.#hops.lost(nodeId);
    this.#join.sponsorGone(nodeId);
    if (wasKnown) trace(this.#context, { kind: news === 'goodbye' ? 'departed' : 'failed', nodeId });
  }

  #nodeGone(nodeId: NodeId, place: LeafPlace | undefined): void {
    this.#application.nodeFailed(nodeId);
    if (place !== undefined) this.#leafKeeper.removed(nodeId, place, this.#deathNews);
  }

  #answered(from: Parameters<Probing['answered']>[0], kind: ProbeKind, nonce: number): void {
    const rttMs = this.#probing.answered(from, kind, nonce);
    if (typeof rttMs === 'number') this.#membership.measured(from.nodeId, rttMs, from.coordinate);
  }

  #question(to: NodeId, kind: ProbeKind, nonce: number): PastryMessage {
    switch (kind) {
      case 'ping':
        return { type: 'ping', nonce, self: this.#context.self };
      case 'leaf-set':
        return this.#leafKeeper.message(true, nonce);
      case 'row':
        return this.#rowKeeper.message(to, true, nonce);
      default:
        return unreachable(kind);
    }
  }

  #lookup(request: number, key: Key): void {
    const answered = (route: readonly NodeId[]): void => {
      const root = route.at(-1);
      if (root !== undefined) this.#context.emit({ type: 'looked-up', request, key, root, route });
    };
    this.#routeTo(key, answered, () => {
      this.#context.emit({ type: 'lookup-failed', request, key, reason: 'timed-out' });
    });
  }

  #routeTo(key: Key, found: (route: readonly NodeId[]) => void, failed: () => void): void {
    const answered = (reply: ReplyPayload): void => {
      if (reply.kind === 'found') found(reply.route);
    };
    this.request(key, { kind: 'lookup' }, this.#context.timing.lookupTimeoutMs, answered, failed);
  }

  #deliver(message: Untransmitted, route: readonly NodeId[]): ReplyPayload | undefined {
    const { payload, key } = message;
    switch (payload.kind) {
      case 'lookup':
        return { kind: 'found', route };
      case 'join':
        return this.#join.welcome(payload, route);
      case 'locate':
        return this.#application.deliver(key, payload, route);
      case 'signal':
        return undefined; // goes its own way (signals.ts)
      default:
        return unreachable(payload);
    }
  }
}

/** A node that is not in the ring yet must not get into tables: it only joins, and hands other newcomers on. */
function isForStrangers({ type }: PastryMessage): boolean {
  return type === 'routed' || type === 'reply' || type === 'ack' || type === 'entries';
}
