// What the Discovery node answers, read with suspicion: validated registrations and certificates, and refusals as
// SignallingErrors.

import * as v from 'valibot';
import { type IceAnswer, Registration, Renewal } from '../../../signaling/protocol.ts';
import { isId, type NodeId } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import { type Certificate, certificateStatement, decodeCertificate } from '../trust/certificate.ts';
import type { KeySuite } from '../trust/key-suite.ts';
import { SignallingError, type SignallingFailure } from './signalling.ts';

export const Refused = v.object({
  error: v.object({ code: v.string(), message: v.string(), retrySeconds: v.optional(v.number()) }),
});
export type Refused = v.InferOutput<typeof Refused>['error'];
export const Relayed = v.object({ relayed: v.literal(true) });
export const Sponsor = v.object({ sponsor: v.optional(v.string()) });

/** What a certificate must say to be this node's. */
export type OwnClaims = Pick<Certificate, 'role' | 'device' | 'signKey' | 'agreeKey'> &
  Partial<Pick<Certificate, 'nodeId' | 'epoch'>>;

export interface Registered {
  readonly nodeId: NodeId;
  readonly wantedIdGranted: boolean;
  readonly refusal: 'taken' | 'not-allowed' | undefined;
  readonly certificate: Certificate;
  readonly seconds: number;
  readonly params: RingParams;
  readonly sponsor: NodeId | undefined;
  readonly ice: IceAnswer;
  /** Of a closed ring: that the Discovery node could check the proof. */
  readonly entry: string | undefined;
}

export interface Renewed {
  readonly certificate: Certificate;
  readonly seconds: number;
}

/** An acknowledged request's answer, not yet validated. Rejects with a SignallingError: timed-out, also if the connection broke. */
export async function answerOf(request: () => Promise<unknown>): Promise<unknown> {
  try {
    return await request();
  } catch (error) {
    throw new SignallingError('timed-out', `The Discovery node did not answer. (${String(error)})`);
  }
}

/** The refusal that the answer is; undefined if it is none. */
export function refusedBy(answer: unknown): Refused | undefined {
  return v.is(Refused, answer) ? answer.error : undefined;
}

export function refusal(answer: unknown): SignallingError {
  const refused = refusedBy(answer);
  if (refused === undefined)
    return new SignallingError('refused', 'The Discovery node gave an answer that cannot be read.');
  return new SignallingError(REASON_BY_CODE.get(refused.code) ?? 'refused', refused.message);
}

const REASON_BY_CODE: ReadonlyMap<string, SignallingFailure> = new Map([
  ['unknown-peer', 'unknown-peer'],
  ['not-registered', 'away'],
]);

/** Undefined unless it is a registration, with a certificate of these claims that the ring's key has signed. */
export async function toRegistered(
  answer: unknown,
  claims: OwnClaims,
  ringKey: string,
  suite: KeySuite,
): Promise<Registered | undefined> {
  const result = v.safeParse(Registration, answer);
  if (!result.success) return undefined;
  const { nodeId, sponsor, params, iceServers, iceSeconds, wantedIdGranted, time } = result.output;
  if (!isId(nodeId, params.digits)) return undefined;
  const certificate = await checkedCertificate(result.output.certificate, { ...claims, nodeId }, ringKey, suite);
  if (certificate === undefined) return undefined;
  return {
    nodeId,
    wantedIdGranted,
    refusal: result.output.refusal,
    certificate,
    seconds: time,
    params,
    ice: { iceServers, iceSeconds },
    entry: result.output.entry,
    sponsor: sponsor !== undefined && isId(sponsor, params.digits) ? sponsor : undefined,
  };
}

/** Undefined unless it is a renewal, with a certificate of these claims that the ring's key has signed. */
export async function toRenewed(
  answer: unknown,
  claims: OwnClaims,
  ringKey: string,
  suite: KeySuite,
): Promise<Renewed | undefined> {
  const result = v.safeParse(Renewal, answer);
  if (!result.success) return undefined;
  const certificate = await checkedCertificate(result.output.certificate, claims, ringKey, suite);
  return certificate === undefined ? undefined : { certificate, seconds: result.output.time };
}

async function checkedCertificate(
  text: string,
  claims: OwnClaims,
  ringKey: string,
  suite: KeySuite,
): Promise<Certificate | undefined> {
  const certificate = decodeCertificate(text);
  if (certificate === undefined) return undefined;
  const { role, device, signKey, agreeKey, nodeId, epoch } = certificate;
  const isOwn =
    role === claims.role &&
    device === claims.device &&
    signKey === claims.signKey &&
    agreeKey === claims.agreeKey &&
    (claims.nodeId ?? nodeId) === nodeId &&
    (claims.epoch ?? epoch) === epoch;
  if (!isOwn) return undefined;
  const isSigned = await suite.verify(ringKey, certificate.signature, certificateStatement(ringKey, certificate));
  return isSigned ? certificate : undefined;
}
