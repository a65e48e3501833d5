// Network addresses: which of them count as one visitor, and which are of this machine or the networks around it.

import { isIPv4, isIPv6 } from 'node:net';

/** Characters of the longest address: eight groups of IPv6, the last two as IPv4. Longer ones are none. */
const MAX_ADDRESS_CHARACTERS = 45;
/** IPv6 inside which the rest is an IPv4 address: ::ffff:0:0/96 (RFC 4291, section 2.5.5.2) and 64:ff9b::/96 (RFC 6052). */
const IPV4_INSIDE = ['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0'];

/** One spelling for each address: IPv4 as such also where it comes as IPv6, no zone, no brackets, no port. Undefined: no address. */
export function canonicalAddress(text: string): string | undefined {
  const bare = withoutPort(text.trim());
  if (bare.length > MAX_ADDRESS_CHARACTERS) return undefined;
  if (isIPv4(bare)) return bare;
  const groups = ipv6Groups(bare);
  if (groups === undefined) return undefined;
  const hex = groups.map((group) => group.toString(16));
  if (IPV4_INSIDE.includes(hex.slice(0, 6).join(':'))) return groups.slice(6).flatMap(toOctets).join('.');
  // URLs write addresses in the one recommended form (RFC 5952).
  return new URL(`http://[${hex.join(':')}]`).hostname.slice(1, -1);
}

/** What counts as one visitor: an IPv4 address, or the /64 of an IPv6 one, which a provider gives to one home at least. */
export function addressGroup(canonical: string): string {
  const groups = ipv6Groups(canonical);
  if (groups === undefined) return canonical;
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/**
 * Loopback, private (RFC 1918, RFC 4193) and link-local addresses: who has one is on this machine or in a network around it.
 * 100.64.0.0/10 (RFC 6598) is none: it is shared by all customers of a provider, who are strangers to each other.
 */
export function isLocalAddress(canonical: string): boolean {
  const groups = ipv6Groups(canonical);
  if (groups !== undefined) {
    const [first = 0] = groups;
    const isUniqueLocal = (first & 0xfe00) === 0xfc00;
    const isLinkLocal = (first & 0xffc0) === 0xfe80;
    return canonical === '::1' || isUniqueLocal || isLinkLocal;
  }
  const [a = 0, b = 0] = canonical.split('.').map(Number);
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
  return a === 127 || isPrivate || (a === 169 && b === 254);
}

/** Some proxies name the visitor's port too: 192.0.2.7:4711 or [2001:db8::7]:4711. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  return bracketed ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
}

/** The eight groups of an IPv6 address, of whatever spelling. */
function ipv6Groups(text: string): readonly number[] | undefined {
  if (!isIPv6(text)) return undefined;
  const withoutZone = text.split('%', 1)[0] ?? '';
  const [head = '', tail] = withoutZone.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

function groupsOf(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function toOctets(group: number): readonly number[] {
  return [group >> 8, group & 0xff];
}
