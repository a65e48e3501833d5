// A hostile node: the real machine, so that it is a member like any other, and around it somebody who reads and changes
// what comes and goes. What it signs passes its own gate, so that it speaks for itself alone.

import type { Input, Inspection, Instant, Output } from '../../core/io.ts';
import type { Message } from '../../core/messages.ts';
import type { NodeId } from '../../core/pastry/id.ts';
import type { ReplyPayload, Routed } from '../../core/pastry/messages.ts';
import { UNKNOWN_COORDINATE } from '../../core/pastry/node-handle.ts';
import type { SimMachine } from '../host.ts';
import type { MachineOptions } from '../machine.ts';
import type { Colluders, Plan } from './colluders.ts';
import { falseAnswer, falseClosest } from './false-answers.ts';
import { falseCopies } from './false-copies.ts';
import { planFor } from './plans.ts';
import { twisted } from './twist.ts';

/** Far from the numbers that the machine itself gives to its transmissions. */
const FIRST_TOKEN = 2 ** 40;
/** Answers that pass by and get no further. */
const SWALLOWED_ANSWERS = 0.3;

export class HostileNode implements SimMachine {
  readonly #machine: SimMachine;
  readonly #colluders: Colluders;
  readonly #self: NodeId;
  readonly #half: number;
  readonly #replicas: number;
  #lastToken = FIRST_TOKEN;

  constructor(machine: SimMachine, { self, params, scheme }: MachineOptions, colluders: Colluders) {
    this.#machine = machine;
    this.#colluders = colluders;
    this.#self = self.nodeId;
    this.#half = params.leafSetSize / 2;
    this.#replicas = params.replicas;
    colluders.add(self, scheme);
  }

  get wakeAt(): Instant | undefined {
    return this.#machine.wakeAt;
  }

  inspect(): Inspection {
    return this.#machine.inspect();
  }

  carriersOf(nodeId: NodeId): readonly NodeId[] {
    return this.#machine.carriersOf?.(nodeId) ?? [];
  }

  handle(input: Input, now: Instant): readonly Output[] {
    if (input.type === 'message') this.#note(input.from, input.message);
    const instead = input.type === 'message' ? this.#intercept(input.from, input.message) : undefined;
    const outputs = instead ?? this.#machine.handle(input, now);
    return outputs.map((output) => this.#twist(output));
  }

  /** What is done in place of what the machine would do; undefined: nothing. */
  #intercept(from: NodeId, message: Message): readonly Output[] | undefined {
    if (message.type === 'routed' && message.route.at(-1) === from && message.payload.kind !== 'signal') {
      return this.#routed(from, message, this.#planFor(message));
    }
    if (!this.#colluders.has(from)) {
      const instead = falseCopies(message, this.#self, this.#replicas, this.#colluders);
      if (instead !== undefined) return instead.map((answer) => this.#send(from, answer));
    }
    const isMine = message.type === 'reply' && message.back.at(-1) === this.#self;
    if (message.type !== 'reply' || isMine || this.#colluders.planByMessage.get(message.id) !== undefined)
      return undefined;
    if (message.payload.kind === 'closest') return [];
    return this.#colluders.rng.chance(SWALLOWED_ANSWERS) ? [this.#ack(from, message.token)] : undefined;
  }

  /** A message that another colluder has lied about already is not lied about twice. */
  #planFor(message: Routed): Plan {
    const made = this.#colluders.planByMessage.get(message.id);
    if (made !== undefined) return made;
    const plan = planFor(message, this.#self, this.#colluders);
    this.#colluders.planByMessage.set(message.id, plan);
    return plan;
  }

  #routed(from: NodeId, message: Routed, plan: Plan): readonly Output[] | undefined {
    if (plan.type === 'pass') return undefined;
    if (message.payload.kind === 'closest') return this.#closest(message, message.payload.via.length, plan);
    const ack = this.#ack(from, message.token);
    if (plan.type === 'swallow') return [ack];
    const route = [...message.route, this.#self];
    if (plan.as !== this.#self) return [ack, this.#send(plan.as, { ...message, route, token: this.#nextToken() })];
    const answer = falseAnswer(message, route, plan, this.#half, this.#colluders);
    return answer === undefined ? [ack] : [ack, this.#reply(message, answer)];
  }

  /** A question of a search: what passes is lost; asked itself, it names its own. It is not acknowledged. */
  #closest(message: Routed, nodesToPass: number, plan: Plan): readonly Output[] {
    if (nodesToPass > 0 || plan.type === 'swallow') return [];
    const route = [...message.route, this.#self];
    const nodes = falseClosest(message.key, this.#self, plan, this.#colluders);
    return [this.#reply({ ...message, route }, { kind: 'closest', nodes, route })];
  }

  #reply({ id, key, route, payload: question }: Routed, payload: ReplyPayload): Output {
    const back = [...route].reverse();
    const asked = { key, payload: question };
    const reply = { type: 'reply', id, token: this.#nextToken(), back, payload, proof: undefined, asked } as const;
    return this.#send(back[0] ?? this.#self, reply);
  }

  #ack(to: NodeId, token: number): Output {
    return this.#send(to, { type: 'ack', token, coordinate: UNKNOWN_COORDINATE });
  }

  #send(to: NodeId, message: Message): Output {
    return { type: 'send', to, message };
  }

  #nextToken(): number {
    this.#lastToken += 1;
    return this.#lastToken;
  }

  #twist(output: Output): Output {
    if (output.type === 'status' && output.status === 'active') this.#colluders.joined(this.#self);
    if (output.type !== 'send') return output;
    return { ...output, message: twisted(output.message, this.#self, output.to, this.#half, this.#colluders) };
  }

  /** Where others say that they are. */
  #note(from: NodeId, message: Message): void {
    if ('self' in message) this.#colluders.placed(from, message.self.coordinate);
    if (message.type === 'ack') this.#colluders.placed(from, message.coordinate);
  }
}
