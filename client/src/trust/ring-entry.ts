// The way into a ring that is closed: who knows its password, or an invitation, proves so without saying it, and the Discovery
// node proves in its answer that it had the means to check. After SCRAM (RFC 5802, section 3), with scrypt (RFC 7914), which
// needs much memory for each guess, in the place of PBKDF2. What a Discovery node keeps opens no ring; what a node keeps (its
// entry keys) opens this one ring, and is not the password.

import { fromBase64url, toBase64url } from './base64url.ts';
import { hmac, scryptAsync, sha256 } from './noble-hashes.ts';

/** How a ring's secrets become keys: the same for all of them, so that nobody sees how many there are. */
export interface EntryTerms {
  /** 16 bytes, base64url. */
  readonly salt: string;
  /** scrypt's N is 2 to this; with r = 8 that takes 2^(logN + 10) bytes. */
  readonly logN: number;
}

/** What a node keeps: 32 bytes each, base64url. */
export interface EntryKeys {
  readonly client: string;
  readonly server: string;
}

/** What a Discovery node keeps of one secret: 32 bytes each, base64url. */
export interface EntryVerifier {
  readonly stored: string;
  readonly server: string;
}

/** Where the secret comes from, and what is kept of it. */
export interface Entry {
  /**
   * Proves `text` (entryStatement) once; it may take as long as its user thinks. `mayAsk`: false in the background, where nobody
   * waits for a question. Rejects with a PeerError: ring-closed, if there is no secret.
   */
  prove(terms: EntryTerms, text: string, mayAsk: boolean): Promise<EntryAttempt>;
  /** The last proof was none: what was kept is forgotten, and the next question says so. */
  wrong(message: string): Promise<void>;
}

export interface EntryAttempt {
  readonly proof: string;
  /** False if whoever answered could not check the proof: it is no Discovery node of the ring. */
  isAnswer(answer: string | undefined): boolean;
  /** It was right: keeps it for the next time. Rejects with a PeerError of code storage. */
  entered(): Promise<void>;
}

/** 32 MiB and some 0.2 s for each guess. */
const ENTRY_LOG_N = 15;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const SCRYPT = { r: 8, p: 1, dkLen: KEY_BYTES } as const;

export function newTerms(): EntryTerms {
  return { salt: toBase64url(crypto.getRandomValues(new Uint8Array(SALT_BYTES))), logN: ENTRY_LOG_N };
}

/** `secret`: a password as somebody types it, on whatever keyboard (NFKC), or an invitation's. Takes a fifth of a second. */
export async function entryKeysOf(secret: string, { salt, logN }: EntryTerms): Promise<EntryKeys> {
  const salted = await scryptAsync(utf8(secret.normalize('NFKC')), bytesOf(salt), { ...SCRYPT, N: 2 ** logN });
  return { client: keyed(salted, 'client key'), server: keyed(salted, 'server key') };
}

export function verifierOf({ client, server }: EntryKeys): EntryVerifier {
  return { stored: toBase64url(sha256(bytesOf(client))), server };
}

/** That its maker has the keys; of use for this `text` alone (entryStatement of statement.ts). */
export function entryProof(keys: EntryKeys, text: string): string {
  return xor(keys.client, keyed(bytesOf(verifierOf(keys).stored), text));
}

/** The Discovery node's answer to a right proof; undefined: it is none. */
export function entryAnswer({ stored, server }: EntryVerifier, text: string, proof: string): string | undefined {
  const client = xor(proof, keyed(bytesOf(stored), text));
  return isSame(toBase64url(sha256(bytesOf(client))), stored) ? keyed(bytesOf(server), text) : undefined;
}

/** True if whoever answered keeps a verifier of this secret. */
export function isEntryAnswer({ server }: EntryKeys, text: string, answer: string): boolean {
  return isSame(keyed(bytesOf(server), text), answer);
}

function keyed(key: Uint8Array, text: string): string {
  return toBase64url(hmac(sha256, key, utf8(text)));
}

function xor(one: string, other: string): string {
  const mask = bytesOf(other);
  return toBase64url(bytesOf(one).map((byte, index) => byte ^ (mask[index] ?? 0)));
}

/** Takes as long wherever they differ. */
function isSame(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let index = 0; index < one.length; index += 1) difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  return difference === 0;
}

/** Schemas have checked what comes from outside. */
function bytesOf(text: string): Uint8Array {
  return fromBase64url(text) ?? new Uint8Array(KEY_BYTES);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
