// A tab's side of the Discovery node: registers, stays registered for ever under its own id, carries signals and asks for
// sponsors. Answers are validated like everything that comes from outside.

import { io, type Socket } from 'socket.io-client';
import * as v from 'valibot';
import { type ClientToServerEvents, RelayedSignal, type ServerToClientEvents } from '../../../signaling/protocol.ts';
import { isId, type NodeId } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import { PeerError } from '../peer/errors.ts';
import type { Discovery } from '../peer/ports.ts';
import { answerOf, Refused, type Registered, Relayed, refusal, Sponsor, toRegistered } from './discovery-answers.ts';
import { IceList } from './ice-list.ts';
import { type Signalling, SignallingError } from './signalling.ts';
import type { IceServer } from './webrtc-connection.ts';

export interface SignalingClientOptions {
  /** Where the Discovery node listens, such as location.origin. */
  readonly url: string;
  /** An id or hex prefix to ask for. */
  readonly wantedId: string | undefined;
  /** Proves that wantedId was this tab's before. */
  readonly secret: string | undefined;
  readonly device: string;
  readonly events: SignalingClientEvents;
  /** Gives up waiting for the first registration. */
  readonly signal?: AbortSignal;
  /** Milliseconds between attempts to reconnect; doubled from least to most, with jitter. */
  readonly backoffMs?: { readonly least: number; readonly most: number };
}

export interface SignalingClientEvents {
  /** Registered under `nodeId`, for the first time or again. */
  registered(nodeId: NodeId): void;
  /** The Discovery node cannot be reached; it is tried again without end. Told once for each absence. */
  away(message: string): void;
  /** The operator removed this tab: it should hand off and leave. There will be no attempt to register again. */
  removed(reason: string): void;
  /** While the Discovery node was away another tab got this tab's id. There will be no attempt to register again. */
  idLost(): void;
}

/** Between attempts to reconnect: soon after a short break, and seldom enough that a restarted server is not overrun. */
const BACKOFF_MS = { least: 500, most: 10_000 };
/** How long an answer may take: a loaded server and a slow mobile network included. */
const ANSWER_TIMEOUT_MS = 10_000;
/** Between the last word and the end of the connection: Socket.IO's server drops an event that it reads together with its end. */
const LEAVE_GRACE_MS = 200;

/** Connects and registers; resolves with the first registration. Rejects with a PeerError: bad-id (the wanted id), discovery-unreachable (aborted). */
export function connectToDiscovery(options: SignalingClientOptions): Promise<SignalingClient> {
  return new Promise((resolve, reject) => new SignalingClient(options, resolve, reject));
}

export class SignalingClient implements Discovery, Signalling {
  readonly #options: SignalingClientOptions;
  readonly #socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  readonly #settle: { resolve(client: SignalingClient): void; reject(error: PeerError): void };
  readonly #ice = new IceList(() =>
    this.#ask(() => this.#socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('ice-servers')),
  );
  #registered: Registered | undefined;
  /** registered: signals pass; away: being tried again; over: left, removed or lost. */
  #state: 'registered' | 'away' | 'over' = 'away';
  #toldAway = false;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #retries = 0;
  #handler: ((from: NodeId, signal: string) => void) | undefined;
  #malformed = 0;

  /** Use connectToDiscovery. */
  constructor(
    options: SignalingClientOptions,
    resolve: (client: SignalingClient) => void,
    reject: (error: PeerError) => void,
  ) {
    this.#options = options;
    this.#settle = { resolve, reject };
    const { least, most } = options.backoffMs ?? BACKOFF_MS;
    this.#socket = io(options.url, {
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      forceNew: true,
      reconnectionDelay: least,
      reconnectionDelayMax: most,
      timeout: ANSWER_TIMEOUT_MS,
    });
    this.#socket.on('connect', () => void this.#register());
    this.#socket.on('disconnect', (reason) => this.#disconnected(reason));
    this.#socket.on('connect_error', (error) => this.#notConnected(error.message));
    this.#socket.on('signal', (relayed) => this.#signalArrived(relayed));
    this.#socket.on('removed', (reason) => this.#end(() => options.events.removed(String(reason).slice(0, 200))));
    options.signal?.addEventListener('abort', this.#aborted);
    if (options.signal?.aborted === true) this.#aborted();
  }

  get params(): RingParams {
    return this.#registration.params;
  }

  get nodeId(): NodeId {
    return this.#registration.nodeId;
  }

  /** Of the latest registration. */
  get sponsor(): NodeId | undefined {
    return this.#registration.sponsor;
  }

  get secret(): string {
    return this.#registration.secret;
  }

  /** False if another live tab has the wanted id, so that another one was assigned. */
  get wantedIdGranted(): boolean {
    return this.#registration.wantedIdGranted;
  }

  /** Those to open links with now: their accounts change. */
  get iceServers(): readonly IceServer[] {
    return this.#ice.servers;
  }

  get state(): 'registered' | 'away' | 'over' {
    return this.#state;
  }

  /** What came from the Discovery node and could not be read. */
  get malformed(): number {
    return this.#malformed;
  }

  listen(handler: (from: NodeId, signal: string) => void): void {
    this.#handler = handler;
  }

  async send(to: NodeId, signal: string): Promise<void> {
    const answer = await this.#ask(() => this.#socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('signal', { to, signal }));
    if (!v.is(Relayed, answer)) throw refusal(answer);
  }

  async askSponsor(): Promise<NodeId | undefined> {
    const answer = await this.#ask(() => this.#socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('sponsor'));
    if (v.is(Refused, answer) || !v.is(Sponsor, answer)) throw refusal(answer);
    const sponsor = this.#toNodeId(answer.sponsor);
    if (answer.sponsor !== undefined && sponsor === undefined) throw refusal(answer);
    return sponsor;
  }

  /** The connection over the old network is dead, or will not be for long: begins a new one at once. */
  networkChanged(): void {
    if (this.#isOver()) return;
    clearTimeout(this.#retryTimer);
    this.#retries = 0;
    this.#socket.disconnect().connect();
  }

  leave(): void {
    this.#end(() => this.#socket.emit('leave'), LEAVE_GRACE_MS);
  }

  #isOver(): boolean {
    return this.#state === 'over';
  }

  get #registration(): Registered {
    if (this.#registered === undefined) throw new Error('not registered yet');
    return this.#registered;
  }

  async #ask(request: () => Promise<unknown>): Promise<unknown> {
    if (this.#state !== 'registered') throw new SignallingError('away', 'The Discovery node cannot be reached.');
    return answerOf(request);
  }

  /** Registers over a fresh connection, again and again while it lasts. */
  async #register(): Promise<void> {
    if (!this.#socket.connected || this.#isOver()) return; // the next connection will call again
    const { wantedId, secret, device } = this.#options;
    const request = {
      wantedId: this.#registered?.nodeId ?? wantedId,
      secret: this.#registered?.secret ?? secret,
      device,
    };
    let answer: unknown;
    try {
      answer = await answerOf(() =>
        this.#socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('register', withoutUndefined(request)),
      );
    } catch (error) {
      this.#retryLater(String(error), () => void this.#register());
      return;
    }
    if (this.#isOver()) return;
    const registration = toRegistered(answer);
    if (registration !== undefined) this.#accept(registration);
    else if (v.is(Refused, answer) && answer.error.code === 'bad-request' && this.#registered === undefined) {
      const { message } = answer.error;
      this.#end(() => this.#settle.reject(new PeerError('bad-id', message)));
    } else {
      if (!v.is(Refused, answer)) this.#malformed += 1;
      this.#retryLater(refusal(answer).message, () => void this.#register());
    }
  }

  #accept(registration: Registered): void {
    const before = this.#registered;
    if (before !== undefined && before.nodeId !== registration.nodeId) {
      this.#end(() => {
        this.#socket.emit('leave'); // this node goes on under its old id, or not at all
        this.#options.events.idLost();
      }, LEAVE_GRACE_MS);
      return;
    }
    this.#registered = registration;
    this.#ice.take(registration.ice);
    this.#state = 'registered';
    this.#toldAway = false;
    this.#retries = 0;
    if (before === undefined) {
      this.#waitsNoLonger();
      this.#settle.resolve(this);
    }
    this.#options.events.registered(registration.nodeId);
  }

  #notConnected(message: string): void {
    // Socket.IO tries again by itself, except when the server turned the connection down.
    if (this.#socket.active) this.#away(message);
    else this.#retryLater(message, () => this.#socket.connect());
  }

  #disconnected(reason: string): void {
    // Socket.IO reconnects by itself, except when the server closed the connection on purpose.
    if (reason === 'io server disconnect') this.#retryLater(reason, () => this.#socket.connect());
    else this.#away(reason);
  }

  #retryLater(message: string, retry: () => void): void {
    if (this.#state === 'over') return;
    this.#away(message);
    const { least, most } = this.#options.backoffMs ?? BACKOFF_MS;
    const delay = Math.min(most, least * 2 ** this.#retries);
    this.#retries += 1;
    clearTimeout(this.#retryTimer);
    // Jitter, so that the tabs of a restarted server do not come back all at once.
    this.#retryTimer = setTimeout(retry, delay * (0.5 + Math.random() / 2));
  }

  #away(message: string): void {
    if (this.#state === 'over') return;
    this.#state = 'away';
    if (this.#toldAway) return;
    this.#toldAway = true;
    this.#options.events.away(message);
  }

  #signalArrived(relayed: unknown): void {
    const result = v.safeParse(RelayedSignal, relayed);
    const from = result.success ? this.#toNodeId(result.output.from) : undefined;
    if (!result.success || from === undefined) this.#malformed += 1;
    else this.#handler?.(from, result.output.signal);
  }

  #toNodeId(id: string | undefined): NodeId | undefined {
    return id !== undefined && this.#registered !== undefined && isId(id, this.#registered.params.digits)
      ? id
      : undefined;
  }

  readonly #aborted = (): void => {
    if (this.#registered !== undefined || this.#state === 'over') return;
    this.#end(() =>
      this.#settle.reject(new PeerError('discovery-unreachable', 'Gave up waiting for the Discovery node.')),
    );
  };

  /** A signal may outlive this client by far, and would keep it in memory. */
  #waitsNoLonger(): void {
    this.#options.signal?.removeEventListener('abort', this.#aborted);
  }

  #end(last: () => void, graceMs = 0): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#waitsNoLonger();
    clearTimeout(this.#retryTimer);
    this.#ice.stop();
    this.#handler = undefined;
    last();
    if (graceMs === 0 || !this.#socket.connected) this.#socket.disconnect();
    else setTimeout(() => this.#socket.disconnect(), graceMs);
  }
}

function withoutUndefined(request: { wantedId: string | undefined; secret: string | undefined; device: string }) {
  const { wantedId, secret, device } = request;
  return { device, ...(wantedId === undefined ? {} : { wantedId }), ...(secret === undefined ? {} : { secret }) };
}
