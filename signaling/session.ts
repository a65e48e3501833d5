// One tab's socket: checks each event against its schema and the rates, and does what it asks for.
// Anything may arrive here: what is refused is counted, answered if there is a way to, and never throws.

import type { Server, Socket } from 'socket.io';
import * as v from 'valibot';
import { idFromPrefix, type NodeId } from '../client/src/core/pastry/id.ts';
import type { RingParams } from '../client/src/core/pastry/params.ts';
import { TokenBucket } from '../client/src/core/token-bucket.ts';
import { toBase64url } from '../client/src/trust/base64url.ts';
import type { EntryTerms } from '../client/src/trust/ring-entry.ts';
import type { AddressBudget, AddressBudgets } from './address-budgets.ts';
import { type RemovalReason, removedLine } from './console.ts';
import { type Directory, DirectoryAway } from './directory.ts';
import type { FarFrameEvents } from './far-frames.ts';
import type { FrameRelay } from './frame-relay.ts';
import { relayFrame } from './frame-requests.ts';
import type { Holders } from './holders.ts';
import { FRAME_RATE, OWN_REQUEST_RATE, REFUSAL_RATE, REQUEST_RATE } from './limits.ts';
import type { Log } from './logging.ts';
import type { Metrics } from './metrics.ts';
import {
  type ClientToServerEvents,
  DISCOVERY_PROTOCOL,
  type Hello,
  HelloRequest,
  type IceAnswer,
  LeaveRequest,
  RELOAD_MESSAGE,
  RenewRequest,
  type ServerToClientEvents,
  SignalRequest,
} from './protocol.ts';
import type { Random } from './random.ts';
import { type Answered, firstIssue, NO_SUCH_TAB, NOT_REGISTERED, refused } from './refusals.ts';
import type { Asker, Registrar } from './registrar.ts';
import type { Peer } from './registration.ts';
import type { Visitor } from './visitors.ts';

export type TabServer = Server<ClientToServerEvents, ServerToClientEvents, FarFrameEvents>;
export type TabSocket = Socket<ClientToServerEvents, ServerToClientEvents, FarFrameEvents>;

/** What all sessions share. */
export interface SessionContext {
  readonly directory: Directory;
  readonly registrar: Registrar;
  readonly budgets: AddressBudgets;
  readonly params: RingParams;
  /** Of a closed ring: how its secrets become keys. */
  readonly entry: { readonly terms: EntryTerms } | undefined;
  /** The ring's public key, and its time in seconds since 1970. */
  readonly authority: { readonly ringKey: string; readonly seconds: number };
  /** What the Discovery node is and serves, for nodes that may be older. */
  readonly versions: Pick<Hello, 'page' | 'release'>;
  readonly random: Random;
  /** STUN and TURN servers for this tab. */
  readonly iceAnswer: (nodeId: NodeId) => IceAnswer;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  readonly holders: Holders;
  /** Undefined: frames are not relayed here. */
  readonly frameRelay: FrameRelay | undefined;
}

type Answer = (answer: unknown) => void;

/** Events that are answered, by name. */
const EVENTS = ['hello', 'register', 'renew', 'signal', 'frame', 'sponsor', 'ice-servers'] as const;
type EventName = (typeof EVENTS)[number];

export class Session {
  readonly #socket: TabSocket;
  readonly #visitor: Visitor;
  readonly #context: SessionContext;
  readonly #requests: TokenBucket;
  readonly #ownRequests: TokenBucket;
  readonly #frames: TokenBucket;
  readonly #refusals: TokenBucket;
  readonly #addressBudget: AddressBudget;
  #challenge: string | undefined;
  /** A registration or renewal is being checked or signed. */
  #isProving = false;
  /** How often it has left: a registration that is still being checked then must not come after. */
  #departures = 0;

  constructor(socket: TabSocket, visitor: Visitor, context: SessionContext) {
    this.#socket = socket;
    this.#visitor = visitor;
    this.#context = context;
    this.#requests = new TokenBucket(REQUEST_RATE, context.now());
    this.#ownRequests = new TokenBucket(OWN_REQUEST_RATE, context.now());
    this.#frames = new TokenBucket(FRAME_RATE, context.now());
    this.#refusals = new TokenBucket(REFUSAL_RATE, context.now());
    this.#addressBudget = context.budgets.of(visitor.address);
  }

  /** Takes one event as it came from the network. */
  dispatch(event: string, parameters: readonly unknown[]): void {
    // Events that were already on their way when the socket closed must not register it again.
    if (!this.#socket.connected) return;
    this.#context.directory.seen(this.#socket.id, this.#context.now());
    const last = parameters.at(-1);
    const answer = isAnswer(last) ? last : undefined;
    const name = EVENTS.find((each) => each === event);
    if (!this.#mayAsk(name)) {
      this.#refuse(answer, refused('rate-limited', 'Too many requests. Wait a second, then try again.'));
    } else if (event === 'leave') {
      this.#leave(parameters[0]);
    } else if (name === undefined) {
      this.#refuse(answer, refused('bad-request', 'There is no such event.', { counter: 'unknown-event' }));
    } else if (answer === undefined) {
      const problem = 'The event wants an acknowledgement.';
      this.#refuse(answer, refused('bad-request', problem, { counter: 'no-acknowledgement' }));
    } else {
      this.#take(name, parameters[0], this.#timed(name, answer));
    }
  }

  /** Frees the socket's place, if it still holds one; `freesId`: its id too. Never rejects. */
  async end(reason: RemovalReason, freesId = false): Promise<void> {
    const { directory, metrics, log } = this.#context;
    const removal = Promise.resolve(directory.remove(this.#socket.id, freesId));
    // A shared directory that cannot be reached hears of it when it can.
    const peer = await removal.catch(() => undefined);
    if (peer === undefined || peer.role === 'client') return;
    metrics.removed(reason);
    const { nodeId } = peer;
    log(removedLine(nodeId, reason, directory.size), { event: 'removed', nodeId, reason, peers: directory.size });
  }

  #timed(event: EventName, answer: Answer): Answer {
    const { now, metrics } = this.#context;
    const arrivedAt = now();
    return (answered) => {
      metrics.answered(event, (now() - arrivedAt) / 1000);
      answer(answered);
    };
  }

  /** By the socket's own rate, and beyond its own small part by what its address has left. */
  #mayAsk(name: EventName | undefined): boolean {
    const now = this.#context.now();
    // These are bounded in bytes as well, for each pair and in all.
    const isFrame = name === 'frame' && this.#context.frameRelay !== undefined && this.#peer !== undefined;
    if (isFrame) return this.#frames.take(now);
    if (!this.#requests.take(now)) return false;
    return this.#ownRequests.take(now) || this.#addressBudget.requests.take(now);
  }

  #take(event: EventName, request: unknown, answer: Answer): void {
    switch (event) {
      case 'hello':
        return this.#settle(answer, this.#hello(request));
      case 'register':
        return this.#prove(answer, () => this.#context.registrar.register(request, this.#asker));
      case 'renew':
        return this.#prove(answer, () => this.#renew(request));
      case 'signal':
        return this.#settleLater(answer, this.#signal(request));
      case 'frame':
        return this.#settleLater(answer, relayFrame(request, this.#peer, this.#context));
      case 'sponsor':
        return this.#settleLater(answer, this.#sponsor());
      case 'ice-servers':
        return this.#settle(answer, this.#iceServers());
    }
  }

  get #asker(): Asker {
    const { address, mayChooseId } = this.#visitor;
    const socket = this.#socket;
    const departures = this.#departures;
    return {
      ...{ address, mayChooseId, holder: socket.id, challenge: this.#challenge },
      isThere: () => socket.connected && this.#departures === departures,
    };
  }

  #hello(request: unknown): Answered<Hello> {
    const { authority, params, entry, random, versions, frameRelay } = this.#context;
    if (!v.is(HelloRequest, request))
      return refused('bad-request', RELOAD_MESSAGE, { counter: 'earlier-version', removal: RELOAD_MESSAGE });
    this.#challenge ??= toBase64url(Buffer.from(random.hex(2 * CHALLENGE_BYTES), 'hex'));
    const { ringKey, seconds } = authority;
    const challenge = this.#challenge;
    const door = entry === undefined ? {} : { entry: entry.terms };
    const relay = frameRelay === undefined ? {} : { relay: true as const };
    const ring = { ringKey, time: seconds, challenge, params };
    return { answer: { version: DISCOVERY_PROTOCOL, ...ring, ...door, ...relay, ...versions } };
  }

  #renew(request: unknown): ReturnType<Registrar['renew']> {
    if (v.is(RenewRequest, request)) return this.#context.registrar.renew(this.#asker);
    return Promise.resolve(refused('bad-request', 'A renewal names nothing.'));
  }

  #leave(request: unknown): void {
    this.#departures += 1;
    const parsed = v.safeParse(LeaveRequest, request);
    void this.end('left', !(parsed.success && parsed.output.comesBack === true));
  }

  async #signal(request: unknown): Promise<Answered<{ readonly relayed: true }>> {
    const { directory, metrics, params, holders } = this.#context;
    const parsed = v.safeParse(SignalRequest, request);
    if (!parsed.success) return refused('bad-request', `The signal is malformed: ${firstIssue(parsed.issues)}.`);
    const sender = this.#peer;
    if (sender === undefined) return NOT_REGISTERED;
    const { to: text, signal } = parsed.output;
    const to = text.length === params.digits ? idFromPrefix(text, params.digits) : undefined;
    const target = to === undefined ? undefined : await directory.signalled(sender.nodeId, to);
    if (target === undefined || !holders.signal(target.holder, { from: sender.nodeId, signal })) return NO_SUCH_TAB;
    metrics.count('relayed');
    return { answer: { relayed: true } };
  }

  async #sponsor(): Promise<Answered<{ readonly sponsor?: string }>> {
    const { directory, metrics, now } = this.#context;
    if (this.#peer === undefined) return NOT_REGISTERED;
    metrics.count('sponsors');
    const sponsor = await directory.sponsorFor(this.#socket.id, now());
    return { answer: sponsor === undefined ? {} : { sponsor } };
  }

  #iceServers(): Answered<IceAnswer> {
    const peer = this.#peer;
    return peer === undefined ? NOT_REGISTERED : { answer: this.#context.iceAnswer(peer.nodeId) };
  }

  get #peer(): Peer | undefined {
    return this.#context.directory.peerByHolder(this.#socket.id);
  }

  /** One after the other: what a socket proves costs the Discovery node more than the socket. */
  #prove(answer: Answer, request: () => Promise<Answered<unknown>>): void {
    if (this.#isProving) {
      this.#refuse(answer, refused('rate-limited', 'Your last registration is still being checked.'));
      return;
    }
    this.#isProving = true;
    const proof = request().finally(() => {
      this.#isProving = false;
    });
    this.#settleLater(answer, proof);
  }

  #settleLater(answer: Answer, outcome: Promise<Answered<unknown>>): void {
    outcome
      .then((settled) => this.#settle(answer, settled))
      .catch((error: unknown) => {
        if (error instanceof DirectoryAway) {
          this.#refuse(answer, DIRECTORY_AWAY);
          return;
        }
        this.#context.metrics.count('failures');
        this.#context.log(`a request failed: ${String(error)}`, { event: 'failure', why: String(error) });
        this.#socket.disconnect(true); // the tab comes back and asks again
      });
  }

  #settle(answer: Answer, outcome: Answered<unknown>): void {
    if (outcome.refused === undefined) answer(outcome.answer);
    else this.#refuse(answer, outcome);
  }

  /** Says no and counts it; a tab that makes the Discovery node say no too often is cut off. */
  #refuse(answer: Answer | undefined, { refused: refusal, counter, removal }: ReturnType<typeof refused>): void {
    this.#context.metrics.count(counter);
    answer?.(refusal);
    if (removal !== undefined) this.#socket.emit('removed', removal);
    // A proof may still have been checked when the socket was cut off: that counts once.
    if (!this.#socket.connected) return;
    // Not refused as abuse: tabs come and go, so an honest tab asks for absent ones too.
    if (refusal.error.code === 'unknown-peer' || this.#refusals.take(this.#context.now())) return;
    this.#context.metrics.count('cut-off');
    void this.end('too many refused requests');
    this.#socket.disconnect(true);
  }
}

const DIRECTORY_AWAY = refused(
  'rate-limited',
  'The Discovery nodes of this ring cannot reach what they share. Come again in 2 seconds.',
  { counter: 'directory-away', retrySeconds: 2 },
);

/** Nobody can have had it signed before. */
const CHALLENGE_BYTES = 32;

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'function';
}
