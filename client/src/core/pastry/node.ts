// A Pastry node: takes inputs apart and hands them to the part whose business they are. The branching is here, the work in
// the parts (parts.ts).

import { unreachable } from '../assert.ts';
import type { Input, Inspection } from '../io.ts';
import { isPastMessage, type Message } from '../messages.ts';
import type { PastPurpose } from '../past/purposes.ts';
import type { Application } from '../past/ring.ts';
import { type Context, count, trace } from './context.ts';
import type { Key, NodeId } from './id.ts';
import { isExpected, noteTeller } from './membership/expected.ts';
import type { FailureDetector, ProbeKind } from './membership/failure-detector.ts';
import type { DeathNews } from './membership/membership.ts';

import type { Direct, PastryMessage, ReplyPayload } from './messages.ts';
import { createParts, type Parts } from './parts.ts';
import { send } from './reachability/outbox.ts';
import { lookupOutput, type Purpose } from './routing/purposes.ts';
import type { Outcome, Question } from './routing/requests.ts';

/** Pastry's share of the core's inputs. */
export type PastryInput = Extract<
  Input,
  { type: 'sponsor' | 'wake' | 'relayed' | 'no-path' | 'link-up' | 'link-down' | 'link-failed' | 'lookup' | 'signal' }
>;

export class PastryNode {
  readonly #context: Context;
  readonly #application: Application;
  readonly #parts: Parts;

  constructor(context: Context, application: Application) {
    this.#context = context;
    this.#application = application;
    this.#parts = createParts(context, application, {
      gone: (nodeId, news) => this.#remove(nodeId, news),
      question: (to, kind, nonce) => this.#question(to, kind, nonce),
      confirmed: () => this.#activate(),
      lookUp: (purpose) => this.#lookUp(purpose),
      settled: (purpose, outcome) => this.#settled(purpose, outcome),
      replied: (id, payload) => this.#replied(id, payload),
    });
  }

  start(sponsor: NodeId | undefined): void {
    this.#context.emit({ type: 'status', status: 'joining' });
    this.#parts.maintenance.start();
    this.#parts.join.start(sponsor);
  }

  handle(input: PastryInput): void {
    switch (input.type) {
      case 'sponsor':
        return this.#sponsored(input.sponsor);
      case 'wake':
        return;
      case 'relayed':
        return this.#relayed(input.from, input.carrier, input.message);
      case 'link-up':
        return this.#parts.links.up(input.peer);
      case 'link-down':
        return this.#parts.links.down(input.peer, input.reason);
      case 'link-failed':
        return this.#parts.links.failed(input.peer, input.reason);
      case 'no-path':
        return this.#parts.links.noPath(input.peer);
      case 'lookup':
        return this.#lookUp({ type: 'lookup', request: input.request, key: input.key });
      case 'signal':
        return this.#parts.signals.send(input.to, input.data);
      default:
        return unreachable(input);
    }
  }

  receive(from: NodeId, message: PastryMessage): void {
    if (this.#parts.join.isStranger && !isForStrangers(message)) return count(this.#context, 'unready');
    const isEarly = this.#parts.join.isStranger && message.type === 'entries';
    // Its own words about itself count only if they name the node that the link names.
    if (!isEarly && 'self' in message && (message.self.nodeId !== from || !this.#parts.membership.met(message.self)))
      return;
    if (!isEarly) this.#heard(from, message.type === 'pong');
    if (!isExpected(this.#context, from, message, (...answer) => this.#answered(...answer))) return;
    noteTeller(this.#context, from, message);
    switch (message.type) {
      case 'routed':
        return this.#parts.forwarding.receive(from, message);
      case 'reply':
        return this.#parts.replies.receive(from, message);
      case 'ack':
        return this.#parts.hops.acknowledged(from, message);
      case 'ping':
        return send(this.#context, from, { type: 'pong', nonce: message.nonce, self: this.#context.self });
      case 'pong':
        return;
      case 'leaf-set':
        return this.#parts.leafKeeper.receive(from, message);
      case 'row':
        return this.#parts.rowKeeper.receiveRow(from, message);
      case 'cells':
        return this.#parts.cellRepair.receiveCells(from, message);
      case 'entries':
        return this.#parts.rowKeeper.receiveEntries(message);
      case 'leave':
        this.#remove(from, 'goodbye');
        return this.#parts.leafKeeper.consider(message.members);
      case 'relay':
        return this.#parts.relays.carry(from, message);
      default:
        return unreachable(message);
    }
  }

  /** Sends a message of the application's to a node. */
  send(to: NodeId, message: Message): void {
    send(this.#context, to, message);
  }

  /** Asks the ring for the application. */
  ask(key: Key, question: Question, timeoutMs: number, purpose: PastPurpose): void {
    this.#parts.requests.start(key, question, timeoutMs, purpose);
  }

  /** Says goodbye to every linked node. */
  leave(): void {
    const { leafSet, peers, timers } = this.#context;
    this.#parts.searches.cancelAll();
    this.#parts.requests.failAll();
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
    this.#parts.membership.doubtAllDeaths();
    this.#parts.detector.restart();
    this.#parts.hops.restart();
    if (this.#context.status !== 'active') return;
    this.#context.status = 'joining';
    this.#context.emit({ type: 'status', status: 'joining' });
    this.#parts.join.reconfirm();
  }

  /** Leaves that no link reaches, by the node that carries their messages. */
  relayed(): ReadonlyMap<NodeId, NodeId> {
    return this.#parts.relays.relayed();
  }

  /** Linked nodes that may bring here what `nodeId`, to which there is no link, has; the likeliest first. */
  carriersOf(nodeId: NodeId): readonly NodeId[] {
    return this.#parts.relays.carriersOf(nodeId);
  }

  /** A leaf, or a node whose messages this one carries. */
  isNeighbour(nodeId: NodeId): boolean {
    return this.#context.leafSet.has(nodeId) || this.#parts.relays.carriesFor(nodeId);
  }

  inspect(): Omit<Inspection, 'held' | 'pointers'> {
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
    this.#parts.rowKeeper.announce();
    this.#application.leafSetChanged();
    this.#parts.forwarding.activated();
    this.#parts.audits.start();
  }

  #sponsored(sponsor: NodeId | undefined): void {
    const { status, self } = this.#context;
    if (sponsor === self.nodeId) return;
    if (status === 'joining' && this.#parts.join.isStranger) this.#parts.join.start(sponsor);
    if (status !== 'active' || this.#parts.ownPlace.named(sponsor) || sponsor === undefined) return;
    this.#parts.join.checkSplit(sponsor);
  }

  #relayed(from: NodeId, carrier: NodeId, message: Direct): void {
    if (this.#parts.join.isStranger) return count(this.#context, 'unready');
    this.#heard(carrier);
    const standing = this.#parts.relays.receive(carrier, from);
    if (standing === undefined) return;
    if (standing === 'leaf') {
      if (isPastMessage(message)) this.#application.receive(from, message);
      else this.receive(from, message);
      return;
    }
    this.#answerStranger(carrier, from, message);
    // Asked like any other that is only told of: over a link, and through others once that has failed.
    if (standing !== 'hearsay' || !('self' in message)) return;
    this.#context.hearsay.named(carrier, from);
    this.#parts.leafKeeper.consider([message.self]);
  }

  /** It lives: its answers to questions in general are not awaited any more. `isAnswer`: it answers one, and tells which. */
  #heard(from: NodeId, isAnswer = false): void {
    this.#parts.membership.heard(from);
    this.#parts.leafKeeper.heard(from);
    if (!isAnswer) this.#parts.detector.cancel(from, 'ping');
  }

  /** One that believes this node its leaf, and is none here: without an answer it would believe this node dead. */
  #answerStranger(carrier: NodeId, to: NodeId, question: Direct): void {
    if (question.type !== 'leaf-set' || !question.asks) return this.#parts.relays.refuse();
    const message = this.#parts.leafKeeper.message(false, question.nonce);
    this.#context.emit({ type: 'relay', to, carrier, message });
  }

  #remove(nodeId: NodeId, news: DeathNews): void {
    const wasKnown = this.#context.peers.get(nodeId)?.handle !== undefined;
    this.#parts.detector.cancelAll(nodeId);
    this.#parts.leafKeeper.dropCandidate(nodeId);
    this.#context.hearsay.failed(nodeId);
    this.#parts.membership.gone(nodeId, news);
    this.#parts.relays.gone(nodeId);
    this.#parts.hops.lost(nodeId);
    this.#parts.join.sponsorGone(nodeId);
    if (wasKnown) trace(this.#context, { kind: news === 'goodbye' ? 'departed' : 'failed', nodeId });
  }

  /** False if nobody waits for this answer. */
  #answered(from: Parameters<FailureDetector['answered']>[0], kind: ProbeKind, nonce: number): boolean {
    const rttMs = this.#parts.detector.answered(from, kind, nonce);
    if (typeof rttMs === 'number') this.#parts.membership.measured(from.nodeId, rttMs, from.coordinate);
    return rttMs !== undefined;
  }

  #question(to: NodeId, kind: ProbeKind, nonce: number): PastryMessage {
    switch (kind) {
      case 'ping':
        return { type: 'ping', nonce, self: this.#context.self };
      case 'leaf-set':
        return this.#parts.leafKeeper.message(true, nonce);
      case 'row':
        return this.#parts.rowKeeper.message(to, true, nonce);
      default:
        return unreachable(kind);
    }
  }

  #lookUp(purpose: Extract<Purpose, { readonly key: Key }>): void {
    this.#parts.requests.start(purpose.key, { kind: 'lookup' }, this.#context.timing.lookupTimeoutMs, purpose);
  }

  #settled(purpose: Purpose, outcome: Outcome): void {
    switch (purpose.type) {
      case 'lookup':
        return this.#context.emit(lookupOutput(purpose, outcome));
      case 'cell':
        return this.#parts.cellRepair.lookedUp(purpose, outcome);
      case 'audit':
        return this.#parts.audits.settled(purpose, outcome);
      default:
        return this.#application.settled(purpose, outcome);
    }
  }

  /** An answer to this node's own message `id`. */
  #replied(id: string, payload: ReplyPayload): void {
    const { requests, searches } = this.#parts;
    if (requests.answered(id, payload) || searches.answered(id, payload)) return;
    if (payload.kind === 'signal') this.#parts.signals.answered(id, payload.data);
    else this.#parts.join.answered(id, payload);
  }
}

/** A node that is not in the ring yet must not get into tables: it only joins, and hands other newcomers on. */
function isForStrangers({ type }: PastryMessage): boolean {
  return type === 'routed' || type === 'reply' || type === 'ack' || type === 'entries';
}
