// What a file's link says, or its id alone: people paste it with whatever stood round it in a chat, a mail or a shell.

import { FILE_KEY_CHARACTERS, parseFileKey } from '../vault/file-key.ts';
import { PeerError } from './errors.ts';
import { type FileAddress, LINK_MARKER } from './file-link.ts';

/** The marker, also as some programs write it. */
const MARKER = /(#|%23)(\/|%2f)f(\/|%2f)/i;
/** SHA-256 in hex. */
const FILE_ID_DIGITS = 64;
/** An id with a slip in it. */
const LIKE_AN_ID = /^(?=[0-9a-f]*[g-z])[0-9a-z]{32,64}\b/i;
/** Also as commands print it, in a line of its own. */
const FILE_ID = /^(?:id\s*)?([0-9a-f]{64})(?![0-9a-f])/i;
const KEY = /^\.([A-Za-z0-9_-]+)/;
/** What may follow in a text in which a link stood, or was added by a tracker. */
const AFTER = /^[.,;:!?)\]}>"'`*_’”»…]*$|^[?&#]/;

/** True if `text` means a file by its link or id, and not by its name: no name has such a marker or is so many hex digits. */
export function isLinkOrId(text: string): boolean {
  const trimmed = text.trim();
  return MARKER.test(trimmed) || FILE_ID.test(trimmed);
}

/** What is said in a link, in its part from `#/f/` on, or by an id alone. Throws a PeerError of code bad-link. */
export function parseFileLink(linkOrId: string): FileAddress {
  // A mail breaks long lines; no link has a space in it.
  const text = linkOrId.replace(/[\s\u200b]+/g, '').replace(MARKER, LINK_MARKER);
  const marker = text.indexOf(LINK_MARKER);
  const address = marker < 0 ? text.replace(/^[("'`<[]+/, '') : text.slice(marker + LINK_MARKER.length);
  const [written = '', digits] = FILE_ID.exec(address) ?? [];
  if (digits === undefined) throw notALink(text, address);
  const fileId = digits.toLowerCase();
  const rest = address.slice(written.length);
  const key = KEY.exec(rest)?.[1];
  const after = key === undefined ? rest : rest.slice(key.length + 1);
  if (key !== undefined && key.length < FILE_KEY_CHARACTERS) throw cutLink(key.length);
  const fileKey = key === undefined ? undefined : parseFileKey(key.slice(0, FILE_KEY_CHARACTERS));
  const isEnded = key === undefined || /^[_*]*$/.test(key.slice(FILE_KEY_CHARACTERS));
  if (!AFTER.test(after) || !isEnded || (key !== undefined && fileKey === undefined)) throw notALink(text, address);
  return { fileId, fileKey };
}

/** `address`: what should begin with the id. */
function notALink(text: string, address: string): PeerError {
  const digits = /^[0-9a-f]*/i.exec(address)?.[0].length ?? 0;
  const seen = LIKE_AN_ID.test(address)
    ? `"${address[digits]}" is no hex digit, which are 0-9 and a-f`
    : `these are ${digits}`;
  return new PeerError(
    'bad-link',
    `"${withoutKey(text)}" is neither a file's link nor its id: give a link that has ${LINK_MARKER} and ${FILE_ID_DIGITS} hex characters in it, or those ${FILE_ID_DIGITS} characters alone (${seen})`,
  );
}

function cutLink(characters: number): PeerError {
  return new PeerError(
    'bad-link',
    `the link is cut: after the point it has ${characters} of ${FILE_KEY_CHARACTERS} characters. Copy it whole`,
  );
}

/** A pasted novel must not fill the message, and a key must not be in it. */
function withoutKey(text: string): string {
  const shown = text.replace(/([0-9a-f]{64})\..*/i, '$1…');
  return shown.length <= 80 ? shown : `${shown.slice(0, 79)}…`;
}
