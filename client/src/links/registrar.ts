// Keeps a node registered: again over each new connection, under one id and in one life, with a certificate that does not
// end. Whatever the Discovery node forgets or refuses, it is asked again, and the node goes on in the ring.

import type { Hello } from '../../../signaling/protocol.ts';
import type { RefusalReason } from '../peer/api.ts';
import { PeerError } from '../peer/errors.ts';
import { SystemClock } from '../peer/system-clock.ts';
import type { Certificate, Role } from '../trust/certificate.ts';
import { Credentials } from '../trust/credentials.ts';
import type { KeySuite } from '../trust/key-suite.ts';
import type { Entry, EntryAttempt } from '../trust/ring-entry.ts';
import { CertificateKeeper } from './certificate-keeper.ts';
import { type Refused, type Registered, toRenewed } from './discovery-answers.ts';
import type { Backoff, DiscoveryWire } from './discovery-socket.ts';
import { proveEntry } from './entry.ts';
import { type OwnIdentity, type RegistrationWish, type RingFacts, register, sayHello } from './registration.ts';
import { Retries } from './retries.ts';
import { RingTime } from './ring-time.ts';

export interface RegistrarOptions {
  readonly role: Role;
  readonly suite: KeySuite;
  /** Asked once, when the Discovery node has said which ring it is of. What it rejects with ends the first registration. */
  readonly identify: (ring: RingFacts) => Promise<OwnIdentity>;
  readonly backoff: Backoff;
  readonly events: RegistrarEvents;
  /** For closed rings; absent: none can be entered. */
  readonly entry?: Entry | undefined;
}

export interface RegistrarEvents {
  /** What the Discovery node is and serves, on each new connection. */
  greeted?(hello: Pick<Hello, 'page' | 'release' | 'relay'>): void;
  /** For the first time or again. */
  registered(registered: Registered, credentials: Credentials): void;
  /** The first registration cannot succeed. There will be no further attempt. */
  failed(error: unknown): void;
  /** The Discovery node cannot be reached; it is tried again without end. Told once for each absence. */
  away(message: string): void;
  /** It can, and refuses; it is asked again without end, and meanwhile the node goes on. Told once for each reason. */
  refused(reason: RefusalReason, message: string): void;
  /** A later certificate came in the background. */
  renewed(): void;
  /** The certificate's time is over, and the Discovery node gives no other: nodes that can reach it refuse this one's new links and its answers. */
  expired(): void;
  /** A later certificate could not be kept for the next life. */
  notKept(error: unknown): void;
  /** An answer could not be read. */
  malformed(): void;
}

/** Before what was refused for a reason that does not pass in a moment is asked for again. */
const REFUSED_PAUSE_MS = 60_000;
/** The longest pause that the Discovery node can impose: its own wish may be an hour. */
const MOST_PAUSE_MS = 5 * 60_000;

export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #wire: DiscoveryWire;
  readonly #retries: Retries;
  readonly #clock = new SystemClock();
  readonly #time = new RingTime(() => this.#clock.now());
  readonly #keeper: CertificateKeeper;
  #identified: Promise<{ readonly identity: OwnIdentity; readonly ringKey: string }> | undefined;
  #credentials: Credentials | undefined;
  /** registered: requests pass; away: being tried again; over: nothing is tried any more. */
  #state: 'registered' | 'away' | 'over' = 'away';
  /** Attempts are numbered: what an earlier one still hears does not count. */
  #attempt = 0;
  /** What was told last, so that it is told once. */
  #told: string | undefined;
  /** The Discovery node did not believe the certificate of an earlier life. */
  #isFormerRefused = false;

  constructor(wire: DiscoveryWire, options: RegistrarOptions) {
    this.#wire = wire;
    this.#options = options;
    this.#retries = new Retries(options.backoff);
    this.#keeper = new CertificateKeeper({
      clock: this.#clock,
      ringSeconds: () => this.#time.seconds,
      renew: () => this.#renew(),
      expired: () => options.events.expired(),
    });
  }

  get state(): 'registered' | 'away' | 'over' {
    return this.#state;
  }

  /** There is a new connection. */
  async connected(): Promise<void> {
    if (!this.#wire.isConnected || this.#isOver()) return; // the next connection will call again
    this.#attempt += 1;
    const attempt = this.#attempt;
    try {
      await this.#register(() => attempt !== this.#attempt || this.#isOver() || !this.#wire.isConnected);
    } catch (error) {
      if (attempt === this.#attempt) this.#retryLater(String(error));
    }
  }

  /** There is none; `isTried`: it is being tried by itself. */
  lost(message: string, isTried: boolean): void {
    if (isTried) this.#away(message);
    else if (!this.#isOver()) {
      this.#away(message);
      this.#retries.later(() => this.#wire.connect());
    }
  }

  networkChanged(): void {
    if (this.#isOver()) return;
    this.#retries.reset();
    this.#wire.reconnect();
  }

  end(): void {
    this.#state = 'over';
    this.#retries.reset();
    this.#keeper.stop();
  }

  async #register(isStale: () => boolean): Promise<void> {
    const greeting = await sayHello(this.#wire);
    if (isStale()) return;
    if (greeting.type === 'malformed') return this.#malformed();
    if (greeting.type === 'refused') return this.#refused(greeting.refused, true);
    const { hello } = greeting;
    this.#options.events.greeted?.(hello);
    const own = await this.#identify(hello);
    if (own === undefined || isStale()) return;
    if (own.ringKey !== hello.ringKey) {
      return this.#unwelcome('ring-key-changed', 'The Discovery node has another key than before.', REFUSED_PAUSE_MS);
    }
    this.#time.learn(hello.time);
    const entry = await this.#entryFor(hello, own.identity.keys.signKey);
    if (entry === 'none' || isStale()) return;
    const { suite, events } = this.#options;
    const outcome = await register(this.#wire, suite, hello, this.#wish(own.identity, entry));
    if (isStale()) return;
    if (outcome.type === 'malformed') return this.#malformed();
    if (outcome.type === 'refused') return this.#refused(outcome.refused, false);
    entry?.entered().catch((error: unknown) => events.notKept(error));
    await this.#accept(own.identity, own.ringKey, outcome.registered);
  }

  /** Undefined: the ring is open. none: it is closed, and nothing here opens it, which is told. */
  async #entryFor(hello: Hello, signKey: string): Promise<EntryAttempt | undefined | 'none'> {
    const { entry, events } = this.#options;
    const isFirst = this.#credentials === undefined;
    try {
      return await proveEntry(entry, hello, signKey, isFirst);
    } catch (error) {
      if (isFirst && !this.#isOver()) events.failed(error);
      else this.#unwelcome('ring-closed', error instanceof Error ? error.message : String(error), REFUSED_PAUSE_MS);
      return 'none';
    }
  }

  /** The same identity in all attempts. Undefined if there is none, which is told. */
  async #identify(ring: RingFacts): Promise<{ identity: OwnIdentity; ringKey: string } | undefined> {
    const { identify, events } = this.#options;
    const { ringKey, params } = ring;
    this.#identified ??= identify({ ringKey, params }).then((identity) => ({ identity, ringKey }));
    try {
      return await this.#identified;
    } catch (error) {
      if (!this.#isOver()) events.failed(error);
      return undefined;
    }
  }

  #wish({ keys, device, wantedId, certificate }: OwnIdentity, entry: EntryAttempt | undefined): RegistrationWish {
    const { role } = this.#options;
    const own = this.#credentials;
    if (own === undefined) {
      const former = this.#isFormerRefused ? undefined : certificate;
      return { role, keys, device, life: 'new', wantedId, certificate: former, epoch: undefined, entry };
    }
    const { nodeId, epoch } = own.certificate;
    return { role, keys, device, life: 'same', wantedId: nodeId, certificate: own.encoded, epoch, entry };
  }

  async #accept(identity: OwnIdentity, ringKey: string, registered: Registered): Promise<void> {
    const { suite, events } = this.#options;
    const { certificate, seconds } = registered;
    this.#time.learn(seconds);
    this.#time.reached();
    if (this.#credentials !== undefined && this.#credentials.nodeId !== certificate.nodeId) return this.#malformed();
    if (this.#credentials === undefined) {
      try {
        await identity.certified(certificate);
      } catch (error) {
        if (!this.#isOver()) events.failed(error);
        return;
      }
      const { keys } = identity;
      const time = this.#time;
      this.#credentials = new Credentials({ suite, keys, ringKey, certificate, time });
    } else {
      this.#credentials.renewed(certificate);
      this.#keep(certificate);
    }
    if (this.#isOver()) return;
    this.#keeper.hold(certificate);
    if (!this.#wire.isConnected) return; // broken while the certificate was written; the next one registers again
    this.#retries.reset();
    this.#told = undefined;
    this.#state = 'registered';
    events.registered(registered, this.#credentials);
  }

  async #renew(): Promise<void> {
    const own = this.#credentials;
    const { suite, events, role } = this.#options;
    if (own === undefined || this.#state !== 'registered') return; // the next registration renews it
    const { device, nodeId, epoch } = own.certificate;
    const claims = { role, device, nodeId, epoch, signKey: own.keys.signKey, agreeKey: own.keys.agreeKey };
    try {
      const renewed = await toRenewed(await this.#wire.ask('renew', {}), claims, own.ringKey, suite);
      if (this.#isOver()) return;
      if (renewed === undefined) return events.malformed();
      this.#time.learn(renewed.seconds);
      own.renewed(renewed.certificate);
      this.#keeper.hold(renewed.certificate);
      this.#keep(renewed.certificate);
      events.renewed();
    } catch {
      return; // no answer: the keeper asks again
    }
  }

  #keep(certificate: Certificate): void {
    this.#identified
      ?.then(({ identity }) => identity.certified(certificate))
      .catch((error: unknown) => this.#isOver() || this.#options.events.notKept(error));
  }

  #malformed(): void {
    this.#options.events.malformed();
    this.#retryLater('it gave an answer that cannot be read');
  }

  #refused({ code, message, retrySeconds }: Refused, isGreeting: boolean): void {
    const isFirst = this.#credentials === undefined;
    if (code === 'bad-request' && isFirst && !isGreeting) {
      return this.#options.events.failed(new PeerError('bad-id', message));
    }
    // Its next refusal is told: it is worth one more attempt as somebody new.
    if (code === 'not-proven' && isFirst && !this.#isFormerRefused) {
      this.#isFormerRefused = true;
      void this.connected();
      return;
    }
    if (code === 'entry-wrong') return void this.#wrongEntry(message, isFirst);
    const reason = code === 'id-taken' ? 'id-taken' : code === 'bad-request' && isGreeting ? 'version' : 'other';
    const wishedMs = Math.min(MOST_PAUSE_MS, (retrySeconds ?? 0) * 1000);
    this.#unwelcome(reason, message, Math.max(wishedMs, reason === 'other' ? 0 : REFUSED_PAUSE_MS));
  }

  /** At first whoever waits is asked again; later nobody waits. */
  async #wrongEntry(message: string, isFirst: boolean): Promise<void> {
    await this.#options.entry?.wrong(message).catch((error: unknown) => this.#options.events.notKept(error));
    if (isFirst) await this.connected();
    else this.#unwelcome('ring-closed', message, REFUSED_PAUSE_MS);
  }

  #unwelcome(reason: RefusalReason, message: string, pauseMs: number): void {
    if (this.#isOver()) return;
    this.#state = 'away';
    // Others of this ring are not refused for this node's faults; a Discovery node of another ring serves none of them.
    if (reason === 'ring-key-changed') this.#time.away();
    else this.#time.reached();
    this.#tell(reason, () => this.#options.events.refused(reason, message));
    this.#retries.later(() => void this.connected(), pauseMs);
  }

  #retryLater(message: string): void {
    this.#away(message);
    if (!this.#isOver()) this.#retries.later(() => void this.connected());
  }

  #away(message: string): void {
    if (this.#isOver()) return;
    this.#state = 'away';
    this.#time.away();
    this.#tell('away', () => this.#options.events.away(message));
  }

  #tell(what: string, tell: () => void): void {
    if (this.#told === what) return;
    this.#told = what;
    tell();
  }

  #isOver(): boolean {
    return this.#state === 'over';
  }
}
