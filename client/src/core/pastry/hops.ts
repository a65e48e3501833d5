// One hop, made reliable (MSPastry, section 3.2): each transmission is acknowledged by the next node; a missed ack makes
// that node suspect and the message goes another way. Only the last hop, to the root, has no other way: it is repeated
// until the root answers or is found dead, because any other node would deliver a key that is not its own.

import type { Instant } from '../io.ts';
import { type Context, count, send } from './context.ts';
import type { NodeId } from './id.ts';
import type { Membership } from './membership.ts';
import type { Ack, Reply, Routed } from './messages.ts';
import { ackTimeout } from './peers.ts';
import type { Probing } from './probing.ts';

/** A hop that failed this often is given up; the origin's own retry takes over. */
const MAX_ATTEMPTS = 8;

/** A message without the token, which each transmission gets anew. */
export type Untokened = Omit<Routed, 'token'> | Omit<Reply, 'token'>;

/** Names the node for the next attempt, or undefined if there is none; `tried` missed their acks. */
export type Choose = (tried: ReadonlySet<NodeId>) => NodeId | undefined;

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
  readonly #probing: Probing;
  readonly #hopByToken = new Map<number, Hop>();
  #lastToken = 0;

  constructor(context: Context, membership: Membership, probing: Probing) {
    this.#context = context;
    this.#membership = membership;
    this.#probing = probing;
  }

  /** Sends a message to the node that `choose` names, and again until a node acknowledges it. */
  transmit(message: Untokened, choose: Choose): void {
    const tried = new Set<NodeId>();
    const to = choose(tried);
    if (to === undefined) return;
    this.#send({ message, choose, tried, attempt: 0, to, token: 0, sentAt: undefined });
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
    send(this.#context, hop.to, { ...hop.message, token: hop.token });
    this.#wait(hop);
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
    timers.set(`hop:${hop.token}`, now + timeoutMs, () => this.#timedOut(hop));
  }

  #timedOut(hop: Hop): void {
    hop.tried.add(hop.to);
    if (hop.sentAt === undefined) this.#probing.suspect(hop.to);
    else this.#probing.missedAck(hop.to);
    // Declaring the node silent may have moved this hop on already.
    if (this.#hopByToken.get(hop.token) === hop) this.#again(hop);
  }

  #again(hop: Hop): void {
    this.#end(hop);
    hop.attempt += 1;
    const to = hop.attempt < MAX_ATTEMPTS ? hop.choose(hop.tried) : undefined;
    if (to === undefined) {
      count(this.#context, 'hops-given-up');
      return;
    }
    if (to !== hop.to) hop.sentAt = undefined;
    hop.to = to;
    this.#send(hop);
  }

  #end(hop: Hop): void {
    this.#hopByToken.delete(hop.token);
    this.#context.timers.cancel(`hop:${hop.token}`);
  }
}
