// What addresses say of the Discovery node and its ring: a file's link names both, an invitation opens a closed ring.

import { MAIN_RING, ringPath } from '../../../signaling/ring-names.ts';

/** What follows in the fragment of a whole link. */
const FILE_ID = /^[0-9a-f]{64}/i;

/** What follows `#/join/` in an invitation to a closed ring. */
const INVITATION = /^#\/join\/([\w-]+)$/;

/** The secret of an invitation link; undefined if the address is none. */
export function invitationIn({ hash }: Pick<URL, 'hash'>): string | undefined {
  return INVITATION.exec(hash)?.[1];
}

/** The ring's own address, of the first one its Discovery node's; a ring that is named there already counts for nothing. */
export function serverOfRing(server: string, ring: string): string {
  const first = server.replace(/\/r\/[^/]*$/, '');
  return ring === MAIN_RING ? first : `${first}${ringPath(ring)}`;
}

/** Where the link's Discovery node listens; undefined if `text` is no whole link. */
export function serverOfLink(text: string): string | undefined {
  const [before = '', fragment] = text.trim().split(/(?:#|%23)(?:\/|%2f)f(?:\/|%2f)/i, 2);
  // In the line that commands print, a word stands in front.
  const address = decoded(before.replace(/^.*\s/s, '').replace(/^[<("']+/, ''));
  if (fragment === undefined || !FILE_ID.test(fragment) || !URL.canParse(address)) return undefined;
  const { protocol, origin, pathname } = new URL(address);
  return /^https?:$/.test(protocol) ? `${origin}${pathname.replace(/\/(index\.html)?$/, '')}` : undefined;
}

/** An address that a program has written as a part of another one. */
function decoded(address: string): string {
  if (!/^https?%3a/i.test(address)) return address;
  try {
    return decodeURIComponent(address);
  } catch {
    return address; // it only looks so
  }
}
