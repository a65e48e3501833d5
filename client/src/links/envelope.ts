// How a signal travels: whom it is for, who says it, and the signature that proves both. One line, the signed text as it is,
// so that nothing is spelled anew between signing and checking.

import { MAX_SIGNAL_CHARACTERS } from '../../../signaling/protocol.ts';
import { MAX_CERTIFICATE_CHARACTERS } from '../trust/certificate.ts';

export interface Envelope {
  /** The node that it is for. */
  readonly to: string;
  /** The sender's, as text. */
  readonly certificate: string;
  /** Of the sender over `to` and `body`, base64url. */
  readonly signature: string;
  /** What is said (signal.ts). */
  readonly body: string;
}

const FORMAT = new RegExp(`^([0-9a-f]{1,64}) ([!-~]{1,${MAX_CERTIFICATE_CHARACTERS}}) ([\\w-]{86}) (.*)$`, 's');

export function encodeEnvelope({ to, certificate, signature, body }: Envelope): string {
  return `${to} ${certificate} ${signature} ${body}`;
}

/** Undefined for anything else. Only the form is checked. */
export function decodeEnvelope(text: string): Envelope | undefined {
  if (text.length > MAX_SIGNAL_CHARACTERS) return undefined;
  const [, to, certificate, signature, body] = FORMAT.exec(text) ?? [];
  if (to === undefined || certificate === undefined || signature === undefined || body === undefined) return undefined;
  return { to, certificate, signature, body };
}
