// What every answer tells browsers to refuse: strangers' scripts, frames, and the powers that the page does not use.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HostRules, hostNameOf } from './known-hosts.ts';

/** The page is one script with parts, one style sheet, pictures made on the spot, and a socket to where it came from. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // The icon in index.html is data:; what is shown of a file is blob:.
  "img-src 'self' data: blob:",
  // ws: and wss: of the same host and port are "self" (CSP 3); where they are not, Socket.IO goes on by polling.
  "connect-src 'self'",
  // What the page is as an app of its own.
  "manifest-src 'self'",
  // The workers that downloads come from and that open the page without the server, and the frame in which the browser asks for a
  // download.
  "worker-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Text never becomes script or markup by mistake, where browsers can see to that.
  "require-trusted-types-for 'script'",
].join('; ');

/** Powers that the page has no use for, as far as browsers know the words: of others they complain. Data channels need none. */
const DENIED = [
  ...['accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'hid', 'magnetometer', 'microphone'],
  ...['midi', 'payment', 'publickey-credentials-get', 'serial', 'usb', 'xr-spatial-tracking'],
];

const ALWAYS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': DENIED.map((power) => `${power}=()`).join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Half a year. Without subdomains: they may be somebody else's. */
const STRICT_TRANSPORT_SECURITY = 'max-age=15552000';

export interface SecurityRules extends HostRules {
  readonly isTls: boolean;
}

/** Sets them before anybody else answers. */
export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse, rules: SecurityRules): void {
  for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
  if (isTrustworthy(request, rules)) response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  if (isStrictlyHttps(request, rules)) response.setHeader('Strict-Transport-Security', STRICT_TRANSPORT_SECURITY);
}

/**
 * Only for a name that the operator has given: the promise holds for all ports of a name and for half a year, so localhost, or
 * a computer of a classroom, must not make it because https was tried once.
 */
function isStrictlyHttps({ headers }: IncomingMessage, { isTls, trustProxy, hostNames = [] }: SecurityRules): boolean {
  const isHttps = isTls || (trustProxy && isForwardedAsHttps(headers));
  const name = hostNameOf(headers.host ?? '');
  return isHttps && name !== undefined && hostNames.includes(name);
}

/** Over plain http in a network browsers take no word about openers, and complain of it (Secure Contexts, section 3.1). */
function isTrustworthy({ headers }: IncomingMessage, { isTls }: SecurityRules): boolean {
  const isThisMachine = /^(127\.[\d.]+|::1|(.+\.)?localhost)$/.test(hostNameOf(headers.host ?? '') ?? '');
  return isTls || isForwardedAsHttps(headers) || isThisMachine;
}

function isForwardedAsHttps(headers: IncomingMessage['headers']): boolean {
  return String(headers['x-forwarded-proto']).split(',').at(-1)?.trim() === 'https';
}
