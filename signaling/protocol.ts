// The events that tabs and the Discovery node exchange over Socket.IO, with their schemas: version 2, in which the right to
// an id is a key and the Discovery node certifies who has it. With relay-protocol.ts this is all of the Discovery node that a peer may import.

import * as v from 'valibot';
import { MAX_CERTIFICATE_CHARACTERS } from '../client/src/trust/certificate.ts';
import type { FrameRequest, RelayedFrame } from './relay-protocol.ts';

/** Version 1 proved an id by a secret that the Discovery node remembered; its tabs are told to reload. */
export const DISCOVERY_PROTOCOL = 2;

/** Largest signal (an offer, answer or candidate batch as JSON), characters. */
export const MAX_SIGNAL_CHARACTERS = 32_768;

/** What a page of version 1 is told, in the refusal and as the reason of its removal. */
export const RELOAD_MESSAGE = 'This page is of an earlier version of Tabring: reload it.';

/** What a node is told by `removed` when another socket has proved the key of its identity. */
export const DISPLACED_MESSAGE = 'this identity is open in another tab';

const nodeId = v.pipe(v.string(), v.regex(/^[0-9a-f]{1,64}$/, 'not a hex id'));
const device = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, 'not a device id'));
/** 32 bytes in base64url: a public key or a challenge. */
const bytes32 = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{43}$/, 'not 32 bytes in base64url'));
/** 64 bytes in base64url. */
const signature = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{86}$/, 'not a signature'));
/** As trust/certificate.ts encodes it; whether it is one is found out by decoding it. */
const certificate = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_CERTIFICATE_CHARACTERS));
const shortName = v.pipe(v.string(), v.regex(/^[\w.+-]{1,100}$/, 'not a name'));
const role = v.picklist(['node', 'client']);
/** Seconds since 1970 on the Discovery node's clock: the ring's time. */
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(999_999_999_999));

/** Ring parameters (client/src/core/pastry/params.ts). */
export const ringParamsSchema = v.object({
  digits: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(64)),
  leafSetSize: v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(128)),
  neighborhoodSize: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(128)),
  replicas: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(16)),
  segmentBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1024), v.maxValue(16 * 1024 * 1024)),
  leaseDays: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(365)), 7),
  linkBudget: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(400)),
  checksRoots: v.optional(v.boolean(), false),
});

/** How a closed ring's secrets become keys (client/src/trust/ring-entry.ts): no less work for a guess than that, and no more for a tab than it can bear. */
export const entryTerms = v.object({
  salt: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{22}$/, 'not a salt')),
  logN: v.pipe(v.number(), v.safeInteger(), v.minValue(15), v.maxValue(17)),
});

/** The first word on each socket. */
export const HelloRequest = v.strictObject({ version: v.literal(DISCOVERY_PROTOCOL) });
export type HelloRequest = v.InferOutput<typeof HelloRequest>;

export const Hello = v.object({
  version: v.literal(DISCOVERY_PROTOCOL),
  /** The ring's public key, Ed25519. */
  ringKey: bytes32,
  time,
  /** Of this socket alone: what a registration signs, so that it cannot be replayed on another. */
  challenge: bytes32,
  params: ringParamsSchema,
  /** Of a closed ring: a registration wants a proof that its password, or an invitation, is known. */
  entry: v.optional(entryTerms),
  /** It carries frames between two tabs that nothing else joins. */
  relay: v.optional(v.literal(true)),
  /** The script of the page that is served now, whose name has a digest of it; absent: no page is. */
  page: v.optional(shortName),
  /** Of the program that answers. */
  release: v.optional(shortName),
});
export type Hello = v.InferOutput<typeof Hello>;

/** What a tab asks for when it registers, after `hello` on the same socket. */
export const RegisterRequest = v.strictObject({
  version: v.literal(DISCOVERY_PROTOCOL),
  role,
  /** An id or hex prefix the user wants, or this identity's own; absent: any. */
  wantedId: v.optional(nodeId),
  /** An earlier certificate of this identity, which may have expired: proves wantedId to a Discovery node that has forgotten it. */
  certificate: v.optional(certificate),
  /**
   * new: this life of the id begins, with a larger epoch. same: a node that is in the ring is back on another socket; it
   * names its id and its latest certificate, keeps its epoch, and is refused rather than given another id.
   */
  life: v.picklist(['new', 'same']),
  device,
  /** Public keys of the identity: Ed25519 and X25519. */
  signKey: bytes32,
  agreeKey: bytes32,
  /** Into a closed ring: entryProof of entryStatement(ringKey, challenge, signKey). */
  entry: v.optional(bytes32),
  /** By signKey, of statement('registration', ringKey, registrationParts(challenge, this request)). */
  signature,
});
export type RegisterRequest = v.InferOutput<typeof RegisterRequest>;

/** What a registration signs. */
export function registrationParts(
  challenge: string,
  request: Omit<RegisterRequest, 'version' | 'signature' | 'entry'>,
): readonly (string | null)[] {
  const { role, wantedId, certificate, life, device, signKey, agreeKey } = request;
  return [challenge, role, wantedId ?? null, certificate ?? null, life, device, signKey, agreeKey];
}

/** STUN and TURN servers for a tab. */
const iceEntries = {
  iceServers: v.array(
    v.object({ urls: v.array(v.string()), username: v.optional(v.string()), credential: v.optional(v.string()) }),
  ),
  /** How long the accounts at them last, seconds; absent: for ever. */
  iceSeconds: v.optional(v.pipe(v.number(), v.minValue(1))),
};
export const IceAnswer = v.object(iceEntries);
export type IceAnswer = v.InferOutput<typeof IceAnswer>;

/** What the Discovery node answers: never a list of members. */
export const Registration = v.object({
  nodeId,
  /** False if wantedId was given and refused, so that another id was assigned. */
  wantedIdGranted: v.boolean(),
  /** Why it was refused. taken: it is another key's. not-allowed: this Discovery node lets visitors like this one choose no ids. */
  refusal: v.optional(v.picklist(['taken', 'not-allowed'])),
  /** For nodeId and the keys, signed by the ring's key. */
  certificate,
  time,
  params: ringParamsSchema,
  /** Of a closed ring: that this Discovery node could check the proof. */
  entry: v.optional(bytes32),
  /** One random registered peer through which to join; absent: the ring is empty, found it. */
  sponsor: v.optional(nodeId),
  ...iceEntries,
});
export type Registration = v.InferOutput<typeof Registration>;

export const RenewRequest = v.strictObject({});

/** A certificate of the same life, with a later end. */
export const Renewal = v.object({ certificate, time });
export type Renewal = v.InferOutput<typeof Renewal>;

/** An offer, answer or candidate batch on its way to another tab. */
export const SignalRequest = v.strictObject({
  to: nodeId,
  signal: v.pipe(v.string(), v.maxLength(MAX_SIGNAL_CHARACTERS)),
});
export type SignalRequest = v.InferOutput<typeof SignalRequest>;

export const RelayedSignal = v.strictObject({
  from: nodeId,
  signal: v.pipe(v.string(), v.maxLength(MAX_SIGNAL_CHARACTERS)),
});
export type RelayedSignal = v.InferOutput<typeof RelayedSignal>;

export const LeaveRequest = v.strictObject({
  /** True: the identity is kept, and its id with it as long as the certificate runs. Else the id is free at once. */
  comesBack: v.optional(v.boolean()),
});
export type LeaveRequest = v.InferOutput<typeof LeaveRequest>;

/**
 * Why the Discovery node refused; `message` says in words what to do. not-proven: the signature or the certificate does not
 * prove what the request claims. id-taken: life 'same' was asked for, and the id is another key's, or has begun a later life.
 * entry-wanted, entry-wrong: the ring is closed, and the request proves no secret of it, or a wrong one.
 */
export interface Refusal {
  readonly error: {
    readonly code:
      | 'bad-request'
      | 'not-proven'
      | 'id-taken'
      | 'entry-wanted'
      | 'entry-wrong'
      | 'not-registered'
      | 'unknown-peer'
      | 'rate-limited';
    readonly message: string;
    /** After so many seconds it may go better; the message says so too. */
    readonly retrySeconds?: number;
  };
}

/** Socket.IO's acknowledgement of a request: the answer or a refusal. */
export type Acknowledge<Answer> = (answer: Answer | Refusal) => void;

export interface ClientToServerEvents {
  /** Wants no registration. */
  hello: (request: HelloRequest, acknowledge: Acknowledge<Hello>) => void;
  register: (request: RegisterRequest, acknowledge: Acknowledge<Registration>) => void;
  /** A fresh certificate, before the present one ends. */
  renew: (request: v.InferOutput<typeof RenewRequest>, acknowledge: Acknowledge<Renewal>) => void;
  /** Acknowledged once handed to the target's socket. */
  signal: (request: SignalRequest, acknowledge: Acknowledge<{ relayed: true }>) => void;
  /** Only if hello offered to relay. Acknowledged once the target has acknowledged it; refused: it may not have it. */
  frame: (request: FrameRequest, acknowledge: Acknowledge<{ relayed: true }>) => void;
  /** One random registered peer other than the asker: for a failed join, and for healing a split ring. */
  sponsor: (acknowledge: Acknowledge<{ sponsor?: string }>) => void;
  /** STUN and TURN servers anew, before the accounts at them end. */
  'ice-servers': (acknowledge: Acknowledge<IceAnswer>) => void;
  /** The tab leaves. */
  leave: (request?: LeaveRequest) => void;
}

export interface ServerToClientEvents {
  signal: (signal: RelayedSignal) => void;
  frame: (frame: RelayedFrame, received: () => void) => void;
  /** This tab should hand off and leave, for this reason: the operator, another tab of its identity, or a version that is over. */
  removed: (reason: string) => void;
}
