// The places of the page and their addresses; the browser's title.

import type { Place } from './address.ts';
import { shortId } from './short-id.ts';
import { frameWords } from './words/en/frame.ts';

export const PLACES: readonly { readonly place: Place; readonly hash: string }[] = [
  { place: 'share', hash: '#/' },
  { place: 'open', hash: '#/open' },
  { place: 'ring', hash: '#/ring' },
  { place: 'console', hash: '#/console' },
];

/** The browser's title: where ids are spoken of, with this tab's, so that tabs of one window are told apart. */
export function titleOf(place: Place, nodeId: string | undefined): string {
  const isOfIds = place === 'ring' || place === 'console';
  const name = frameWords().places[place];
  return isOfIds && nodeId !== undefined ? `${shortId(nodeId)} Tabring ${name}` : `Tabring ${name}`;
}
