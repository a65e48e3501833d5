// A name record: which file a name stands for, and when it was stored. A block of its own that never changes, so two files of
// one name are two records. Whoever stored it may be hostile: everything in it is checked, by its holders too.

import * as v from 'valibot';
import { type BlockRef, isNameRecord, MAX_RECORD_BYTES } from '../core/past/block.ts';
import type { Key } from '../core/pastry/id.ts';
import { PeerError } from './errors.ts';
import { MAX_NAME_CHARACTERS, MAX_TYPE_CHARACTERS } from './limits.ts';
import { nameKey, plainName } from './name-key.ts';
import type { Sha256 } from './ports.ts';

const VERSION = 1;
/** The largest date there is, milliseconds since 1970. */
const MAX_DATE_MS = 8.64e15;
/** Salts tried: each misses with a chance of one in 16 at most. */
const MAX_SALT = 100;
const naturalNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const schema = v.strictObject({
  version: v.literal(VERSION),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_NAME_CHARACTERS)),
  type: v.pipe(v.string(), v.maxLength(MAX_TYPE_CHARACTERS)),
  /** Bytes. */
  size: naturalNumber,
  fileId: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** Milliseconds since 1970, by the storer's clock. */
  storedAt: v.pipe(naturalNumber, v.maxValue(MAX_DATE_MS)),
  /** Chosen so that the record's digest does not begin with its key. */
  salt: v.pipe(naturalNumber, v.maxValue(MAX_SALT)),
});

/** What a record says, as its storer claims. */
export type NameRecord = Omit<v.InferOutput<typeof schema>, 'version' | 'salt'>;

export interface EncodedRecord {
  readonly block: BlockRef;
  readonly bytes: Uint8Array;
}

/** Throws a PeerError of code bad-name if the name is empty or too long. */
export function checkName(name: string): void {
  const plain = plainName(name);
  if (plain === '') throw new PeerError('bad-name', 'a public file must have a name: give it one');
  if (plain.length <= MAX_NAME_CHARACTERS) return;
  throw new PeerError('bad-name', `the name has more than ${MAX_NAME_CHARACTERS} characters: rename the file`);
}

/** The record as a block at the key of its name. Rejects with a PeerError of code bad-name. */
export async function encodeRecord(record: NameRecord, digits: number, sha256: Sha256): Promise<EncodedRecord> {
  checkName(record.name);
  const name = plainName(record.name);
  const type = record.type.length > MAX_TYPE_CHARACTERS ? '' : record.type;
  const key = await nameKey(name, digits, sha256);
  for (let salt = 0; salt <= MAX_SALT; salt += 1) {
    const bytes = new TextEncoder().encode(JSON.stringify({ version: VERSION, ...record, name, type, salt }));
    const block = { key, digest: await sha256(bytes), size: bytes.length };
    if (isNameRecord(block)) return { block, bytes };
  }
  throw new PeerError('bad-name', 'no key could be found for this name: give the file another');
}

/** The record in `bytes`; undefined if they are no record whose name belongs at `key`. */
export async function decodeRecord(key: Key, bytes: Uint8Array, sha256: Sha256): Promise<NameRecord | undefined> {
  if (bytes.length > MAX_RECORD_BYTES) return undefined;
  const parsed = v.safeParse(schema, parseJson(bytes));
  if (!parsed.success) return undefined;
  const { version: _, salt: __, ...record } = parsed.output;
  if (plainName(record.name) !== record.name) return undefined;
  return (await nameKey(record.name, key.length, sha256)) === key ? record : undefined;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Not UTF-8 or not JSON: the schema refuses it.
    return undefined;
  }
}
