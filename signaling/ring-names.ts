// The names of rings in addresses: the ring of the name class-3b is below /r/class-3b, and the one without a name at the
// Discovery node's own address.

/** Letters, digits, dashes between them: alike in every address, file system and mouth. */
const RING_NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
const RING_ROUTE = /^\/r\/([^/?#]*)(.*)$/s;

/** What the ring at the Discovery node's own address is called where a name is wanted. */
export const MAIN_RING = 'main';

export const RING_NAME_RULE = 'up to 40 small letters, digits and dashes, such as class-3b';

export function isRingName(text: string): boolean {
  return RING_NAME.test(text);
}

/** Where it is below the Discovery node's own address, without a slash at the end. */
export function ringPath(name: string): string {
  return name === '' ? '' : `/r/${name}`;
}

/** The ring that an address below the Discovery node's own is in, and what is asked for there; undefined: in the one without a name. */
export function ringOf(url: string): { readonly name: string; readonly rest: string } | undefined {
  const [, name, rest] = RING_ROUTE.exec(url) ?? [];
  return name === undefined || rest === undefined ? undefined : { name, rest };
}
