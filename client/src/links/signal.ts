// What two ends of a link-to-be say to each other, as JSON, signed (envelope.ts), through the Discovery node or the ring. Every
// attempt to open a link has a random id, chosen by who begins it, so that signals of an abandoned attempt are told from those of
// the present one. Each signal says all that its sender has to say so far: any may be lost, doubled or overtaken by a later one.

import * as v from 'valibot';
import { MAX_CANDIDATE_CHARACTERS, MAX_SDP_CHARACTERS, MAX_SIGNAL_CANDIDATES } from './limits.ts';

const attempt = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'not an attempt id'));
const sdp = v.pipe(v.string(), v.maxLength(MAX_SDP_CHARACTERS));

const Candidate = v.strictObject({
  candidate: v.pipe(v.string(), v.maxLength(MAX_CANDIDATE_CHARACTERS)),
  /** A link has one media section. */
  sdpMLineIndex: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(15))),
  sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(32))),
});
export type Candidate = v.InferOutput<typeof Candidate>;

/** The latest candidates, so that with few (and there are few) every signal names all. */
const candidates = v.pipe(v.array(Candidate), v.maxLength(MAX_SIGNAL_CANDIDATES));

/** The sender is not in the ring yet: who has no room for one link more makes an exception. */
const joining = v.exactOptional(v.literal(true));

const Signal = v.variant('type', [
  /** To a node of which the sender knows by hearsay only: if it exists, it is to offer under this attempt. */
  v.strictObject({ type: v.literal('call'), attempt, joining }),
  v.strictObject({ type: v.literal('offer'), attempt, sdp, candidates, joining }),
  v.strictObject({ type: v.literal('answer'), attempt, sdp, candidates }),
  /** The sender gave the attempt up. busy: it has too many; closed: it knows nothing of it; the rest: why it closes links. */
  v.strictObject({
    type: v.literal('abandon'),
    attempt,
    reason: v.picklist(['busy', 'closed', 'goodbye', 'budget', 'misbehaved']),
  }),
  /**
   * The sender got something in the other end's name that was not proved to be of it, and ignored it. forged: not signed by
   * it, or changed since; expired, foreign: its certificate's time is over, or another ring's key has signed it.
   */
  v.strictObject({
    type: v.literal('doubt'),
    attempt,
    why: v.picklist(['forged', 'expired', 'foreign']),
    /** By which it came. */
    way: v.picklist(['ring', 'discovery']),
  }),
]);
export type Signal = v.InferOutput<typeof Signal>;
export type Offer = Extract<Signal, { type: 'offer' }>;
export type Call = Extract<Signal, { type: 'call' }>;
export type Answer = Extract<Signal, { type: 'answer' }>;
export type Abandon = Extract<Signal, { type: 'abandon' }>;
export type AbandonReason = Abandon['reason'];
export type Doubt = Extract<Signal, { type: 'doubt' }>;

export function encodeSignal(signal: Signal): string {
  return JSON.stringify(signal);
}

/** Undefined for anything that is not a signal. */
export function decodeSignal(text: string): Signal | undefined {
  const result = v.safeParse(Signal, parseJson(text));
  return result.success ? result.output : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema accepts it
  }
}
