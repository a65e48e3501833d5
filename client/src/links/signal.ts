// What two ends of a link-to-be say to each other, as JSON, through the Discovery node or the ring. Every attempt to open
// a link has a random id, chosen by who offers, so that signals of an abandoned attempt are told from those of the present
// one. Each signal says all that its sender has to say so far: any may be lost, doubled or overtaken by a later one.

import * as v from 'valibot';
import { MAX_SIGNAL_CHARACTERS } from '../../../signaling/protocol.ts';
import { MAX_CANDIDATE_CHARACTERS, MAX_SDP_CHARACTERS, MAX_SIGNAL_CANDIDATES } from './limits.ts';

const attempt = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'not an attempt id'));
const sdp = v.pipe(v.string(), v.maxLength(MAX_SDP_CHARACTERS));

const Candidate = v.strictObject({
  candidate: v.pipe(v.string(), v.maxLength(MAX_CANDIDATE_CHARACTERS)),
  /** A link has one media section. */
  sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15))),
  sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(32))),
});
export type Candidate = v.InferOutput<typeof Candidate>;

/** The latest candidates, so that with few (and there are few) every signal names all. */
const candidates = v.pipe(v.array(Candidate), v.maxLength(MAX_SIGNAL_CANDIDATES));

const Signal = v.variant('type', [
  v.strictObject({
    type: v.literal('offer'),
    attempt,
    sdp,
    candidates,
    /** The sender is not in the ring yet: who has no room for one link more makes an exception. */
    joining: v.exactOptional(v.literal(true)),
  }),
  v.strictObject({ type: v.literal('answer'), attempt, sdp, candidates }),
  /** The sender gave the attempt up. busy: it has too many; closed: it knows nothing of it; the rest: why it closes links. */
  v.strictObject({
    type: v.literal('abandon'),
    attempt,
    reason: v.picklist(['busy', 'closed', 'goodbye', 'budget', 'misbehaved']),
  }),
]);
export type Signal = v.InferOutput<typeof Signal>;
export type AbandonReason = Extract<Signal, { type: 'abandon' }>['reason'];

export function encodeSignal(signal: Signal): string {
  return JSON.stringify(signal);
}

/** Undefined for anything that is not a signal. */
export function decodeSignal(text: string): Signal | undefined {
  if (text.length > MAX_SIGNAL_CHARACTERS) return undefined;
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
