// The fingerprint of a DTLS certificate, as 64 lower-case hex digits of its SHA-256. A description names it (RFC 8122), and
// DTLS lets nobody else be the other end of the channel: so who signs a description signs for the channel.

import { sha256 } from '../peer/sha256.ts';
import type { WebRtcImplementation } from './webrtc-connection.ts';

const LINE = /^a=fingerprint:(\S+) +(\S+) *$/i;
const OCTETS = /^[0-9a-f]{2}(?::[0-9a-f]{2}){31}$/i;

/**
 * The one that a description names. Undefined if it names none, more than one, or one by another hash: the browser might
 * take any of several, and accepts some hashes that can be broken.
 */
export function describedFingerprint(sdp: string): string | undefined {
  let found: string | undefined;
  for (const line of sdp.split(/\r\n|\r|\n/)) {
    if (!/^\s*a\s*=\s*fingerprint/i.test(line)) continue;
    const [, hash, value = ''] = LINE.exec(line) ?? [];
    const fingerprint = hash?.toLowerCase() === 'sha-256' ? plainFingerprint(value) : undefined;
    if (fingerprint === undefined || (found !== undefined && found !== fingerprint)) return undefined;
    found = fingerprint;
  }
  return found;
}

/** Of `AB:CD:…`, 32 octets. Undefined for anything else. */
export function plainFingerprint(octets: string): string | undefined {
  return OCTETS.test(octets) ? octets.replaceAll(':', '').toLowerCase() : undefined;
}

/** What the browser, or WebRTC for Node, tells of the certificate that the other end of an open connection has shown. */
export async function shownFingerprint(
  connection: object | null | undefined,
  webRtc: Pick<WebRtcImplementation, 'remoteFingerprint'> | undefined,
): Promise<string | undefined> {
  if (connection === null || connection === undefined) return undefined;
  if (webRtc !== undefined) return plainFingerprint(webRtc.remoteFingerprint(connection) ?? '');
  const [certificate] = shownCertificates(connection);
  return certificate === undefined || certificate.byteLength === 0 ? undefined : sha256(new Uint8Array(certificate));
}

/** In DER, the other end's own first. Not all browsers tell. */
function shownCertificates(connection: object): readonly ArrayBuffer[] {
  if (!(connection instanceof RTCPeerConnection)) return [];
  const transport: Partial<RTCDtlsTransport> | undefined = connection.sctp?.transport;
  return transport?.getRemoteCertificates?.() ?? [];
}
