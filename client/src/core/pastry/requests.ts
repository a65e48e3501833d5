// Messages of this node's own that want an answer: sent again, end to end, until one comes or their time is up. Per-hop
// acks do not cover a node that dies with the message in its hands.

import type { Instant } from '../io.ts';
import type { Context } from './context.ts';
import type { Forwarding } from './forwarding.ts';
import type { Key } from './id.ts';
import type { ReplyPayload, RoutedPayload } from './messages.ts';

interface Request {
  readonly key: Key;
  readonly payload: RoutedPayload;
  readonly deadline: Instant;
  readonly answered: (reply: ReplyPayload) => void;
  readonly failed: () => void;
}

export class Requests {
  readonly #context: Context;
  readonly #forwarding: () => Forwarding;
  readonly #requestByNumber = new Map<number, Request>();
  #lastNumber = 0;
  #lastSending = 0;

  constructor(context: Context, forwarding: () => Forwarding) {
    this.#context = context;
    this.#forwarding = forwarding;
  }

  /** Routes to the root of `key`; calls back once, unless this node leaves first. */
  start(
    key: Key,
    payload: RoutedPayload,
    timeoutMs: number,
    answered: (reply: ReplyPayload) => void,
    failed: () => void,
  ): void {
    this.#lastNumber += 1;
    this.#requestByNumber.set(this.#lastNumber, {
      key,
      payload,
      deadline: this.#context.now + timeoutMs,
      answered,
      failed,
    });
    this.#send(this.#lastNumber);
  }

  /** An answer to message `id` came. Returns false if it is no request's, or was answered before. */
  answered(id: string, payload: ReplyPayload): boolean {
    const number = Number(id.split('.')[1]);
    const request = this.#requestByNumber.get(number);
    if (request === undefined || !id.startsWith(`${this.#context.self.nodeId}.`)) return false;
    this.#end(number);
    request.answered(payload);
    return true;
  }

  /** Gives everything up: this node leaves. */
  failAll(): void {
    for (const [number, request] of [...this.#requestByNumber]) {
      this.#end(number);
      request.failed();
    }
  }

  /** A new id for a message of this node's; the epoch keeps it apart from those of a former life. */
  nextId(number = 0): string {
    this.#lastSending += 1;
    const { nodeId, epoch } = this.#context.self;
    return `${nodeId}.${number}.${epoch}.${this.#lastSending}`;
  }

  #send(number: number): void {
    const request = this.#requestByNumber.get(number);
    const { now, timers, timing } = this.#context;
    if (request === undefined) return;
    if (now >= request.deadline) {
      this.#end(number);
      request.failed();
      return;
    }
    const next = Math.min(request.deadline, now + timing.requestRetryMs);
    timers.set(`request:${number}`, next, () => this.#send(number));
    const { key, payload } = request;
    this.#forwarding().route({ type: 'routed', id: this.nextId(number), key, route: [], payload });
  }

  #end(number: number): void {
    this.#requestByNumber.delete(number);
    this.#context.timers.cancel(`request:${number}`);
  }
}
