// Answers to routed messages: straight to who asked if there is a link, else back the way the message came, over links that
// are open already, past whoever of it does not take them. One that has come home is given to whoever asked, if it is the word of the node that it says it is of.

import { type Context, count, isAcquainted } from '../context.ts';
import type { NodeId } from '../id.ts';
import type { Reply, ReplyPayload } from '../messages.ts';
import { send } from '../reachability/outbox.ts';
import { NO_TOKEN } from './closest-questions.ts';
import type { Choose, Hops, Untransmitted } from './hops.ts';
import { MAX_ROUTE } from './route.ts';

/** Without what each transmission gets anew. */
type Untokened = Omit<Reply, 'type' | 'token'>;

/** Takes the answer to this node's own message `id`. */
export type Answered = (id: string, payload: ReplyPayload) => void;

export class Replies {
  readonly #context: Context;
  readonly #hops: Hops;
  readonly #answered: Answered;

  constructor(context: Context, hops: Hops, answered: Answered) {
    this.#context = context;
    this.#hops = hops;
    this.#answered = answered;
  }

  /** Answers a message whose route ends here. */
  answer({ id, key, payload: question, route }: Untransmitted, payload: ReplyPayload): void {
    const asked = { key, payload: question };
    this.#handOn({ id, back: [...route].reverse(), payload, proof: undefined, asked }, this.#context.self.nodeId);
  }

  receive(from: NodeId, reply: Reply): void {
    if (reply.payload.kind !== 'closest') this.#hops.acknowledge(from, reply.token);
    this.#handOn(reply, reply.proof?.by);
  }

  /**
   * Sends an answer to the origin itself, the last of `back`, if a link to it is open: then it needs no signature either.
   * Else to the first node of `back` that takes it.
   */
  sendBack({ id, back, payload, proof, asked }: Untokened): void {
    const { peers } = this.#context;
    // For the sake of a signal no link is opened; nor is one for any answer to a node that only its way back names.
    const mayTake = (nodeId: NodeId): boolean =>
      peers.isOpen(nodeId) || (payload.kind !== 'signal' && isAcquainted(this.#context, nodeId));
    const origin = back.at(-1);
    const wayBack = origin !== undefined && peers.isOpen(origin) ? [origin, ...back] : back;
    const choose: Choose = (tried) => {
      const to = wayBack.find((nodeId) => !tried.has(nodeId) && mayTake(nodeId));
      return to === undefined ? { type: 'nowhere' } : { type: 'next', to };
    };
    const first = choose(new Set());
    const reply = { type: 'reply', id, back, payload, proof, ...(asked === undefined ? {} : { asked }) } as const;
    if (first.type !== 'next') return;
    if (payload.kind === 'closest') send(this.#context, first.to, { ...reply, token: NO_TOKEN });
    else this.#hops.transmit(reply, first.to, choose);
  }

  /** What lies between the last mention of this node on the way back and the origin is still to pass. */
  #handOn(reply: Untokened, by: NodeId | undefined): void {
    const { nodeId } = this.#context.self;
    const back = reply.back.slice(reply.back.lastIndexOf(nodeId) + 1);
    if (back.length > MAX_ROUTE) return count(this.#context, 'routes-refused');
    if (back.length > 0) return this.sendBack({ ...reply, back });
    if (isProved(reply.payload, by, nodeId)) this.#answered(reply.id, reply.payload);
    else count(this.#context, 'answers-of-others');
  }
}

/**
 * True if `by`, who has proved it, is the node that the answer says it is of: the last of a route that began at `origin`,
 * who asked. What signals bring proves itself (links/).
 */
export function isProved(payload: ReplyPayload, by: NodeId | undefined, origin: NodeId): boolean {
  return payload.kind === 'signal' || (payload.route.at(-1) === by && payload.route[0] === origin);
}
