// What paths on a command line stand for: files, and folders with all that is in them. A folder may hold anything: what cannot be
// stored of it is left out by name.

import type { BigIntStats, Dirent } from 'node:fs';
import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { FileInFolder, LeftOut } from '../../peer/folder-source.ts';
import { fileInFolder } from '../file-in-folder.ts';
import { whyUnreadable } from '../system-errors.ts';
import { CommandError } from './context.ts';

export const STANDARD_INPUT = '-';

export type Given =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'folder';
      readonly path: string;
      readonly name: string;
      readonly files: readonly FileInFolder[];
      readonly emptyFolders: readonly string[];
      /** By their paths in the folder. */
      readonly leftOut: readonly LeftOut[];
    };

/** Rejects with a CommandError that names a path that is not there, or a folder of which nothing can be stored. */
export async function lookThrough(paths: readonly string[]): Promise<readonly Given[]> {
  const given: Given[] = [];
  for (const path of paths) {
    if (path === STANDARD_INPUT || !(await isFolder(path))) given.push({ kind: 'file', path });
    else given.push(await walkFolder(path));
  }
  return given;
}

async function walkFolder(path: string): Promise<Given> {
  const top = await realpath(path);
  const walk = new Walk(top);
  await walk.collect(top);
  const { files, emptyFolders, leftOut } = walk;
  const [first] = leftOut;
  if (files.length + emptyFolders.length === 0 && first !== undefined)
    throw new CommandError(`${path}: nothing in it can be stored: ${first.path}: ${first.why}`);
  // What `.` and `..` are called.
  return { kind: 'folder', path, name: basename(resolve(path)) || 'folder', files, emptyFolders, leftOut };
}

/** One folder, which no symbolic link leads out of. Names are in the order of their UTF-16 code units; hidden ones belong to it. */
class Walk {
  readonly files: FileInFolder[] = [];
  readonly emptyFolders: string[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly #top: string;

  /** `top`: its real path. */
  constructor(top: string) {
    this.#top = top;
  }

  async collect(folder: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      this.leftOut.push({ path: this.#pathOf(folder) || '.', why: whyUnreadable(error) });
      return undefined;
    });
    if (entries === undefined) return;
    // The top itself has a name, and needs no entry.
    if (entries.length === 0 && folder !== this.#top) this.emptyFolders.push(this.#pathOf(folder));
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const place = join(folder, entry.name);
      if (entry.isDirectory() && !isUnreadableName(entry)) await this.collect(place);
      else await this.#take(place, entry);
    }
  }

  async #take(place: string, entry: Dirent): Promise<void> {
    const path = this.#pathOf(place);
    try {
      const why = whyNot(entry);
      const found = why === undefined ? await this.#fileAt(place, entry) : why;
      if (typeof found === 'string') this.leftOut.push({ path, why: found });
      else this.files.push(await fileInFolder(path, found.place, found.state));
    } catch (error) {
      this.leftOut.push({ path, why: whyUnreadable(error) });
    }
  }

  /** Or why it is none. */
  async #fileAt(
    place: string,
    entry: Dirent,
  ): Promise<string | { readonly place: string; readonly state: BigIntStats }> {
    if (!entry.isSymbolicLink()) return { place, state: await readable(place) };
    const target = await realpath(place).catch((error: unknown) => {
      if (isNothing(error)) return undefined;
      throw error;
    });
    if (target === undefined) return 'the link leads nowhere';
    const way = relative(this.#top, target);
    if (way === '..' || way.startsWith(`..${sep}`) || resolve(this.#top, way) !== target)
      return 'the link leads out of the folder';
    const state = await readable(target);
    if (state.isDirectory()) return 'the link leads to a folder, which is stored where it is';
    return state.isFile() ? { place: target, state } : `the link leads to ${kindOf(state)}`;
  }

  #pathOf(place: string): string {
    return relative(this.#top, place).split(sep).join('/');
  }
}

async function readable(place: string): Promise<BigIntStats> {
  const state = await stat(place, { bigint: true });
  await access(place, constants.R_OK);
  return state;
}

/** Node puts this in place of bytes that are no UTF-8, and then no longer finds the file. */
function isUnreadableName({ name }: Dirent): boolean {
  return name.includes('\uFFFD');
}

function whyNot(entry: Dirent): string | undefined {
  if (isUnreadableName(entry)) return 'its name is no UTF-8: rename it';
  return entry.isSymbolicLink() || entry.isFile() ? undefined : `it is ${kindOf(entry)}`;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new CommandError(`${path}: ${whyUnreadable(error)}`, error);
  }
}

type Kind = Pick<Dirent, 'isFIFO' | 'isSocket'>;

function kindOf(entry: Kind): string {
  if (entry.isFIFO()) return 'a pipe';
  return entry.isSocket() ? 'a socket' : 'a device';
}

function isNothing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
