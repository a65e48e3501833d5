// The link by which a file is handed on: the fileId is in the fragment, which browsers send to no server.

import { PeerError } from './errors.ts';

const FILE_ID = /^[0-9a-f]{64}$/;
const MARKER = '#/f/';

export function fileLink(origin: string, fileId: string): string {
  return `${origin}/${MARKER}${fileId}`;
}

/** The fileId in a link, in its part from `#/f/` on, or alone. Throws a PeerError of code bad-link. */
export function parseFileLink(linkOrId: string): string {
  const text = linkOrId.trim();
  const marker = text.indexOf(MARKER);
  const fileId = (marker < 0 ? text : text.slice(marker + MARKER.length)).toLowerCase();
  if (FILE_ID.test(fileId)) return fileId;
  throw new PeerError(
    'bad-link',
    `"${shortened(text)}" is neither a file's link nor its id: give a link that ends in ${MARKER} and 64 hex characters, or those 64 characters alone (these are ${fileId.length})`,
  );
}

/** A pasted novel must not fill the message. */
function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
