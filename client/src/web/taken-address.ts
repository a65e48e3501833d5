// The page's address, and a key taken out of sight: of a private file's link the address bar keeps the id alone, so that the key
// is in no picture of the screen, no history and no title; an invitation goes wholly. This entry of the history remembers it, for reloads.

import { type Address, parseAddress } from './text/address.ts';

/** What a history entry of this page keeps. */
interface Kept {
  readonly link: string;
}

/** `opened`: the link of the file that is open in this tab, from `#/f/` on: who comes back to its id need not give the key again. */
export function takeAddress({ location, history }: Pick<Window, 'location' | 'history'>, opened?: string): Address {
  const url = new URL(location.href);
  const asked = parseAddress(url.href);
  if (asked.invitation !== undefined) {
    // Used once: what it opens is remembered.
    history.replaceState(null, '', `${location.pathname}${url.search}`);
    return asked;
  }
  const [shown = '', fileKey] = url.hash.split('.', 2);
  if (fileKey !== undefined) {
    history.replaceState({ link: url.hash } satisfies Kept, '', `${location.pathname}${url.search}${shown}`);
    return parseAddress(url.href);
  }
  const state: unknown = history.state;
  if (isKept(state) && state.link.startsWith(`${url.hash}.`)) url.hash = state.link;
  else if (shown !== '' && opened?.startsWith(`${shown}.`)) {
    history.replaceState({ link: opened } satisfies Kept, '');
    url.hash = opened;
  }
  return parseAddress(url.href);
}

function isKept(state: unknown): state is Kept {
  return typeof state === 'object' && state !== null && 'link' in state && typeof state.link === 'string';
}
