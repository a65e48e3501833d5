// Offers that would make a node open a link to the hostile peer under another's name: its own ones, and ones with the other's
// certificate, which it has seen, signed by itself.

import { randomBytes } from 'node:crypto';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { encodeEnvelope } from '../../src/links/envelope.ts';
import { encodeSignal } from '../../src/links/signal.ts';
import { encodeCertificate } from '../../src/trust/certificate.ts';
import type { HostilePeer } from './hostile-peer.ts';

const FINGERPRINT = Array<string>(32).fill('01').join(':');
/** As much of a description as is read before its sender has proved itself. */
const SDP = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 ${FINGERPRINT}\r\n`;

/** For `victim`, as of the hostile peer itself. */
export function ownOffer(hostile: HostilePeer, victim: NodeId): Promise<string> {
  return offer(hostile, victim, hostile.discovery.credentials.encoded);
}

/** For `victim`, as of `claimed`, which has not signed it. */
export function forgedOffer(hostile: HostilePeer, victim: NodeId, claimed: NodeId): Promise<string> {
  return offer(hostile, victim, encodeCertificate(hostile.certificateOf(claimed)));
}

async function offer(hostile: HostilePeer, victim: NodeId, certificate: string): Promise<string> {
  const attempt = randomBytes(8).toString('hex');
  const body = encodeSignal({ type: 'offer', attempt, sdp: SDP, candidates: [] });
  const signature = await hostile.discovery.credentials.sign('signal', [victim, body]);
  return encodeEnvelope({ to: victim, certificate, signature, body });
}
