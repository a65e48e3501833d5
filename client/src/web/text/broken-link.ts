// What is wrong with what was opened as a file's link and is none. Pure.

import { FILE_KEY_CHARACTERS } from '../../vault/file-key.ts';
import { FILE_ROUTE } from './address.ts';
import { openMoreWords } from './words/en/open-more.ts';

/** SHA-256 in hex. */
const FILE_ID_CHARACTERS = 64;
const URL_START = /^[a-z][a-z0-9+.-]*:\/\//i;
/** An id with a slip in it. */
const LIKE_AN_ID = /^[0-9a-z]{32,64}\b/i;
const HEX = /^[0-9a-f]*/i;

/** cut: its end is missing. elsewhere: an address, but of no file. */
export interface BrokenLink {
  readonly kind: 'cut' | 'elsewhere' | 'bad-link';
  /** What of it can be seen, a sentence; empty if nothing tells more. */
  readonly seen: string;
}

/** `source`: as it was opened, from `#/f/` on. */
export function brokenLink(source: string): BrokenLink {
  const words = openMoreWords();
  const text = source.slice(FILE_ROUTE.length);
  const id = HEX.exec(text)?.[0] ?? '';
  const rest = text.slice(id.length);
  if (id.length === FILE_ID_CHARACTERS) {
    const key = /^\.([\w-]*)$/.exec(rest)?.[1];
    if (key === undefined || key.length >= FILE_KEY_CHARACTERS) return { kind: 'bad-link', seen: '' };
    return { kind: 'cut', seen: words.seenOfKey(key.length, FILE_KEY_CHARACTERS) };
  }
  if (URL_START.test(text)) return { kind: 'elsewhere', seen: URL.canParse(text) ? leadsTo(new URL(text)) : '' };
  if (id.length > FILE_ID_CHARACTERS) return { kind: 'bad-link', seen: '' };
  if (id !== '' && /^(\..*)?$/.test(rest)) return { kind: 'cut', seen: words.seenOfId(id.length, FILE_ID_CHARACTERS) };
  const slip = LIKE_AN_ID.test(text) ? rest[0] : undefined;
  return { kind: 'bad-link', seen: slip === undefined ? '' : words.seenSlip(slip) };
}

function leadsTo({ host }: URL): string {
  return host === '' ? '' : openMoreWords().seenPage(host);
}
