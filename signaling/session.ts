// One tab's socket: checks each event against its schema and the rates, and does what it asks for.
// Anything may arrive here: what is refused is counted, answered if there is a way to, and never throws.

import type { Server, Socket } from 'socket.io';
import * as v from 'valibot';
import { type Id, idFromPrefix } from '../client/src/core/pastry/id.ts';
import type { RingParams } from '../client/src/core/pastry/params.ts';
import { type RemovalReason, registeredLine, removedLine } from './console.ts';
import type { Directory, Peer, RegistrationOutcome } from './directory.ts';
import { REFUSAL_RATE, REQUEST_RATE } from './limits.ts';
import type { Log } from './logging.ts';
import type { CounterName, Metrics } from './metrics.ts';
import {
  type ClientToServerEvents,
  type IceAnswer,
  type Refusal,
  RegisterRequest,
  type Registration,
  type ServerToClientEvents,
  SignalRequest,
} from './protocol.ts';
import { TokenBucket } from './token-bucket.ts';

export type TabServer = Server<ClientToServerEvents, ServerToClientEvents>;
export type TabSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

/** What all sessions share. */
export interface SessionContext {
  readonly directory: Directory;
  readonly params: RingParams;
  /** STUN and TURN servers for this tab. */
  readonly iceAnswer: (nodeId: Id) => IceAnswer;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  readonly sockets: ReadonlyMap<string, TabSocket>;
}

type RefusalCode = Refusal['error']['code'];
type Answer = (answer: unknown) => void;

export class Session {
  readonly #socket: TabSocket;
  readonly #address: string;
  readonly #context: SessionContext;
  readonly #requests: TokenBucket;
  readonly #refusals: TokenBucket;

  constructor(socket: TabSocket, address: string, context: SessionContext) {
    this.#socket = socket;
    this.#address = address;
    this.#context = context;
    this.#requests = new TokenBucket(REQUEST_RATE, context.now());
    this.#refusals = new TokenBucket(REFUSAL_RATE, context.now());
  }

  /** Takes one event as it came from the network. */
  dispatch(event: string, parameters: readonly unknown[]): void {
    // Events that were already on their way when the socket closed must not register it again.
    if (!this.#socket.connected) return;
    const { directory, now } = this.#context;
    directory.seen(this.#socket.id, now());
    const last = parameters.at(-1);
    const answer = isAnswer(last) ? last : undefined;
    if (!this.#requests.take(now())) {
      this.#refuse(answer, 'rate-limited', 'Too many requests. Wait a second, then try again.');
      return;
    }
    if (event === 'leave') {
      this.end('left');
      return;
    }
    if (event !== 'register' && event !== 'signal' && event !== 'sponsor' && event !== 'ice-servers') {
      this.#refuse(answer, 'bad-request', 'There is no such event.', 'unknown-event');
    } else if (answer === undefined) {
      this.#refuse(answer, 'bad-request', 'The event wants an acknowledgement.', 'no-acknowledgement');
    } else if (event === 'register') {
      this.#register(parameters[0], answer);
    } else if (event === 'signal') {
      this.#signal(parameters[0], answer);
    } else if (event === 'sponsor') {
      this.#sponsor(answer);
    } else {
      this.#iceServers(answer);
    }
  }

  /** Frees the id, if this socket still holds one. */
  end(reason: RemovalReason): void {
    const { directory, metrics, log } = this.#context;
    const peer = directory.remove(this.#socket.id);
    if (peer === undefined) return;
    metrics.count('removed');
    const { nodeId } = peer;
    log(removedLine(nodeId, reason, directory.size), { event: 'removed', nodeId, reason, peers: directory.size });
  }

  #register(request: unknown, answer: Answer): void {
    const { directory, params, now } = this.#context;
    const parsed = v.safeParse(RegisterRequest, request);
    if (!parsed.success) {
      this.#refuse(answer, 'bad-request', `The registration is malformed: ${firstIssue(parsed.issues)}.`);
      return;
    }
    const { secret, device } = parsed.output;
    const wantedId =
      parsed.output.wantedId === undefined ? undefined : idFromPrefix(parsed.output.wantedId, params.digits);
    if (parsed.output.wantedId !== undefined && wantedId === undefined) {
      this.#refuse(answer, 'bad-request', `An id of this ring has at most ${params.digits} hex digits.`);
      return;
    }
    const holder = this.#socket.id;
    const current = directory.peerByHolder(holder);
    if (current !== undefined && (wantedId === undefined || wantedId === current.nodeId)) {
      // The same socket again, as after an answer that came too late: it has its id already.
      answer(this.#registration(current, true, directory.sponsorFor(holder, now())));
      return;
    }
    this.end('asked for another id');
    const outcome = directory.register({ wantedId, secret, device, address: this.#address, holder }, now());
    if (outcome.type === 'full') {
      this.#refuse(answer, 'rate-limited', fullMessage(outcome.reason, params.digits));
      return;
    }
    this.#welcome(outcome, answer);
  }

  #welcome(outcome: RegistrationOutcome & { readonly type: 'registered' }, answer: Answer): void {
    const { directory, metrics, log, sockets } = this.#context;
    if (outcome.displaced !== undefined) {
      metrics.count('displaced');
      sockets.get(outcome.displaced)?.disconnect(true);
    }
    metrics.count('registered');
    const { nodeId } = outcome.peer;
    log(registeredLine(nodeId, directory.size), { event: 'registered', nodeId, peers: directory.size });
    answer(this.#registration(outcome.peer, outcome.wantedIdGranted, outcome.sponsor));
  }

  #registration(peer: Peer, wantedIdGranted: boolean, sponsor: Id | undefined): Registration {
    const { params, iceAnswer } = this.#context;
    const { nodeId, secret } = peer;
    const answer = { nodeId, wantedIdGranted, secret, params, ...iceAnswer(nodeId) };
    return sponsor === undefined ? answer : { ...answer, sponsor };
  }

  #signal(request: unknown, answer: Answer): void {
    const { directory, metrics, params, sockets } = this.#context;
    const parsed = v.safeParse(SignalRequest, request);
    if (!parsed.success) {
      this.#refuse(answer, 'bad-request', `The signal is malformed: ${firstIssue(parsed.issues)}.`);
      return;
    }
    const sender = this.#registeredPeer(answer);
    if (sender === undefined) return;
    const to = parsed.output.to.length === params.digits ? idFromPrefix(parsed.output.to, params.digits) : undefined;
    const target = to === undefined ? undefined : directory.peerById(to);
    const socket = target === undefined ? undefined : sockets.get(target.holder);
    if (socket === undefined) {
      // Not refused as abuse: tabs come and go, so an honest tab asks for absent ones too.
      metrics.count('unknown-peer');
      answer(refusal('unknown-peer', 'No tab of this id is registered.'));
      return;
    }
    socket.emit('signal', { from: sender.nodeId, signal: parsed.output.signal });
    metrics.count('relayed');
    answer({ relayed: true });
  }

  #sponsor(answer: Answer): void {
    const { directory, metrics, now } = this.#context;
    if (this.#registeredPeer(answer) === undefined) return;
    metrics.count('sponsors');
    const sponsor = directory.sponsorFor(this.#socket.id, now());
    answer(sponsor === undefined ? {} : { sponsor });
  }

  #iceServers(answer: Answer): void {
    const peer = this.#registeredPeer(answer);
    if (peer !== undefined) answer(this.#context.iceAnswer(peer.nodeId));
  }

  #registeredPeer(answer: Answer): Peer | undefined {
    const peer = this.#context.directory.peerByHolder(this.#socket.id);
    if (peer === undefined) this.#refuse(answer, 'not-registered', 'Register first.');
    return peer;
  }

  /** Says no and counts it; a tab that makes the Discovery node say no too often is cut off. */
  #refuse(answer: Answer | undefined, code: RefusalCode, message: string, counter: CounterName = code): void {
    this.#context.metrics.count(counter);
    answer?.(refusal(code, message));
    if (this.#refusals.take(this.#context.now())) return;
    this.#context.metrics.count('cut-off');
    this.end('too many refused requests');
    this.#socket.disconnect(true);
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'function';
}

function refusal(code: RefusalCode, message: string): Refusal {
  return { error: { code, message } };
}

function firstIssue(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const path = v.getDotPath(issues[0]);
  return path === null ? issues[0].message : `${path}: ${issues[0].message}`;
}

function fullMessage(reason: 'peers' | 'address' | 'ids', digits: number): string {
  switch (reason) {
    case 'peers':
      return 'The Discovery node has as many tabs as it can bear. Try again later.';
    case 'address':
      return 'Too many tabs are registered from your network address. Close some, then try again.';
    case 'ids':
      return `All ids of ${digits} hex digits are taken. Close some tabs, then try again.`;
  }
}
