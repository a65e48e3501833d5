// A file's link names the Discovery node of its ring.

/** What follows in the fragment of a whole link. */
const FILE_ID = /^[0-9a-f]{64}/i;

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
