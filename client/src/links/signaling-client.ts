// A node's side of the Discovery node: it registers and stays registered for ever (registrar.ts), carries signals and asks for
// sponsors. Answers are validated like everything that comes from outside.

import * as v from 'valibot';
import { DISPLACED_MESSAGE, RelayedSignal } from '../../../signaling/protocol.ts';
import { isId, type NodeId } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import { PeerError } from '../peer/errors.ts';
import type { Discovery } from '../peer/ports.ts';
import type { Credentials } from '../trust/credentials.ts';
import { type Registered, Relayed, refusal, refusedBy, Sponsor } from './discovery-answers.ts';
import { type Backoff, type DiscoveryWire, openDiscoverySocket, type Question } from './discovery-socket.ts';
import { IceList } from './ice-list.ts';
import { Registrar, type RegistrarEvents, type RegistrarOptions } from './registrar.ts';
import { type Signalling, SignallingError } from './signalling.ts';
import type { IceServer } from './webrtc-connection.ts';

export interface SignalingClientOptions extends Pick<RegistrarOptions, 'role' | 'suite' | 'identify' | 'entry'> {
  /** Where the Discovery node listens, such as https://example.org/tabring. */
  readonly url: string;
  /** The identity is kept: its id stays its own after it has left, as long as its certificate runs. */
  readonly comesBack: boolean;
  readonly events: SignalingClientEvents;
  /** Gives up waiting for the first registration. */
  readonly signal?: AbortSignal;
  /** Between attempts to reconnect and to register. */
  readonly backoffMs?: Backoff;
  /** The connection; tests give another. */
  readonly openWire?: typeof openDiscoverySocket;
}

export interface SignalingClientEvents
  extends Pick<RegistrarEvents, 'greeted' | 'away' | 'refused' | 'renewed' | 'expired' | 'notKept'> {
  /** Registered under `nodeId`, for the first time or again. */
  registered(nodeId: NodeId): void;
  /** The operator removed this node: it should hand off and leave. There will be no attempt to register again. */
  removed(reason: string): void;
  /** This node's identity has begun another life elsewhere: this one should end. There will be no attempt to register again. */
  displaced(): void;
}

/** Between attempts: soon after a short break, and seldom enough that a restarted server is not overrun. */
const BACKOFF_MS = { least: 500, most: 10_000 };
/** Longest reason that is passed on, characters. */
const MAX_REASON_CHARACTERS = 200;

/**
 * Connects and registers; resolves with the first registration. Rejects with a PeerError: bad-id (the wanted id),
 * discovery-unreachable (aborted); or with what `identify` rejects with.
 */
export function connectToDiscovery(options: SignalingClientOptions): Promise<SignalingClient> {
  return new Promise((resolve, reject) => new SignalingClient(options, resolve, reject));
}

export class SignalingClient implements Discovery, Signalling {
  readonly #options: SignalingClientOptions;
  readonly wire: DiscoveryWire;
  readonly #registrar: Registrar;
  readonly #settle: { resolve(client: SignalingClient): void; reject(error: unknown): void };
  readonly #ice = new IceList(() => this.ask('ice-servers'));
  #registered: Registered | undefined;
  #credentials: Credentials | undefined;
  #handler: ((from: NodeId, signal: string) => void) | undefined;
  #malformed = 0;
  /** It carries frames between nodes that nothing else joins (discovery-relay.ts). */
  relays: boolean | undefined;

  /** Use connectToDiscovery. */
  constructor(
    options: SignalingClientOptions,
    resolve: (client: SignalingClient) => void,
    reject: (error: unknown) => void,
  ) {
    this.#options = options;
    this.#settle = { resolve, reject };
    const { url, backoffMs = BACKOFF_MS, openWire = openDiscoverySocket } = options;
    this.wire = openWire(url, backoffMs, {
      connected: () => void this.#registrar.connected(),
      lost: (message, isTried) => this.#registrar.lost(message, isTried),
      signal: (relayed) => this.#signalArrived(relayed),
      removed: (reason) => this.#removed(reason),
    });
    this.#registrar = new Registrar(this.wire, this.#registrarOptions(backoffMs));
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

  get credentials(): Credentials {
    if (this.#credentials === undefined) throw new Error('not registered yet');
    return this.#credentials;
  }

  /** Why this node did not get the id that it asked for; undefined if it did, or asked for none. */
  get wantedIdRefusal(): 'taken' | 'not-allowed' | undefined {
    const { wantedIdGranted, refusal: why } = this.#registration;
    return wantedIdGranted ? undefined : (why ?? 'taken');
  }

  /** Those to open links with now: their accounts change. */
  get iceServers(): readonly IceServer[] {
    return this.#ice.servers;
  }

  get state(): 'registered' | 'away' | 'over' {
    return this.#registrar.state;
  }

  /** What came from the Discovery node and could not be read. */
  get malformed(): number {
    return this.#malformed;
  }

  listen(handler: (from: NodeId, signal: string) => void): void {
    this.#handler = handler;
  }

  async send(to: NodeId, signal: string): Promise<void> {
    const answer = await this.ask('signal', { to, signal });
    if (!v.is(Relayed, answer)) throw refusal(answer);
  }

  /** Its answer, not yet validated. Rejects with a SignallingError. */
  async ask(question: Question, request?: object): Promise<unknown> {
    if (this.state !== 'registered') throw new SignallingError('away', 'The Discovery node cannot be reached.');
    return this.wire.ask(question, request);
  }

  async askSponsor(): Promise<NodeId | undefined> {
    const answer = await this.ask('sponsor');
    if (refusedBy(answer) !== undefined || !v.is(Sponsor, answer)) throw refusal(answer);
    const sponsor = this.#toNodeId(answer.sponsor);
    if (answer.sponsor !== undefined && sponsor === undefined) throw refusal(answer);
    return sponsor;
  }

  /** The connection over the old network is dead, or will not be for long: begins a new one at once. */
  networkChanged(): void {
    this.#registrar.networkChanged();
  }

  leave(): void {
    this.#end(() => this.wire.leave(this.#options.comesBack));
  }

  get #registration(): Registered {
    if (this.#registered === undefined) throw new Error('not registered yet');
    return this.#registered;
  }

  #registrarOptions(backoff: Backoff): RegistrarOptions {
    const { role, suite, identify, entry, events } = this.#options;
    const told: RegistrarEvents = {
      greeted: (hello) => {
        this.relays = hello.relay;
        events.greeted?.(hello);
      },
      registered: (registered, credentials) => this.#accept(registered, credentials),
      failed: (error) => this.#fail(error),
      away: (message) => events.away(message),
      refused: (reason, message) => events.refused(reason, message),
      renewed: () => events.renewed(),
      expired: () => events.expired(),
      notKept: (error) => events.notKept(error),
      malformed: () => {
        this.#malformed += 1;
      },
    };
    return { role, suite, identify, entry, backoff, events: told };
  }

  #accept(registered: Registered, credentials: Credentials): void {
    const isFirst = this.#registered === undefined;
    this.#registered = registered;
    this.#credentials = credentials;
    this.#ice.take(registered.ice);
    if (isFirst) {
      this.#waitsNoLonger();
      this.#settle.resolve(this);
    }
    this.#options.events.registered(registered.nodeId);
  }

  #removed(reason: unknown): void {
    const { events } = this.#options;
    const words = String(reason).slice(0, MAX_REASON_CHARACTERS);
    if (this.#registered === undefined) return this.#fail(new PeerError('discovery-unreachable', words));
    const tell = (): void => (words === DISPLACED_MESSAGE ? events.displaced() : events.removed(words));
    this.#end(() => {
      this.wire.close();
      tell();
    });
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
    if (this.#registered !== undefined) return;
    this.#fail(new PeerError('discovery-unreachable', 'Gave up waiting for the Discovery node.'));
  };

  /** The first registration fails for good. */
  #fail(error: unknown): void {
    this.#end(() => {
      this.wire.close();
      this.#settle.reject(error);
    });
  }

  /** A signal may outlive this client by far, and would keep it in memory. */
  #waitsNoLonger(): void {
    this.#options.signal?.removeEventListener('abort', this.#aborted);
  }

  #end(last: () => void): void {
    if (this.state === 'over') return;
    this.#registrar.end();
    this.#waitsNoLonger();
    this.#ice.stop();
    this.#handler = undefined;
    last();
  }
}
