// What a node does with a routed message (Pastry, sections 2.3 and 2.4): acknowledge it, let the layer above see it, and
// decide; then it goes a hop further, or is delivered here. Answers go back the way the message came (replies.ts).

import { unreachable } from '../../assert.ts';
import { BoundedSet } from '../../bounded-map.ts';
import type { Application } from '../../past/ring.ts';
import { type Context, count, trace } from '../context.ts';
import { type NodeId, sharedPrefixLength } from '../id.ts';
import type { CellRepair } from '../maintenance/cell-repair.ts';
import type { Join } from '../membership/join.ts';
import type { ReplyPayload, Routed } from '../messages.ts';
import type { NodeHandle } from '../node-handle.ts';
import type { Signals } from '../reachability/signals.ts';
import { FAR_MS, proximity } from '../tables/peers.ts';
import type { ClosestQuestions } from './closest-questions.ts';
import { type Hops, onlyTo, type Untransmitted } from './hops.ts';
import type { Replies } from './replies.ts';
import { type Decision, decide, MAX_ROUTE } from './route.ts';
import { TrafficBudgets } from './traffic-budgets.ts';

/** Messages kept while this node may not deliver; more are dropped, and their origins send them again. */
const MAX_WAITING = 512;
/** How many messages a node remembers, to handle repeated ones once: a repetition comes within seconds. */
const MAX_SEEN = 2_048;

export interface ForwardingParts {
  readonly hops: Hops;
  readonly replies: Replies;
  readonly join: Join;
  readonly signals: Signals;
  readonly questions: ClosestQuestions;
  readonly cellRepair: CellRepair;
  readonly application: Application;
}

export class Forwarding {
  readonly #context: Context;
  readonly #parts: ForwardingParts;
  readonly #seen = new BoundedSet<string>(MAX_SEEN);
  readonly #budgets: TrafficBudgets;
  #waiting: Untransmitted[] = [];

  constructor(context: Context, parts: ForwardingParts) {
    this.#context = context;
    this.#parts = parts;
    this.#budgets = new TrafficBudgets(context);
  }

  receive(from: NodeId, message: Routed): void {
    if (message.payload.kind !== 'closest') this.#parts.hops.acknowledge(from, message.token);
    if (message.route.at(-1) !== from || message.route.length > MAX_ROUTE) {
      count(this.#context, 'routes-refused');
      return;
    }
    if (!this.#budgets.take(from, message.payload.kind)) return;
    // The same message over the same path is a repetition; over another path it was sent round somebody.
    const name = `${message.id}>${message.route.length}`;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    const { payload } = message;
    this.route(payload.kind === 'join' ? { ...message, payload: this.#parts.join.pass(payload, from) } : message);
  }

  /** Takes a message one hop further, whether it came from a peer or starts here (route is empty then). */
  route(received: Untransmitted): void {
    const { self, status } = this.#context;
    const { join, signals, questions, application, cellRepair } = this.#parts;
    const { id, key, payload } = received;
    const route = [...received.route, self.nodeId];
    const message = { ...received, route };
    if (payload.kind === 'signal') return signals.pass({ id, key, route, payload });
    if (payload.kind === 'closest') return questions.pass({ ...message, payload });
    const answer = status === 'active' ? application.forward(key, payload, route) : undefined;
    if (answer !== undefined) return this.#parts.replies.answer(message, answer);
    if (payload.kind === 'join' && join.isStranger) return this.#handToSponsor(message);
    const decision = this.#decide(message, new Set());
    this.#trace(message, decision);
    if (decision.rule === 'rare-case') cellRepair.wantFor(key);
    if (decision.rule === 'root') this.deliver(message);
    else this.#forward(message, decision.nextHop);
  }

  /** Sends a message of this node's own to `first`, which takes it on; if it does not, as any other. */
  routeBy(first: NodeId, message: Untransmitted): void {
    this.#forward({ ...message, route: [this.#context.self.nodeId] }, first);
  }

  /** This node is the root of a message, whose route ends here: it is answered, now or as soon as this node may deliver. */
  deliver(message: Untransmitted): void {
    if (this.#context.status === 'active') {
      const answer = this.#answerTo(message);
      if (answer !== undefined) this.#parts.replies.answer(message, answer);
    } else if (this.#waiting.length < MAX_WAITING) {
      this.#waiting.push({ ...message, route: message.route.slice(0, -1) });
    } else {
      count(this.#context, 'waiting-overflow');
    }
  }

  /** This node may deliver now. */
  activated(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) this.route(message);
  }

  #handToSponsor(message: Untransmitted): void {
    const { join, hops } = this.#parts;
    const { sponsor } = join;
    if (sponsor === undefined || message.route.includes(sponsor)) count(this.#context, 'joins-without-sponsor');
    else hops.transmit(message, sponsor, onlyTo(sponsor));
  }

  #forward(message: Untransmitted, nextHop: NodeId): void {
    this.#parts.hops.transmit(message, nextHop, (tried) => {
      const decision = this.#decide(message, tried);
      return decision.rule === 'root' ? { type: 'here' } : { type: 'next', to: decision.nextHop };
    });
  }

  /** The root's answer; undefined for none. */
  #answerTo({ key, payload, route }: Untransmitted): ReplyPayload | undefined {
    switch (payload.kind) {
      case 'lookup':
        return { kind: 'found', route };
      case 'join':
        return this.#parts.join.welcome(payload, route);
      case 'locate':
        return this.#parts.application.deliver(key, payload, route);
      case 'signal':
      case 'closest':
        return undefined; // go their own ways (signals.ts, closest-questions.ts)
      default:
        return unreachable(payload);
    }
  }

  /** Where a message whose route ends here goes next, if `tried` did not take it. */
  #decide(message: Untransmitted, tried: ReadonlySet<NodeId>): Decision {
    const { self, tables, peers } = this.#context;
    const joiner = message.payload.kind === 'join' ? message.payload.joiner.nodeId : undefined;
    const avoid = (nodeId: NodeId): boolean =>
      tried.has(nodeId) || peers.isSuspect(nodeId) || message.route.includes(nodeId);
    const distanceMs = (node: NodeHandle): number => proximity(self.coordinate, node, peers.get(node.nodeId)) ?? FAR_MS;
    return decide(
      self.nodeId,
      message.key,
      tables,
      avoid,
      joiner,
      this.#hasComeCloser(message) ? distanceMs : undefined,
    );
  }

  /** False if the last hop shared as long a prefix with the key: a detour, after which there is none. */
  #hasComeCloser({ key, route }: Untransmitted): boolean {
    const last = route.at(-2);
    if (last === undefined) return true;
    return sharedPrefixLength(last, key) < sharedPrefixLength(this.#context.self.nodeId, key);
  }

  #trace(message: Untransmitted, decision: Decision): void {
    trace(this.#context, {
      kind: 'routed',
      what: message.payload.kind,
      key: message.key,
      origin: message.route[0] ?? this.#context.self.nodeId,
      hop: message.route.length - 1,
      nextHop: decision.rule === 'root' ? undefined : decision.nextHop,
      rule: decision.rule,
    });
  }
}
