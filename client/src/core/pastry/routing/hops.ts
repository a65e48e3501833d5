// One hop, made reliable (MSPastry, section 3.2): each transmission is acknowledged by the next node; a missed ack makes
// that node suspect and the message goes another way. Only the last hop, to the root, has no other way: it is repeated
// until the root answers or is found dead, because any other node would deliver a key that is not its own.

import { unreachable } from '../../assert.ts';
import type { Instant } from '../../io.ts';
import { type Context, count } from '../context.ts';
import type { NodeId } from '../id.ts';
import type { FailureDetector } from '../membership/failure-detector.ts';
import type { Membership } from '../membership/membership.ts';
import type { Ack, Reply, Routed } from '../messages.ts';
import { send } from '../reachability/outbox.ts';
import { ackTimeout } from '../tables/peers.ts';

/** A hop that failed this often is given up; the origin's own retry takes over. */
const MAX_ATTEMPTS = 8;

/** Transmissions awaiting an acknowledgement: a busy node has some hundred, each for less than a second. */
export const MAX_HOPS = 4_096;

/** A message without the token, which each transmission gets anew. */
export type Untransmitted = Omit<Routed, 'token'>;
export type Untokened = Untransmitted | Omit<Reply, 'token'>;

/** What becomes of a message now: it goes to `to`; this node itself turned out to be its root; or nobody takes it. */
export type Step =
  | { readonly type: 'next'; readonly to: NodeId }
  | { readonly type: 'here' }
  | { readonly type: 'nowhere' };

/** Decides the next step, and does nothing; `tried` missed their acks. */
export type Choose = (tried: ReadonlySet<NodeId>) => Step;

/** For what nobody else may have. */
export function onlyTo(to: NodeId): Choose {
  return (tried) => (tried.has(to) ? { type: 'nowhere' } : { type: 'next', to });
}

interface Hop {
  readonly message: Untokened;
  readonly choose: Choose;
  readonly tried: Set<NodeId>;
  attempt: number;
  to: NodeId;
  token: number;
  /** When it left over an open link. */
  sentAt: Instant | undefined;
}

export class Hops {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #detector: FailureDetector;
  readonly #rooted: (message: Untransmitted) => void;
  readonly #hopByToken = new Map<number, Hop>();
  #lastToken = 0;

  /** `rooted`: those who were nearer to a message's key are gone, and this node is its root. */
  constructor(
    context: Context,
    membership: Membership,
    detector: FailureDetector,
    rooted: (message: Untransmitted) => void,
  ) {
    this.#context = context;
    this.#membership = membership;
    this.#detector = detector;
    this.#rooted = rooted;
  }

  /** Sends a message to `first`, and again to whom `choose` names, until a node acknowledges it. */
  transmit(message: Untokened, first: NodeId, choose: Choose): void {
    this.#send({ message, choose, tried: new Set(), attempt: 0, to: first, token: 0, sentAt: undefined });
  }

  /** Tells the sender of a transmission that it is here. */
  acknowledge(to: NodeId, token: number): void {
    send(this.#context, to, { type: 'ack', token, coordinate: this.#context.self.coordinate });
  }

  acknowledged(from: NodeId, ack: Ack): void {
    const hop = this.#hopByToken.get(ack.token);
    if (hop === undefined || hop.to !== from) return;
    this.#end(hop);
    if (hop.sentAt !== undefined) this.#membership.measured(from, this.#context.now - hop.sentAt, ack.coordinate);
  }

  /** Time for what waited for this link runs from now. */
  linkUp(nodeId: NodeId): void {
    for (const hop of this.#hopsTo(nodeId)) this.#wait(hop);
  }

  /** No answer will come from this node: what is under way to it goes another way. */
  lost(nodeId: NodeId): void {
    for (const hop of this.#hopsTo(nodeId)) {
      hop.tried.add(nodeId);
      this.#again(hop);
    }
  }

  /** After a freeze no timeout means anything: everything is sent again. */
  restart(): void {
    for (const hop of [...this.#hopByToken.values()]) this.#again(hop);
  }

  #hopsTo(nodeId: NodeId): Hop[] {
    const hops: Hop[] = [];
    for (const hop of this.#hopByToken.values()) if (hop.to === nodeId) hops.push(hop);
    return hops;
  }

  #send(hop: Hop): void {
    this.#lastToken += 1;
    hop.token = this.#lastToken;
    this.#hopByToken.set(hop.token, hop);
    this.#makeRoom();
    send(this.#context, hop.to, { ...hop.message, token: hop.token });
    this.#wait(hop);
  }

  /** The oldest is given up: its origin sends it again, if it is still wanted. */
  #makeRoom(): void {
    if (this.#hopByToken.size <= MAX_HOPS) return;
    const [oldest] = this.#hopByToken.values();
    if (oldest === undefined) return;
    this.#end(oldest);
    count(this.#context, 'hops-overflow');
  }

  #wait(hop: Hop): void {
    const { peers, now, timers, timing, self } = this.#context;
    const peer = peers.of(hop.to);
    const isReachable = peers.isReachable(hop.to);
    if (isReachable) hop.sentAt = now;
    // What could not be sent at all waits no longer than a lost message: a link may open meanwhile, from the other end.
    const timeoutMs =
      peer.link === 'opening' && !isReachable
        ? timing.linkTimeoutMs
        : Math.min(timing.ackTimeoutMaxMs, ackTimeout(peer, timing, self.coordinate) * 2 ** hop.attempt);
    timers.set({ kind: 'hop', key: hop.token }, now + timeoutMs, () => this.#timedOut(hop));
  }

  #timedOut(hop: Hop): void {
    hop.tried.add(hop.to);
    if (hop.sentAt === undefined) this.#detector.suspect(hop.to);
    else this.#detector.missedAck(hop.to);
    // Declaring the node silent may have moved this hop on already.
    if (this.#hopByToken.get(hop.token) === hop) this.#again(hop);
  }

  #again(hop: Hop): void {
    this.#end(hop);
    hop.attempt += 1;
    const step: Step = hop.attempt < MAX_ATTEMPTS ? hop.choose(hop.tried) : { type: 'nowhere' };
    switch (step.type) {
      case 'next':
        if (step.to !== hop.to) hop.sentAt = undefined;
        hop.to = step.to;
        return this.#send(hop);
      case 'here':
        if (hop.message.type === 'routed') this.#rooted(hop.message);
        return;
      case 'nowhere':
        return count(this.#context, 'hops-given-up');
      default:
        unreachable(step);
    }
  }

  #end(hop: Hop): void {
    this.#hopByToken.delete(hop.token);
    this.#context.timers.cancel({ kind: 'hop', key: hop.token });
  }
}
