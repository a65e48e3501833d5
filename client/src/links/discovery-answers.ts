// What the Discovery node answers, read with suspicion: validated registrations, and refusals as SignallingErrors.

import * as v from 'valibot';
import { type IceAnswer, Registration } from '../../../signaling/protocol.ts';
import { isId, type NodeId } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import { SignallingError, type SignallingFailure } from './signalling.ts';

export const Refused = v.object({ error: v.object({ code: v.string(), message: v.string() }) });
export const Relayed = v.object({ relayed: v.literal(true) });
export const Sponsor = v.object({ sponsor: v.optional(v.string()) });

export interface Registered {
  readonly nodeId: NodeId;
  readonly wantedIdGranted: boolean;
  readonly secret: string;
  readonly params: RingParams;
  readonly sponsor: NodeId | undefined;
  readonly ice: IceAnswer;
}

/** An acknowledged request's answer, not yet validated. Rejects with a SignallingError: timed-out, also if the connection broke. */
export async function answerOf(request: () => Promise<unknown>): Promise<unknown> {
  try {
    return await request();
  } catch (error) {
    throw new SignallingError('timed-out', `The Discovery node did not answer. (${String(error)})`);
  }
}

export function refusal(answer: unknown): SignallingError {
  if (!v.is(Refused, answer))
    return new SignallingError('refused', 'The Discovery node gave an answer that cannot be read.');
  const { code, message } = answer.error;
  return new SignallingError(REASON_BY_CODE[code] ?? 'refused', message);
}

const REASON_BY_CODE: Readonly<Record<string, SignallingFailure>> = {
  'unknown-peer': 'unknown-peer',
  'not-registered': 'away',
};

export function toRegistered(answer: unknown): Registered | undefined {
  const result = v.safeParse(Registration, answer);
  if (!result.success) return undefined;
  const { nodeId, sponsor, params, iceServers, iceSeconds } = result.output;
  if (!isId(nodeId, params.digits)) return undefined;
  return {
    ...result.output,
    nodeId,
    ice: { iceServers, iceSeconds },
    sponsor: sponsor !== undefined && isId(sponsor, params.digits) ? sponsor : undefined,
  };
}
