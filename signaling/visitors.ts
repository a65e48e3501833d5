// Who may talk to the Discovery node, and from where: pages of its own origin and of those that its operator allows;
// the address that counts when a proxy stands in front.

import type { IncomingMessage } from 'node:http';

export interface VisitorRules {
  /** Origins such as https://example.org whose pages may use this Discovery node beside its own; '*' is any. */
  readonly allowedOrigins: readonly string[];
  /** A proxy in front adds X-Forwarded-For and X-Forwarded-Host, and nobody reaches this node past it. */
  readonly trustProxy: boolean;
}

type Headers = Pick<IncomingMessage, 'headers'>['headers'];

/** True for programs, which send no origin, for pages served from here, and for allowed origins. */
export function isWelcome(headers: Headers, { allowedOrigins, trustProxy }: VisitorRules): boolean {
  const { origin } = headers;
  if (origin === undefined || allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true;
  const host = (trustProxy ? lastOf(headers['x-forwarded-host']) : undefined) ?? headers.host;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** How a socket that listens for both kinds of IP shows an address of the old kind: ::ffff:192.0.2.7. */
const MAPPED_IPV4 = /^::ffff:(?=\d+(\.\d+){3}$)/i;

/** The network address of who connects. `peerAddress`: the far end of the TCP connection. */
export function addressOf(headers: Headers, peerAddress: string, { trustProxy }: VisitorRules): string {
  // The last entry is the proxy's own observation; those before it are what the visitor claims.
  const address = (trustProxy ? lastOf(headers['x-forwarded-for']) : undefined) ?? peerAddress;
  return address.replace(MAPPED_IPV4, '');
}

function lastOf(header: string | string[] | undefined): string | undefined {
  const values = Array.isArray(header) ? header.join(',') : header;
  return values?.split(',').at(-1)?.trim() || undefined;
}
