// A file's manifest: what it is called and which segments it is made of (storage: PAST's file certificate, unsigned).
// It is a block as well; its digest is the fileId. Whoever stored it may be hostile: everything in it is checked.

import * as v from 'valibot';
import { MAX_MANIFEST_BYTES } from '../wire/limits.ts';
import { fromBase64, toBase64 } from './bytes.ts';
import { PeerError } from './errors.ts';
import { MAX_INLINE_BYTES, MAX_NAME_CHARACTERS, MAX_TYPE_CHARACTERS } from './limits.ts';

export interface Manifest {
  /** Any Unicode, as its owner called it; safeFileName makes it fit for display and disk. */
  readonly name: string;
  /** MIME type, may be empty. */
  readonly type: string;
  /** Bytes of the whole file. */
  readonly size: number;
  readonly content: Inline | Segmented;
  /** Of a folder: what its bytes are. */
  readonly folder?: FolderPlace | undefined;
}

/** Where a folder's list stands in its bytes, as a claim; before it stand its files, one after the other (folder-list.ts). */
export interface FolderPlace {
  /** How many there are. */
  readonly files: number;
  /** Bytes before it. */
  readonly listAt: number;
  /** Bytes of it; what follows are zeros. */
  readonly listBytes: number;
}

/** A small file's bytes themselves. */
interface Inline {
  readonly kind: 'inline';
  readonly bytes: Uint8Array;
}

interface Segmented {
  readonly kind: 'segments';
  /** Bytes of each segment but the last, which has the rest. */
  readonly segmentBytes: number;
  /** SHA-256 of each segment, in order. */
  readonly digests: readonly string[];
}

const VERSION = 1;
/** All but the segments: name and type may need six bytes a character when escaped, and a sealed one has 32 more. */
const MAX_HEAD_BYTES = 6 * (MAX_NAME_CHARACTERS + MAX_TYPE_CHARACTERS) + 320;
/** Of its JSON. */
const MAX_JSON_BYTES = MAX_MANIFEST_BYTES - 32;
const naturalNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const folderSchema = v.strictObject({ files: naturalNumber, listAt: naturalNumber, listBytes: naturalNumber });
const common = {
  version: v.literal(VERSION),
  name: v.pipe(v.string(), v.maxLength(MAX_NAME_CHARACTERS)),
  type: v.pipe(v.string(), v.maxLength(MAX_TYPE_CHARACTERS)),
  size: naturalNumber,
  folder: v.optional(folderSchema),
};
const schema = v.union([
  v.strictObject({ ...common, inline: v.pipe(v.string(), v.base64()) }),
  v.strictObject({
    ...common,
    segmentBytes: v.pipe(naturalNumber, v.minValue(1)),
    segments: v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  }),
]);

/** A segment of a file, wherever in the file it stands. */
export interface Segment {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** Where its first byte stands in the file, in ascending order: once at least. */
  readonly positions: readonly number[];
}

/** The segments of a file of `size` bytes, each once, by where they stand first. */
export function segmentsOf(size: number, { segmentBytes, digests }: Segmented): readonly Segment[] {
  const segmentByDigest = new Map<string, { digest: string; size: number; positions: number[] }>();
  for (const [index, digest] of digests.entries()) {
    const position = index * segmentBytes;
    const known = segmentByDigest.get(digest);
    if (known === undefined) {
      segmentByDigest.set(digest, { digest, size: Math.min(segmentBytes, size - position), positions: [position] });
    } else known.positions.push(position);
  }
  return [...segmentByDigest.values()];
}

/** How many segments a file is cut into. */
export function segmentCount(size: number, segmentBytes: number): number {
  return Math.ceil(size / segmentBytes);
}

/** The largest file, bytes, whose manifest keeps its bound: each digest takes 67 characters in it. */
export function maxFileBytes(segmentBytes: number): number {
  return Math.floor((MAX_MANIFEST_BYTES - MAX_HEAD_BYTES) / 67) * segmentBytes;
}

/** The same file gives the same bytes. Throws a PeerError of code too-large if a bound is broken. */
export function encodeManifest({ name, type, size, content, folder }: Manifest): Uint8Array {
  if (name.length > MAX_NAME_CHARACTERS)
    throw new PeerError('too-large', `the file's name has more than ${MAX_NAME_CHARACTERS} characters: rename it`);
  const kept = type.length > MAX_TYPE_CHARACTERS ? '' : type;
  const start = { version: VERSION, name, type: kept, size, ...(folder && { folder }) };
  const json: v.InferOutput<typeof schema> =
    content.kind === 'inline'
      ? { ...start, version: VERSION, inline: toBase64(content.bytes) }
      : { ...start, version: VERSION, segmentBytes: content.segmentBytes, segments: [...content.digests] };
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  if (bytes.length > MAX_JSON_BYTES) throw new PeerError('too-large', 'the file has too many segments');
  return bytes;
}

/** Throws a PeerError of code corrupt if `bytes` are no manifest of this ring. */
export function decodeManifest(bytes: Uint8Array, maxSegmentBytes: number): Manifest {
  const parsed = v.safeParse(schema, parseJson(bytes));
  if (!parsed.success) throw notAManifest(parsed.issues[0].message);
  const manifest = parsed.output;
  const { name, type, size, folder } = manifest;
  if ('inline' in manifest) {
    const content = fromBase64(manifest.inline);
    if (content.length > MAX_INLINE_BYTES || content.length !== size) throw notAManifest('its size is not its content');
    return { name, type, size, folder, content: { kind: 'inline', bytes: content } };
  }
  const { segmentBytes, segments } = manifest;
  if (segmentBytes > maxSegmentBytes) throw notAManifest('its segments are larger than those of this ring');
  if (segments.length !== segmentCount(size, segmentBytes))
    throw notAManifest('its segments do not add up to its size');
  // The last one is shorter than the others, and so cannot be the same bytes as one of them.
  if (size % segmentBytes !== 0 && segments.indexOf(segments.at(-1) ?? '') < segments.length - 1)
    throw notAManifest('one segment has two sizes');
  return { name, type, size, folder, content: { kind: 'segments', segmentBytes, digests: segments } };
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_MANIFEST_BYTES) throw notAManifest('it is too long');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw notAManifest('it is no JSON', error);
  }
}

function notAManifest(why: string, cause?: unknown): PeerError {
  return new PeerError('corrupt', `what is stored under this id is no file: ${why}`, cause);
}
