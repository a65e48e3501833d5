// A folder as one file to be stored: the bytes of its files one after the other, its list, and zeros up to Padmé's length
// (docs/format.md). So ten thousand small files are a few segments, one id, one key and one lease. A file that cannot be read as it
// was when the folder was looked through is left out: its bytes are zeros, and the list has a gap in its place.

import { paddedLength } from '../vault/padding.ts';
import type { FileSource } from './api.ts';
import { PeerError } from './errors.ts';
import { encodeLine, type FolderFile, MAX_ENTRIES, MAX_LIST_BYTES } from './folder-list.ts';
import { safePath, withoutCollisions } from './folder-path.ts';
import { FOLDER_TYPE } from './folder-type.ts';
import type { FolderPlace } from './manifest.ts';
import { forEachParallel } from './parallel.ts';

/** Files of a folder read at once: most are small, and opening one is a wait. */
const READ_PARALLEL = 8;

/** A file in a folder. */
export interface FileInFolder {
  /** From the folder down, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly modified: number | undefined;
  readonly isExecutable: boolean;
  /** Exactly these bytes of it. Rejects with an Error that says why not, also if it is no longer what it was. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Something in a folder that is not stored, or not as it is called. */
export interface LeftOut {
  readonly path: string;
  /** For people. */
  readonly why: string;
}

export interface FolderSource extends FileSource {
  readonly folder: () => FolderPlace;
  readonly files: number;
  /** Bytes of its files. */
  readonly fileBytes: number;
  /** Files that have been read to their ends. */
  readonly filesRead: number;
  /** Under which other path something is stored. */
  readonly renamed: readonly { readonly path: string; readonly as: string }[];
  /** What cannot be stored of it; of what could not be read once it is stored. */
  readonly leftOut: readonly LeftOut[];
}

/** `emptyFolders`: their paths. `leftOut`: what is known not to be in it. Throws a PeerError of code too-large. */
export function folderSource(
  name: string,
  given: readonly FileInFolder[],
  emptyFolders: readonly string[] = [],
  leftOut: readonly LeftOut[] = [],
): FolderSource {
  return new Folder(name, given, emptyFolders, leftOut);
}

interface Placed {
  readonly file: FileInFolder;
  readonly line: FolderFile;
}

class Folder implements FolderSource {
  readonly name: string;
  readonly type = FOLDER_TYPE;
  readonly size: number;
  readonly lastModified: number;
  readonly files: number;
  readonly fileBytes: number;
  readonly renamed: { readonly path: string; readonly as: string }[] = [];
  readonly leftOut: LeftOut[];
  readonly #placed: readonly Placed[];
  readonly #folders: readonly string[];
  readonly #failed = new Set<Placed>();
  readonly #ended = new Set<Placed>();
  /** Where the slices begin that were read: the list is written when all have been. */
  readonly #readFrom = new Set<number>();
  #readBytes = 0;
  readonly #list: Promise<Uint8Array>;
  #allRead: () => void = () => undefined;
  #isListed = false;
  #listBytes = 0;

  constructor(
    name: string,
    given: readonly FileInFolder[],
    emptyFolders: readonly string[],
    leftOut: readonly LeftOut[],
  ) {
    this.name = name;
    this.leftOut = [...leftOut];
    if (given.length + emptyFolders.length > MAX_ENTRIES) throw tooLarge(`more than ${MAX_ENTRIES} files`);
    this.#folders = [...new Set(emptyFolders.flatMap((path) => this.#safe(path) ?? []))];
    this.#placed = this.#place(given);
    this.files = this.#placed.length;
    this.fileBytes = this.#placed.reduce((sum, { file }) => sum + file.size, 0);
    this.lastModified = this.#placed.reduce((latest, { file }) => Math.max(latest, file.modified ?? 0), 0);
    // Of all files; a gap is shorter than the line of the file that it stands for.
    const list = this.#encodeList();
    if (list.length > MAX_LIST_BYTES) throw tooLarge('names that are too long');
    this.size = paddedLength(this.fileBytes + list.length);
    this.#list = new Promise<void>((resolve) => {
      this.#allRead = resolve;
    }).then(() => (this.#failed.size === 0 ? list : this.#encodeList()));
    this.#noteRead(0, 0);
  }

  get filesRead(): number {
    return this.#ended.size;
  }

  folder(): FolderPlace {
    return { files: this.files - this.#failed.size, listAt: this.fileBytes, listBytes: this.#listBytes };
  }

  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> } {
    return { arrayBuffer: () => this.#read(start, end) };
  }

  async #read(start: number, end: number): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(end - start);
    await this.#readFiles(start, end, bytes);
    this.#noteRead(start, Math.min(end, this.fileBytes));
    if (end <= this.fileBytes) return bytes.buffer;
    const list = await this.#list;
    this.#listBytes = list.length;
    const from = Math.max(0, start - this.fileBytes);
    bytes.set(list.subarray(from, end - this.fileBytes), Math.max(0, this.fileBytes - start));
    return bytes.buffer;
  }

  async #readFiles(start: number, end: number, into: Uint8Array): Promise<void> {
    await forEachParallel(this.#within(start, end), READ_PARALLEL, undefined, async (placed) => {
      const { file, line } = placed;
      const from = Math.max(0, start - line.offset);
      const to = Math.min(file.size, end - line.offset);
      try {
        if (this.#failed.has(placed)) return;
        into.set(await file.read(from, to), line.offset + from - start);
        if (to === file.size) this.#ended.add(placed);
      } catch (error) {
        this.#fail(placed, error);
      }
    });
  }

  /** One after the other: what holds a byte of the range. */
  *#within(start: number, end: number): Generator<Placed, void> {
    for (let index = this.#firstFrom(start); index < this.#placed.length; index += 1) {
      const placed = this.#placed[index];
      if (placed === undefined || placed.line.offset >= end) return;
      if (placed.file.size > 0) yield placed;
    }
  }

  /** The index of the first file that ends after `start`. */
  #firstFrom(start: number): number {
    let [low, high] = [0, this.#placed.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const line = this.#placed[middle]?.line;
      if (line !== undefined && line.offset + line.size <= start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #fail(placed: Placed, error: unknown): void {
    // Once the list is made what is read is for late copies only, and their digests tell what has changed since.
    if (this.#isListed || this.#failed.has(placed)) return;
    this.#failed.add(placed);
    this.leftOut.push({ path: placed.file.path, why: error instanceof Error ? error.message : String(error) });
  }

  #noteRead(start: number, end: number): void {
    if (start < end && !this.#readFrom.has(start)) {
      this.#readFrom.add(start);
      this.#readBytes += end - start;
    }
    if (this.#readBytes < this.fileBytes) return;
    this.#isListed = true;
    this.#allRead();
  }

  #place(given: readonly FileInFolder[]): readonly Placed[] {
    const files = given.flatMap((file) => {
      const path = this.#safe(file.path);
      return path === undefined ? [] : [{ file, path }];
    });
    const paths = withoutCollisions(
      files.map(({ path }) => path),
      this.#folders,
      (path) => path,
    );
    let offset = 0;
    return files.map(({ file }, index) => {
      const path = paths[index] ?? file.path;
      if (path !== file.path.normalize('NFC')) this.renamed.push({ path: file.path, as: path });
      const { size, type, modified, isExecutable } = file;
      const line: FolderFile = { kind: 'file', path, size, offset, type, modified, isExecutable };
      offset += size;
      return { file, line };
    });
  }

  /** Undefined, and told, if no path can be made of it. */
  #safe(path: string): string | undefined {
    const safe = safePath(path);
    if (safe === undefined) this.leftOut.push({ path, why: 'its path is too long, or leads nowhere' });
    return safe;
  }

  #encodeList(): Uint8Array {
    const lines = this.#placed.map((placed) =>
      encodeLine(this.#failed.has(placed) ? { kind: 'gap', size: placed.line.size } : placed.line),
    );
    for (const path of this.#folders) lines.push(encodeLine({ kind: 'folder', path }));
    return new TextEncoder().encode(lines.join(''));
  }
}

function tooLarge(what: string): PeerError {
  return new PeerError('too-large', `the folder has ${what}: store the folders in it one by one`);
}
