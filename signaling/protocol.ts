// The events that tabs and the Discovery node exchange over Socket.IO, with their schemas.
// This is the one file of the Discovery node that a peer may import.

import * as v from 'valibot';

/** Largest signal (an offer, answer or candidate batch as JSON), characters. */
export const MAX_SIGNAL_CHARACTERS = 32_768;

const nodeId = v.pipe(v.string(), v.regex(/^[0-9a-f]{1,64}$/, 'not a hex id'));
const device = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, 'not a device id'));
const secret = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, 'not a registration secret'));

/** What a tab asks for when it registers. */
export const RegisterRequest = v.strictObject({
  /** An id or hex prefix the user wants; absent: any. */
  wantedId: v.optional(nodeId),
  /** The secret of an earlier registration of wantedId: proves that the same tab is back. */
  secret: v.optional(secret),
  device,
});
export type RegisterRequest = v.InferOutput<typeof RegisterRequest>;

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
  /** False if wantedId was given and is another live tab's, so that another id was assigned. */
  wantedIdGranted: v.boolean(),
  secret,
  /** Ring parameters (client/src/core/pastry/params.ts). */
  params: v.object({
    digits: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
    leafSetSize: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(128)),
    neighborhoodSize: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(128)),
    replicas: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)),
    segmentBytes: v.pipe(v.number(), v.integer(), v.minValue(1024), v.maxValue(16 * 1024 * 1024)),
    linkBudget: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(400)),
  }),
  /** One random registered peer through which to join; absent: the ring is empty, found it. */
  sponsor: v.optional(nodeId),
  ...iceEntries,
});
export type Registration = v.InferOutput<typeof Registration>;

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

/** Why the Discovery node refused; `message` says in words what to do. */
export interface Refusal {
  readonly error: {
    readonly code: 'bad-request' | 'not-registered' | 'unknown-peer' | 'rate-limited';
    readonly message: string;
  };
}

/** Socket.IO's acknowledgement of a request: the answer or a refusal. */
export type Acknowledge<Answer> = (answer: Answer | Refusal) => void;

export interface ClientToServerEvents {
  register: (request: RegisterRequest, acknowledge: Acknowledge<Registration>) => void;
  /** Acknowledged once handed to the target's socket. */
  signal: (request: SignalRequest, acknowledge: Acknowledge<{ relayed: true }>) => void;
  /** One random registered peer other than the asker: for a failed join, and for healing a split ring. */
  sponsor: (acknowledge: Acknowledge<{ sponsor?: string }>) => void;
  /** STUN and TURN servers anew, before the accounts at them end. */
  'ice-servers': (acknowledge: Acknowledge<IceAnswer>) => void;
  /** The tab leaves for good: its id is free at once. */
  leave: () => void;
}

export interface ServerToClientEvents {
  signal: (signal: RelayedSignal) => void;
  /** The operator removed this tab; it should hand off and leave. */
  removed: (reason: string) => void;
}
