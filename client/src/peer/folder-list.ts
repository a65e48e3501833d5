// The list of a folder, which stands among its bytes after those of its files (docs/format.md): a line of JSON for each file, in
// the order of their bytes, so that no line can say that two files share bytes or that one has bytes outside. Whoever stored it may
// be hostile: it is read line by line, each checked, and both their number and their length are bounded.

import * as v from 'valibot';
import { PeerError } from './errors.ts';
import { foldersAbove, MAX_PATH_CHARACTERS, safePath, withoutCollisions } from './folder-path.ts';
import { MAX_TYPE_CHARACTERS } from './limits.ts';
import type { FolderPlace } from './manifest.ts';

/** Files and empty folders, a line for each: ten times what people have in one, some 50 MB of a tab's memory. */
export const MAX_ENTRIES = 100_000;
/** Of the list, bytes: so many paths of a usual length. */
export const MAX_LIST_BYTES = 32 * 2 ** 20;
/** Of a line: a path and a type of the largest length, each character escaped. */
const MAX_LINE_BYTES = 6 * (MAX_PATH_CHARACTERS + MAX_TYPE_CHARACTERS) + 256;
/** The largest time that a Date can have, milliseconds. */
const MAX_TIME_MS = 8.64e15;
const LINE_END = 0x0a;

export interface FolderFile {
  readonly kind: 'file';
  /** From the folder down, with `/`; safe to be written anywhere below a folder (folder-path.ts). */
  readonly path: string;
  /** Bytes; they stand among the folder's from `offset` on. */
  readonly size: number;
  readonly offset: number;
  /** MIME type, may be empty. */
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly modified: number | undefined;
  readonly isExecutable: boolean;
}

export interface EmptyFolder {
  readonly kind: 'folder';
  readonly path: string;
}

export type FolderEntry = FolderFile | EmptyFolder;

/** What a line says; its bytes stand after those of the line before. */
type Line =
  | Omit<FolderFile, 'offset'>
  | EmptyFolder
  /** Bytes that belong to no file. */
  | { readonly kind: 'gap'; readonly size: number };

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const path = v.pipe(v.string(), v.maxLength(MAX_PATH_CHARACTERS));
const schema = v.union([
  v.strictObject({
    path,
    size: count,
    type: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_TYPE_CHARACTERS))),
    modified: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(-MAX_TIME_MS), v.maxValue(MAX_TIME_MS))),
    executable: v.exactOptional(v.literal(true)),
  }),
  v.strictObject({ folder: path }),
  v.strictObject({ gap: count }),
]);

export function encodeLine(line: Line): string {
  return `${JSON.stringify(lineOf(line))}\n`;
}

function lineOf(line: Line): v.InferInput<typeof schema> {
  if (line.kind === 'gap') return { gap: line.size };
  if (line.kind === 'folder') return { folder: line.path };
  const { path, size, type, modified, isExecutable } = line;
  return {
    path,
    size,
    ...(type !== '' && type.length <= MAX_TYPE_CHARACTERS && { type }),
    ...(modified !== undefined && { modified: Math.trunc(modified) }),
    ...(isExecutable && { executable: true }),
  };
}

/** Reads a list that comes in pieces. Both methods throw a PeerError of code corrupt. */
export class ListReader {
  readonly #place: FolderPlace;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #entries: FolderEntry[] = [];
  #rest = new Uint8Array(0);
  #lines = 0;
  #offset = 0;

  constructor(place: FolderPlace) {
    this.#place = place;
    if (place.listBytes > MAX_LIST_BYTES || place.files > MAX_ENTRIES) throw notAList('it is too long');
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
      this.#take(this.#joined(bytes.subarray(start, end)));
      this.#rest = new Uint8Array(0);
      start = end + 1;
    }
    this.#rest = this.#joined(bytes.subarray(start));
  }

  /** All of it was pushed. */
  end(): readonly FolderEntry[] {
    if (this.#rest.length > 0) throw notAList('its last line is cut');
    if (this.#offset !== this.#place.listAt) throw notAList('its files do not add up to its bytes');
    return distinct(this.#entries);
  }

  #joined(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    if (this.#rest.length + bytes.length > MAX_LINE_BYTES) throw notAList('a line of it is too long');
    const joined = new Uint8Array(this.#rest.length + bytes.length);
    joined.set(this.#rest);
    joined.set(bytes, this.#rest.length);
    return joined;
  }

  #take(bytes: Uint8Array): void {
    this.#lines += 1;
    if (this.#lines > MAX_ENTRIES) throw notAList('it is too long');
    const parsed = v.safeParse(schema, parseJson(this.#decoder, bytes));
    if (!parsed.success) throw notAList(parsed.issues[0].message);
    const line = parsed.output;
    if ('gap' in line) return this.#pass(line.gap);
    if ('folder' in line) {
      this.#entries.push({ kind: 'folder', path: checked(line.folder) });
      return;
    }
    const { path, size, type = '', modified, executable: isExecutable = false } = line;
    this.#entries.push({
      ...{ kind: 'file', path: checked(path), size, offset: this.#offset, type, modified, isExecutable },
    });
    this.#pass(size);
  }

  #pass(size: number): void {
    this.#offset += size;
    if (this.#offset > this.#place.listAt) throw notAList('its files have more bytes than there are');
  }
}

function parseJson(decoder: TextDecoder, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    throw notAList('a line of it is no JSON', error);
  }
}

function checked(path: string): string {
  const safe = safePath(path);
  if (safe === undefined) throw notAList('a path of it leads out of the folder, or nowhere');
  return safe;
}

/** No two files of one path, and none where a folder is; each folder once. */
function distinct(entries: readonly FolderEntry[]): readonly FolderEntry[] {
  const files = entries.filter((entry) => entry.kind === 'file');
  const folders = new Set(entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path));
  const above = new Set(files.flatMap((file) => foldersAbove(file.path)));
  const paths = withoutCollisions(
    files.map((file) => file.path),
    folders,
    (path) => path,
  );
  return [
    ...files.map((file, index) => ({ ...file, path: paths[index] ?? file.path })),
    ...[...folders].filter((path) => !above.has(path)).map((path) => ({ kind: 'folder', path }) as const),
  ];
}

function notAList(why: string, cause?: unknown): PeerError {
  return new PeerError('corrupt', `the list of this folder is no list: ${why}`, cause);
}
