// What a user wants to fetch, by what stands in the box: a link, an id, or the name of a public file.

import { isLinkOrId as isWhole } from '../../peer/parse-file-link.ts';

/** An id that lost a few of its 64 characters on the way is still no name. */
const MIN_ID_CHARACTERS = 32;

/** True for a file's link or id, also a damaged one: the error then says what is wrong with it. */
export function isLinkOrId(text: string): boolean {
  return (
    isWhole(text) ||
    /#\/?f\//.test(text) ||
    text.includes('://') ||
    (text.length >= MIN_ID_CHARACTERS && /^[0-9a-f]+$/i.test(text))
  );
}
