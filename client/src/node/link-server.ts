// What addresses say of the Discovery node and its ring: a file's link names both, an invitation opens a closed ring.

/** What follows in the fragment of a whole link. */
const FILE_ID = /^[0-9a-f]{64}/i;

/** What follows `#/join/` in an invitation to a closed ring. */
const INVITATION = /^#\/join\/([\w-]+)$/;

/** The secret of an invitation link; undefined if the address is none. */
export function invitationIn({ hash }: Pick<URL, 'hash'>): string | undefined {
  return INVITATION.exec(hash)?.[1];
}

/** The ring's own address below its Discovery node's; one that is there already counts once. */
export function serverOfRing(server: string, ring: string): string {
  return `${server.replace(/\/r\/[^/]*$/, '')}/r/${ring}`;
}

/** Where the link's Discovery node listens; undefined if `text` is no whole link. */
export function serverOfLink(text: string): string | undefined {
  const [address = '', fragment] = text
    .trim()
    .replace(/^[<("']+/, '')
    .split(/(?:#|%23)\/f\//i, 2);
  if (fragment === undefined || !FILE_ID.test(fragment) || !URL.canParse(address)) return undefined;
  const { protocol, origin, pathname } = new URL(address);
  return /^https?:$/.test(protocol) ? `${origin}${pathname.replace(/\/(index\.html)?$/, '')}` : undefined;
}
