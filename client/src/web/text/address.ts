// The page's addresses: its four places (`/`, `/#/f/<file>`, `/#/ring`, `/#/console`), `/?id=<hex prefix>` for a nodeId, `/?lesson` for the lesson beside the ring, and
// `/#/join/<secret>` to be let into a closed ring. Pure.

import { parseFileLink } from '../../peer/parse-file-link.ts';

/** Longest id of any ring, hex characters (signaling/protocol.ts). */
const MAX_ID_CHARACTERS = 64;
export const FILE_ROUTE = '#/f/';
/** What differs between rings of one Discovery node (signaling/ring-names.ts). */
const RING_PATH = /\/r\/[^/]+(?=\/|$)/;
const INVITATION = /^#\/join\/([\w-]+)$/;
/** Of what is no link to a file, so much stays in the address: nobody reads more of it. */
const MAX_RAW_CHARACTERS = 200;

/** share: own files. open: a file of anybody's. ring, console: how it works. */
export type Place = 'share' | 'open' | 'ring' | 'console';

const PLACE_BY_HASH: Readonly<Record<string, Place>> = {
  '': 'share',
  '#/': 'share',
  '#/open': 'open',
  '#/ring': 'ring',
  '#/console': 'console',
};

export interface Address {
  readonly place: Place;
  /** Hex prefix of the id that this tab would like; undefined: any. */
  readonly wantedId: string | undefined;
  /** A file to open: the address from `#/f/` on, to be judged by the peer. */
  readonly file: string | undefined;
  /** The secret of an invitation to a closed ring. */
  readonly invitation: string | undefined;
  /** What in the address makes no sense; undefined if all does. */
  readonly problem: AddressProblem | undefined;
}

/** bad-id: what is asked for is no id. bad-place: what is after the # means nothing. */
export type AddressProblem = { readonly kind: 'bad-id'; readonly wanted: string } | { readonly kind: 'bad-place' };

/** Reads the address of the page, `location.href`. */
export function parseAddress(href: string): Address {
  const url = new URL(href);
  const wanted = url.searchParams.get('id')?.trim().toLowerCase() ?? '';
  const isHex = /^[0-9a-f]+$/.test(wanted) && wanted.length <= MAX_ID_CHARACTERS;
  const hasFile = url.hash.startsWith(FILE_ROUTE) && url.hash !== FILE_ROUTE;
  const invitation = INVITATION.exec(url.hash)?.[1];
  const first = url.hash === '' && isLesson(href) ? 'ring' : PLACE_BY_HASH[url.hash];
  const place = hasFile ? 'open' : invitation !== undefined ? 'share' : first;
  return {
    place: place ?? 'share',
    wantedId: isHex ? wanted : undefined,
    file: hasFile ? url.hash : undefined,
    invitation,
    problem: problemOf(wanted, isHex, place !== undefined),
  };
}

/** The lesson is wanted beside the ring. */
export function isLesson(href: string): boolean {
  return new URL(href).searchParams.has('lesson');
}

/** The part of the address that opens what a user typed or pasted, a link or an id; the same however it is spelled. */
export function fileHash(linkOrId: string): string {
  try {
    const { fileId, fileKey } = parseFileLink(linkOrId);
    return `${FILE_ROUTE}${fileId}${fileKey === undefined ? '' : `.${fileKey}`}`;
  } catch {
    const text = linkOrId.replace(/\s+/g, '');
    const raw = text.includes(FILE_ROUTE) ? text.slice(text.indexOf(FILE_ROUTE) + FILE_ROUTE.length) : text;
    return FILE_ROUTE + raw.slice(0, MAX_RAW_CHARACTERS);
  }
}

/**
 * The link, if it is of another ring on the Discovery node of the page at `here`: only there is its file, or the door that it opens.
 * Undefined for all else: one ring has many addresses, `localhost` among them.
 */
export function linkElsewhere(text: string, here: string): string | undefined {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) return undefined;
  const link = new URL(trimmed);
  const ring = RING_PATH.exec(link.pathname)?.[0];
  return link.origin === new URL(here).origin &&
    ring !== RING_PATH.exec(new URL(here).pathname)?.[0] &&
    link.hash !== ''
    ? link.href
    : undefined;
}

function problemOf(wanted: string, isHex: boolean, isPlace: boolean): AddressProblem | undefined {
  if (wanted !== '' && !isHex) return { kind: 'bad-id', wanted: wanted.slice(0, MAX_ID_CHARACTERS) };
  return isPlace ? undefined : { kind: 'bad-place' };
}
