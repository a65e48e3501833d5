// Under which names the Discovery node is known. A foreign page whose name is made to point here (DNS rebinding) would be of
// "the same origin" and could speak for its visitor; the Host header still tells its name.

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

export interface HostRules {
  /** Names that its operator has given it, in lower case. */
  readonly hostNames?: readonly string[];
  readonly trustProxy: boolean;
}

type Headers = Pick<IncomingMessage, 'headers'>['headers'];

/** Names that no stranger can own: of this machine (RFC 6761), and those that only the local network resolves (RFC 6762). */
const LOCAL_NAME = /(^|\.)(localhost|local)$/;

/** The name in a Host header or an origin's host: in lower case, without port, brackets and last dot. Undefined: it is none. */
export function hostNameOf(host: string): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return undefined;
  const { hostname: name } = new URL(`http://${host}`);
  return name.replace(/^\[|\]$|\.$/g, '');
}

/**
 * The name that a visitor called this Discovery node by, if it is not known; undefined if all is well. What a proxy adds is
 * asked beside the Host header, never in place of it: a page that is served from a foreign name may set the former itself.
 */
export function unknownHost(headers: Headers, { hostNames = [], trustProxy }: HostRules): string | undefined {
  const forwarded = trustProxy ? headers['x-forwarded-host'] : undefined;
  const hosts = [headers.host, ...String(forwarded ?? '').split(',')].map((host) => host?.trim());
  return hosts.find((host) => host !== undefined && host !== '' && !isKnown(host, hostNames));
}

/** True for addresses, which nobody's name server gives away, for names of the local network, and for those given. */
function isKnown(host: string, hostNames: readonly string[]): boolean {
  const name = hostNameOf(host);
  if (name === undefined) return false;
  // Without a dot: a computer's name in its own network, or a container's.
  if (isIP(name) !== 0 || !name.includes('.') || LOCAL_NAME.test(name)) return true;
  return name === hostname().toLowerCase() || hostNames.includes(name);
}

/** What is said to who comes under an unknown name, and to the operator. */
export function unknownHostText(host: string): string {
  const name = hostNameOf(host);
  const which = name === undefined ? 'this name' : `the name ${name}`;
  return `This Discovery node does not know itself by ${which}: its operator adds --host-name ${name ?? '<name>'}.`;
}
