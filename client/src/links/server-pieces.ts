// What the Discovery node carries between two nodes that nothing else joins, in pieces: an opening word, which each end says
// until it knows the other's, sealed ones, and the end.

import * as v from 'valibot';
import { fromBase64url, toBase64url } from '../trust/base64url.ts';
import { MAX_CERTIFICATE_CHARACTERS } from '../trust/certificate.ts';

/** Of a nonce, bytes. */
const NONCE_BYTES = 16;
const OPEN = 1;
const SEALED = 2;
const END = 3;
/** In front of what is sealed: the kind, and both ends’ nonces. */
export const SEALED_HEADER_BYTES = 1 + 2 * NONCE_BYTES;

const nonce = v.pipe(v.string(), v.regex(/^[\w-]{22}$/, 'not a nonce'));

const Opening = v.strictObject({
  /** Of this attempt and end, random: a key is agreed over both, so nothing of an earlier link is taken. */
  nonce,
  /** The other end's, once it is known. */
  heard: v.exactOptional(nonce),
  certificate: v.pipe(v.string(), v.maxLength(MAX_CERTIFICATE_CHARACTERS)),
  /** The sender is not in the ring yet. */
  joining: v.exactOptional(v.literal(true)),
});
export type Opening = v.InferOutput<typeof Opening>;

export type Piece =
  | ({ readonly type: 'open' } & Opening)
  | ({ readonly type: 'sealed'; readonly sealed: Uint8Array } & Ends)
  | ({ readonly type: 'end' } & Ends);

/** The receiver's nonce and the sender's: which attempts of theirs it is of. */
export interface Ends {
  readonly to: string;
  readonly from: string;
}

export function randomNonce(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
}

export function encodePiece(piece: Piece): Uint8Array {
  if (piece.type === 'open') {
    const { type: _, ...opening } = piece;
    return joined(OPEN, new TextEncoder().encode(JSON.stringify(opening)));
  }
  const ends = [piece.to, piece.from].map(nonceBytes);
  return piece.type === 'end' ? joined(END, ...ends) : joined(SEALED, ...ends, piece.sealed);
}

/** Undefined for anything that is no piece. */
export function decodePiece(bytes: Uint8Array): Piece | undefined {
  const [kind] = bytes;
  if (kind === OPEN) return decodeOpening(bytes.subarray(1));
  if (bytes.length < SEALED_HEADER_BYTES) return undefined;
  const to = toBase64url(bytes.subarray(1, 1 + NONCE_BYTES));
  const from = toBase64url(bytes.subarray(1 + NONCE_BYTES, SEALED_HEADER_BYTES));
  if (kind === SEALED) return { type: 'sealed', to, from, sealed: bytes.subarray(SEALED_HEADER_BYTES) };
  return kind === END && bytes.length === SEALED_HEADER_BYTES ? { type: 'end', to, from } : undefined;
}

function nonceBytes(text: string): Uint8Array {
  const bytes = fromBase64url(text, NONCE_BYTES);
  if (bytes === undefined) throw new Error(`${text} is no nonce`);
  return bytes;
}

function decodeOpening(bytes: Uint8Array): Piece | undefined {
  try {
    const result = v.safeParse(Opening, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    return result.success ? { type: 'open', ...result.output } : undefined;
  } catch {
    return undefined; // no text, or no JSON
  }
}

function joined(kind: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(1 + parts.reduce((sum, { length }) => sum + length, 0));
  bytes[0] = kind;
  let at = 1;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
