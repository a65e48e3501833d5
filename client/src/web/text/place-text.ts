// What the places of the page are called. Pure.

import type { Place } from './address.ts';
import { shortId } from './format.ts';

export const PLACES: readonly { readonly place: Place; readonly name: string; readonly hash: string }[] = [
  { place: 'share', name: 'Share', hash: '#/' },
  { place: 'open', name: 'Open', hash: '#/open' },
  { place: 'ring', name: 'Ring', hash: '#/ring' },
  { place: 'console', name: 'Console', hash: '#/console' },
];

/** The browser's title: where ids are spoken of, with this tab's, so that tabs of one window are told apart. */
export function titleOf(place: Place, nodeId: string | undefined): string {
  const isOfIds = place === 'ring' || place === 'console';
  const name = PLACES.find((each) => each.place === place)?.name ?? '';
  return isOfIds && nodeId !== undefined ? `${shortId(nodeId)} Tabring ${name}` : `Tabring ${name}`;
}
