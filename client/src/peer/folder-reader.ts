// A folder that was stored as one file (docs/format.md): its list, and its files. Of the folder's segments only those are fetched
// that hold the list, or a byte of what is read.

import { plainBytes } from '../core/plain-bytes.ts';
import { PeerError } from './errors.ts';
import { type FolderEntry, type FolderFile, ListReader } from './folder-list.ts';
import type { KeptParts } from './kept-parts.ts';
import type { FileHead, FolderItem, RetrievedFile, RetrieveOptions, StreamOptions } from './retrieved-file.ts';
import { safeFileName } from './safe-file-name.ts';

export interface Folder {
  /** Made safe for display and disk. */
  readonly name: string;
  /** Files in the order of their bytes, then empty folders. */
  readonly entries: readonly FolderEntry[];
}

/** A file and its bytes, which are to be read before the next file is asked for. */
export interface FileWithBytes {
  readonly file: FolderFile;
  readonly bytes: AsyncGenerator<Uint8Array<ArrayBuffer>, void>;
}

/** Bytes between two wanted files that are rather read over than asked for anew: less than a segment. */
const MAX_READ_OVER_BYTES = 1024 * 1024;

/** Rejects as reading does, and with a PeerError of code corrupt if it is no folder. */
export async function openFolder(file: RetrievedFile, signal?: AbortSignal): Promise<Folder> {
  const { folder, name } = file;
  if (folder === undefined)
    throw new PeerError('not-found', `"${name}" is a file and no folder: there is nothing in it`);
  if (folder.listAt + folder.listBytes > file.size)
    throw new PeerError('corrupt', 'the list of this folder is not among its bytes');
  const list = new ListReader(folder);
  const part = { from: folder.listAt, to: folder.listAt + folder.listBytes, onProgress: () => undefined };
  for await (const bytes of chunksOf(file.stream({ ...part, ...(signal && { signal }) }))) list.push(bytes);
  return { name, entries: list.end() };
}

/** Rejects as openFolder does. */
export async function itemsOf(whole: RetrievedFile, signal?: AbortSignal): Promise<readonly FolderItem[]> {
  const { entries } = await openFolder(whole, signal);
  return entries.map((entry) => {
    const { path } = entry;
    return entry.kind === 'file' ? { ...fileIn(whole, entry), kind: 'file', path } : { kind: 'folder', path };
  });
}

/** The part of a folder that stands at `path`: a file, or all that is in a folder of it. Rejects with a PeerError of code not-found. */
export function entryAt(folder: Folder, path: string): FolderFile | Folder {
  const wanted = path.replace(/^(\.?\/)+|\/+$/g, '').normalize('NFC');
  const file = folder.entries.find((entry) => entry.kind === 'file' && entry.path === wanted);
  if (file?.kind === 'file') return file;
  const start = `${wanted}/`;
  const within = folder.entries.filter((entry) => entry.path.startsWith(start) || entry.path === wanted);
  if (within.length === 0)
    throw new PeerError(
      'not-found',
      `there is nothing called "${path.slice(0, 80)}" in it: list it to see what there is`,
    );
  const entries = within.flatMap((entry) =>
    entry.path === wanted ? [] : [{ ...entry, path: entry.path.slice(start.length) }],
  );
  return { name: nameOf(wanted), entries };
}

/** One file of a folder as if it had been stored alone. */
export function fileIn(whole: RetrievedFile, { path, size, type, offset }: FolderFile): RetrievedFile {
  const head: FileHead = { name: nameOf(path), type, size };
  const stream = ({ from = 0, to = size, kept, ...rest }: StreamOptions = {}): ReturnType<RetrievedFile['stream']> =>
    whole.stream({
      ...rest,
      ...{ from: offset + from, to: offset + Math.min(to, size) },
      kept: kept && shifted(kept, offset, size),
    });
  const blob = async (): Promise<Blob> => {
    const pieces: Blob[] = [];
    for await (const bytes of chunksOf(stream())) pieces.push(new Blob([bytes]));
    return new Blob(pieces, { type });
  };
  return { ...head, stream, blob };
}

/** The bytes of files of a folder, in the order of their bytes: each segment is fetched once. */
export async function* readFiles(
  whole: RetrievedFile,
  files: readonly FolderFile[],
  options: RetrieveOptions = {},
): AsyncGenerator<FileWithBytes, void> {
  const wanted = files.filter(({ size }) => size > 0);
  const totalBytes = wanted.reduce((sum, { size }) => sum + size, 0);
  let doneBytes = 0;
  let run: Run | undefined;
  const end = wanted.reduce((latest, { offset, size }) => Math.max(latest, offset + size), 0);
  const pieces = async function* ({ offset, size }: FolderFile): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    if (size === 0) return;
    if (run === undefined || offset < run.position || offset - run.position > MAX_READ_OVER_BYTES) {
      await run?.stop();
      run = new Run(whole, offset, end, options);
    }
    for await (const _ of run.take(offset - run.position));
    for await (const bytes of run.take(size)) {
      doneBytes += bytes.length;
      options.onProgress?.({ doneBytes, totalBytes });
      yield bytes;
    }
  };
  try {
    for (const file of files) yield { file, bytes: pieces(file) };
  } finally {
    await run?.stop();
  }
}

/** One reading of a file from some byte on. */
class Run {
  position: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  #waiting = new Uint8Array(0);

  constructor(whole: RetrievedFile, from: number, to: number, { signal, going }: RetrieveOptions) {
    this.position = from;
    const part = { from, to, going, kept: undefined, onProgress: () => undefined };
    this.#reader = whole.stream({ ...part, ...(signal && { signal }) }).getReader();
  }

  async *take(bytes: number): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    for (let left = bytes; left > 0; ) {
      if (this.#waiting.length === 0) {
        const next = await this.#reader.read();
        if (next.done) throw new PeerError('corrupt', 'the folder is not as long as it says');
        this.#waiting = next.value;
      }
      const some = plainBytes(this.#waiting.subarray(0, left));
      this.#waiting = this.#waiting.subarray(some.length);
      this.position += some.length;
      left -= some.length;
      yield some;
    }
  }

  async stop(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }
}

/** What is kept of a file in a folder, by where it stands in the folder; segments that reach beyond the file are not. */
function shifted(kept: KeptParts, offset: number, size: number): KeptParts {
  const isIn = (position: number, bytes: number): boolean => position >= offset && position + bytes <= offset + size;
  return {
    get: async (position, bytes) => (isIn(position, bytes) ? kept.get(position - offset, bytes) : undefined),
    put: async (position, bytes) => (isIn(position, bytes.length) ? kept.put?.(position - offset, bytes) : undefined),
  };
}

function nameOf(path: string): string {
  return safeFileName(path.slice(path.lastIndexOf('/') + 1));
}

/** Not every browser's streams can be iterated. Whoever stops before its end ends it. */
async function* chunksOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
