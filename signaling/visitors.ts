// Who may talk to the Discovery node, and from where: pages of its own origin and of those that its operator allows;
// the address that counts when a proxy stands in front; and whether it is near enough to choose its ids.

import type { IncomingMessage } from 'node:http';
import { type HostRules, hostNameOf } from './known-hosts.ts';
import { canonicalAddress, isLocalAddress } from './networks.ts';

export interface VisitorRules extends HostRules {
  /** Origins such as https://example.org whose pages may use this Discovery node beside its own; '*' is any. */
  readonly allowedOrigins: readonly string[];
  /** A proxy in front adds X-Forwarded-For and X-Forwarded-Host, and nobody reaches this node past it. */
  readonly trustProxy: boolean;
}

/** Whose wish for a certain id is granted: of all, of visitors from this machine and private networks, of nobody. */
export const CHOSEN_IDS = ['all', 'local', 'none'] as const;
export type ChosenIds = (typeof CHOSEN_IDS)[number];

export interface Visitor {
  /** In one spelling (networks.ts). */
  readonly address: string;
  readonly mayChooseId: boolean;
}

type Headers = Pick<IncomingMessage, 'headers'>['headers'];

/** Whose address cannot be read: all of them count as one visitor. */
const UNKNOWN_ADDRESS = 'unknown';

/** True for programs, which send no origin, for pages served from here, and for allowed origins. */
export function isWelcome(headers: Headers, { allowedOrigins, trustProxy, hostNames = [] }: VisitorRules): boolean {
  const { origin } = headers;
  if (origin === undefined || allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const asked = new URL(origin);
  const host = (trustProxy ? lastOf(headers['x-forwarded-host']) : undefined) ?? headers.host;
  // nginx without further settings tells its own name for this node, not the one that the visitor asked for.
  return asked.host === host || hostNames.includes(hostNameOf(asked.host) ?? '');
}

/** The network address of who connects. `peerAddress`: the far end of the TCP connection. */
export function addressOf(headers: Headers, peerAddress: string, { trustProxy }: VisitorRules): string {
  // The last entry is the proxy's own observation; those before it are what the visitor claims.
  const address = (trustProxy ? lastOf(headers['x-forwarded-for']) : undefined) ?? peerAddress;
  return canonicalAddress(address) ?? UNKNOWN_ADDRESS;
}

/** True if a proxy stands in front whose word does not count: then everybody's address is the proxy's. */
export function isBehindUntrustedProxy(headers: Headers, { trustProxy }: VisitorRules): boolean {
  return !trustProxy && (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined);
}

export function visitorOf(headers: Headers, peerAddress: string, rules: VisitorRules, chosenIds: ChosenIds): Visitor {
  const address = addressOf(headers, peerAddress, rules);
  const isLocal = isLocalAddress(address) && !isBehindUntrustedProxy(headers, rules);
  return { address, mayChooseId: chosenIds === 'all' || (chosenIds === 'local' && isLocal) };
}

function lastOf(header: string | string[] | undefined): string | undefined {
  const values = Array.isArray(header) ? header.join(',') : header;
  return values?.split(',').at(-1)?.trim() || undefined;
}
