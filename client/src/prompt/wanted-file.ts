// The word by which a user names a file that is to be found: a link, an id, or the name of a public file. What is said where it
// can be none of them.

import { PeerError } from '../peer/errors.ts';
import { plainName } from '../peer/name-key.ts';
import { isLinkOrId, parseFileLink } from '../peer/parse-file-link.ts';

/** Characters of what was meant as an id of 64, some lost on the way or doubled; hashes that are names, such as SHA-1, are shorter. */
const NEARLY_AN_ID = /^[0-9a-z]{57,80}$/i;
/** Of its letters, such as O for 0. */
const MAX_SLIPS = 4;

/** Throws a PeerError of code bad-link, before anybody is asked, if `wanted` is meant as a link and is none, or names nothing. */
export function checkWanted(wanted: string): void {
  // No name has an address in it.
  if (isLinkOrId(wanted) || wanted.includes('://')) parseFileLink(wanted);
  else if (plainName(wanted.trim()) === '')
    throw new PeerError('bad-link', `"${wanted}" names no file: give a link, an id, or the name of a public file`);
}

/** Throws a PeerError of code bad-link if a name that nobody has is nearly an id. */
export function checkUnknownName(name: string): void {
  const id = name.trim().replace(/^id\s+/i, '');
  const slips = id.replace(/[0-9a-f]/gi, '').length;
  if (NEARLY_AN_ID.test(id) && slips <= MAX_SLIPS) parseFileLink(id);
}
