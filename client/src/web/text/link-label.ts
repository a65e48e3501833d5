// How a link is named while nothing but it is known.

import { FILE_ROUTE } from './address.ts';
import { shortId } from './short-id.ts';
import { transferWords } from './words/en/transfer.ts';

/** Characters of a fileId: SHA-256 in hex. */
const FILE_ID_CHARACTERS = 64;

/** Of a link or an id, whole or not. */
export function linkLabel(linkOrId: string): string {
  const text = linkOrId.trim();
  const afterRoute = text.includes(FILE_ROUTE) ? text.slice(text.indexOf(FILE_ROUTE) + FILE_ROUTE.length) : text;
  if (/^[0-9a-f]+/i.test(afterRoute) && afterRoute.length >= FILE_ID_CHARACTERS)
    return transferWords().fileOf(shortId(afterRoute));
  return afterRoute.length > 24 ? `“${afterRoute.slice(0, 24)}…”` : `“${afterRoute}”`;
}
