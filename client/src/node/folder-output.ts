// Where a fetched folder is written to. Its files are gathered in a folder of their own beside it, which nobody else may enter, and
// moved to their place when all are there: so it appears whole or not at all, no link in it leads elsewhere, and a fetch that was
// broken off goes on from the files that are whole.

import { constants } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdir, open, realpath, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PeerError } from '../peer/errors.ts';
import type { FolderEntry, FolderFile } from '../peer/folder-list.ts';
import { caseless, foldersAbove, withoutCollisions } from '../peer/folder-path.ts';
import { takeLock } from '../stores/fs-lock.ts';
import { formatBytes } from './bytes.ts';
import { CommandError } from './commands/context.ts';
import { failure, kindOf } from './output-file.ts';

/** A file that is smaller is fetched again sooner than anybody misses it, bytes: four segments. */
const KEPT_FROM_BYTES = 16 * 1024 * 1024;
/** Another user of a shared folder must not be able to lead what is written elsewhere; Windows has no such thing. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
/** In the folder of its own: the files in their places. */
const FILES = 'files';
const PRIVATE = 0o700;
const OTHERS = 0o077;
/** Disks keep times in units of up to two milliseconds less than what was set. */
const SAME_TIME_MS = 2;

export interface FolderTarget {
  readonly path: string;
  /** A folder is there, and files of the same names are replaced in it. */
  readonly isThere: boolean;
}

export interface RenamedFile {
  readonly path: string;
  readonly as: string;
}

export interface FolderOutput {
  /** Files that this file system could not keep apart from others. */
  readonly renamed: readonly RenamedFile[];
  /** An earlier try has written the whole file. */
  isThere(file: FolderFile): Promise<boolean>;
  /** Of one that is not there: its first bytes that an earlier try has written. */
  bytesOf(file: FolderFile): Promise<number>;
  /** Writes the rest of a file of which so many bytes are here; several at once. Rejects with a CommandError, or with what `bytes` throws. */
  write(file: FolderFile, bytesBefore: number, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /** All files are written: the folder appears. Rejects with a CommandError; then it is still to be abandoned. */
  finish(): Promise<void>;
  /** Nothing stays; unless it is not for good, and something is there for a later try to go on from: then true. */
  abandon(isForGood: boolean): Promise<boolean>;
}

/** Where the folder goes. Rejects with a CommandError if something is there and the user did not ask for it to be replaced. */
export async function chooseFolder(
  wanted: string | undefined,
  name: string,
  force: boolean,
  hint: string,
): Promise<FolderTarget> {
  const isInside = wanted !== undefined && (await kindOf(wanted)) === 'folder';
  const path = wanted === undefined ? name : isInside ? join(wanted, name) : wanted;
  const kind = await kindOf(path);
  if (kind !== 'nothing' && kind !== 'folder')
    throw new CommandError(`${path} exists already and is no folder: choose another name with -o`);
  if (kind === 'folder' && !force) throw new CommandError(`${path} exists already: ${hint}`);
  return { path, isThere: kind === 'folder' };
}

/** `id`: 64 hex digits that tell the folder from all others. Rejects with a CommandError. */
export async function openFolderOutput(
  target: FolderTarget,
  id: string,
  entries: readonly FolderEntry[],
): Promise<FolderOutput> {
  try {
    const path = target.isThere ? await realpath(target.path) : target.path;
    const stem = join(target.isThere ? path : dirname(path), `.tabring-${id}`);
    const free = await lockOf(`${stem}.lock`);
    try {
      await makePrivate(`${stem}.folder`);
      const isCaseBlind =
        (await lstat(`${stem.slice(0, -id.length)}${id.toUpperCase()}.folder`).catch(() => undefined)) !== undefined;
      return await Staged.open({ ...target, path }, `${stem}.folder`, entries, isCaseBlind, free);
    } catch (error) {
      await free();
      throw error;
    }
  } catch (error) {
    throw failure(target.path, error);
  }
}

async function lockOf(path: string): Promise<() => Promise<void>> {
  try {
    return await takeLock(path);
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    throw new CommandError('another command is fetching the same folder to there: wait for it', error);
  }
}

/** What another user has made there could hold links, or be changed while it is written. */
async function makePrivate(path: string): Promise<void> {
  await mkdir(path, PRIVATE).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  const found = await lstat(path);
  const isOwn = process.getuid === undefined || (found.uid === process.getuid() && (found.mode & OTHERS) === 0);
  if (!found.isDirectory() || !isOwn) throw new CommandError(`${path} is not this user's alone: remove it`);
}

class Staged implements FolderOutput {
  readonly renamed: readonly RenamedFile[];
  readonly #target: FolderTarget;
  readonly #place: string;
  readonly #files: string;
  readonly #entries: readonly FolderEntry[];
  readonly #pathByEntry: ReadonlyMap<FolderEntry, string>;
  readonly #free: () => Promise<void>;
  readonly #made = new Set<string>();
  /** No try before has left a whole file. */
  readonly #isNew: boolean;
  #lastPart = 0;

  private constructor(
    target: FolderTarget,
    place: string,
    entries: readonly FolderEntry[],
    isCaseBlind: boolean,
    isNew: boolean,
    free: () => Promise<void>,
  ) {
    this.#isNew = isNew;
    this.#target = target;
    this.#place = place;
    this.#files = join(place, FILES);
    this.#entries = entries;
    this.#free = free;
    const files = entries.filter(({ kind }) => kind === 'file').map(({ path }) => path);
    const folders = entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path);
    const paths = isCaseBlind ? withoutCollisions(files, folders, caseless) : files;
    const all = [...paths, ...folders];
    // Files stand before folders.
    this.#pathByEntry = new Map(entries.map((entry, index) => [entry, all[index] ?? entry.path]));
    this.renamed = files.flatMap((path, index) => {
      const as = paths[index] ?? path;
      return as === path ? [] : [{ path, as }];
    });
  }

  static async open(
    target: FolderTarget,
    place: string,
    entries: readonly FolderEntry[],
    isCaseBlind: boolean,
    free: () => Promise<void>,
  ): Promise<Staged> {
    const isNew = (await lstat(join(place, FILES)).catch(() => undefined)) === undefined;
    return new Staged(target, place, entries, isCaseBlind, isNew, free);
  }

  async isThere(file: FolderFile): Promise<boolean> {
    if (this.#isNew) return false;
    const whole = await lstat(this.#placeOf(file)).catch(() => undefined);
    const isSameTime = file.modified === undefined || Math.abs((whole?.mtimeMs ?? 0) - file.modified) <= SAME_TIME_MS;
    return whole?.isFile() === true && whole.size === file.size && isSameTime;
  }

  async bytesOf(file: FolderFile): Promise<number> {
    if (file.size < KEPT_FROM_BYTES) return 0;
    const part = await lstat(this.#partOf(file)).catch(() => undefined);
    return part?.isFile() === true ? Math.min(part.size, file.size) : 0;
  }

  async write(
    file: FolderFile,
    bytesBefore: number,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    const place = this.#placeOf(file);
    const part = this.#partOf(file);
    const told = (error: unknown): never => {
      throw failure(join(this.#target.path, file.path), error);
    };
    await this.#makeFolder(dirname(place)).catch(told);
    const flags = constants.O_WRONLY | constants.O_CREAT | NO_FOLLOW | (bytesBefore === 0 ? constants.O_TRUNC : 0);
    const handle = await open(part, flags, file.isExecutable ? 0o777 : 0o666).catch(told);
    try {
      let position = bytesBefore;
      for await (const some of bytes) {
        await writeAt(handle, some, position).catch(told);
        position += some.length;
      }
      const seconds = file.modified === undefined ? undefined : file.modified / 1000;
      if (seconds !== undefined) await handle.utimes(seconds, seconds).catch(told);
    } finally {
      await handle.close();
    }
    await rename(part, place).catch(told);
  }

  async finish(): Promise<void> {
    try {
      await this.#makeFolder(this.#files);
      for (const entry of this.#entries) if (entry.kind === 'folder') await this.#makeFolder(this.#placeOf(entry));
      if (this.#target.isThere) await this.#moveAll();
      else {
        await chmod(this.#files, 0o777 & ~process.umask());
        await rename(this.#files, this.#target.path);
      }
    } catch (error) {
      throw failure(this.#target.path, error);
    }
    await this.abandon(true);
  }

  async abandon(isForGood: boolean): Promise<boolean> {
    const isKept = !isForGood && (await lstat(this.#files).catch(() => undefined)) !== undefined;
    if (!isKept) await rm(this.#place, { recursive: true, force: true });
    await this.#free();
    return isKept;
  }

  /** Into a folder that is there: what has the same names is replaced, links too, and no link is followed. */
  async #moveAll(): Promise<void> {
    const checked = new Set<string>();
    for (const entry of this.#entries) {
      const path = this.#pathByEntry.get(entry) ?? entry.path;
      for (const folder of [...foldersAbove(path), ...(entry.kind === 'folder' ? [path] : [])]) {
        if (checked.has(folder)) continue;
        await makeFolderAt(join(this.#target.path, folder));
        checked.add(folder);
      }
      if (entry.kind === 'file') await rename(this.#placeOf(entry), join(this.#target.path, path));
    }
  }

  async #makeFolder(path: string): Promise<void> {
    if (this.#made.has(path)) return;
    await mkdir(path, { recursive: true });
    this.#made.add(path);
  }

  #placeOf(entry: FolderEntry): string {
    return join(this.#files, this.#pathByEntry.get(entry) ?? entry.path);
  }

  /** A large one is found again by a later try. */
  #partOf({ offset, size }: FolderFile): string {
    if (size >= KEPT_FROM_BYTES) return join(this.#place, `part-${offset}`);
    this.#lastPart += 1;
    return join(this.#place, `small-${this.#lastPart}`);
  }
}

async function makeFolderAt(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) await mkdir(path);
  else if (!found.isDirectory()) throw new CommandError(`${path} is no folder, and one is needed there: move it away`);
}

/** Rejects with a CommandError if so many bytes have no room beside `path`. A size is a claim: what cannot be is not begun. */
export async function checkRoom(path: string, bytes: number): Promise<void> {
  const found = await statfs(dirname(path)).catch(() => undefined);
  // File systems of no blocks do not tell.
  if (found === undefined || found.blocks === 0 || bytes <= found.bavail * found.bsize) return;
  const free = formatBytes(found.bavail * found.bsize);
  throw new CommandError(`cannot write ${path}: it needs ${formatBytes(bytes)}, and the disk has ${free} left`);
}

async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
