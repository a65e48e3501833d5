// One registration with the Discovery node over a fresh connection: it says hello and names its key, this node signs what it
// asks for.

import * as v from 'valibot';
import { DISCOVERY_PROTOCOL, Hello, type RegisterRequest, registrationParts } from '../../../signaling/protocol.ts';
import type { RingParams } from '../core/pastry/params.ts';
import type { Certificate, Role } from '../trust/certificate.ts';
import type { KeySuite, OwnKeys } from '../trust/key-suite.ts';
import type { EntryAttempt } from '../trust/ring-entry.ts';
import { statement } from '../trust/statement.ts';
import { type OwnClaims, type Refused, type Registered, refusedBy, toRegistered } from './discovery-answers.ts';
import type { DiscoveryWire } from './discovery-socket.ts';

/** The ring that the Discovery node says it is of; its certificates prove it. */
export interface RingFacts {
  readonly ringKey: string;
  readonly params: RingParams;
}

/** Who this node is to be. */
export interface OwnIdentity {
  readonly keys: OwnKeys;
  readonly device: string;
  /** An id or hex prefix to ask for; undefined: any. */
  readonly wantedId: string | undefined;
  /** An earlier certificate of this ring for wantedId and the keys. */
  readonly certificate: string | undefined;
  /** Keeps what the Discovery node has certified: the first certificate before the node starts, later ones as they come. */
  certified(certificate: Certificate): Promise<void>;
}

export interface RegistrationWish {
  readonly life: RegisterRequest['life'];
  readonly role: Role;
  readonly keys: OwnKeys;
  readonly device: string;
  readonly wantedId: string | undefined;
  /** The latest, as text. */
  readonly certificate: string | undefined;
  /** Of a life that goes on. */
  readonly epoch: number | undefined;
  /** Into a closed ring. */
  readonly entry: EntryAttempt | undefined;
}

export type HelloOutcome =
  | { readonly type: 'hello'; readonly hello: Hello }
  | { readonly type: 'refused'; readonly refused: Refused }
  | { readonly type: 'malformed' };

export type RegistrationOutcome =
  | { readonly type: 'registered'; readonly registered: Registered }
  | { readonly type: 'refused'; readonly refused: Refused }
  | { readonly type: 'malformed' };

/** The first word on each connection. Rejects with a SignallingError: timed-out. */
export async function sayHello(wire: DiscoveryWire): Promise<HelloOutcome> {
  const answer = await wire.ask('hello', { version: DISCOVERY_PROTOCOL });
  const result = v.safeParse(Hello, answer);
  return result.success ? { type: 'hello', hello: result.output } : unwelcome(answer);
}

/** Rejects with a SignallingError: timed-out. */
export async function register(
  wire: DiscoveryWire,
  suite: KeySuite,
  { ringKey, challenge }: Hello,
  wish: RegistrationWish,
): Promise<RegistrationOutcome> {
  const { role, life, device, keys, wantedId, certificate, epoch, entry } = wish;
  const { signKey, agreeKey } = keys;
  const unsigned = {
    ...{ role, life, device, signKey, agreeKey },
    ...(wantedId === undefined ? {} : { wantedId }),
    ...(certificate === undefined ? {} : { certificate }),
  };
  const signature = await keys.sign(statement('registration', ringKey, registrationParts(challenge, unsigned)));
  const proof = entry === undefined ? {} : { entry: entry.proof };
  const request: RegisterRequest = { version: DISCOVERY_PROTOCOL, ...unsigned, ...proof, signature };
  const answer = await wire.ask('register', request);
  const claims: OwnClaims = { role, device, signKey, agreeKey, ...(epoch === undefined ? {} : { epoch }) };
  const registered = await toRegistered(answer, claims, ringKey, suite);
  if (registered === undefined) return unwelcome(answer);
  // Whoever opens to any password is not the one that this node knows the password of.
  if (entry?.isAnswer(registered.entry) === false) return { type: 'malformed' };
  return { type: 'registered', registered };
}

function unwelcome(
  answer: unknown,
): { readonly type: 'refused'; readonly refused: Refused } | { readonly type: 'malformed' } {
  const refused = refusedBy(answer);
  return refused === undefined ? { type: 'malformed' } : { type: 'refused', refused };
}
