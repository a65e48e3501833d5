// The files that paths on a command line stand for. A folder may hold anything: what cannot be stored of it is left out by name.

import type { Dirent } from 'node:fs';
import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CommandError } from './context.ts';

export const STANDARD_INPUT = '-';

/** Something in a folder that is not stored. */
export interface LeftOut {
  readonly path: string;
  /** For people. */
  readonly why: string;
}

export interface Listed {
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Files as they are; folders as all files in them and below, by name. Rejects with a CommandError that names a path that is not
 * there, or if there is nothing to store.
 */
export async function listFiles(paths: readonly string[]): Promise<Listed> {
  const files: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const path of paths) {
    if (path === STANDARD_INPUT || !(await isFolder(path))) files.push(path);
    else await new Walk(await realpath(path), files, leftOut).collect(path);
  }
  const [first] = leftOut;
  if (files.length === 0)
    throw new CommandError(
      first === undefined ? 'there are no files in it' : `no file in it can be stored: ${first.path}: ${first.why}`,
    );
  return { files, leftOut };
}

/** One folder, which no symbolic link leads out of. */
class Walk {
  readonly #top: string;
  readonly #files: string[];
  readonly #leftOut: LeftOut[];

  constructor(top: string, files: string[], leftOut: LeftOut[]) {
    this.#top = top;
    this.#files = files;
    this.#leftOut = leftOut;
  }

  async collect(folder: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      this.#leftOut.push({ path: folder, why: reasonOf(error) });
      return [];
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const why = await this.#whyNot(path, entry);
      if (why !== undefined) this.#leftOut.push({ path, why });
      else if (entry.isDirectory()) await this.collect(path);
      else this.#files.push(path);
    }
  }

  /** Undefined if it can be stored, or is a folder. */
  async #whyNot(path: string, entry: Dirent): Promise<string | undefined> {
    // Node puts this in place of bytes that are no UTF-8, and then no longer finds the file.
    if (entry.name.includes('\uFFFD')) return 'its name is no UTF-8: rename it';
    if (entry.isDirectory()) return undefined;
    if (entry.isSymbolicLink()) return this.#whyNotLink(path);
    if (!entry.isFile()) return `it is ${kindOf(entry)}`;
    return access(path, constants.R_OK).then(() => undefined, reasonOf);
  }

  async #whyNotLink(path: string): Promise<string | undefined> {
    try {
      const way = relative(this.#top, await realpath(path));
      if (way === '..' || way.startsWith(`..${sep}`)) return 'the link leads out of the folder';
      const target = await stat(path);
      if (target.isDirectory()) return 'the link leads to a folder, which is stored where it is';
      return target.isFile() ? undefined : `the link leads to ${kindOf(target)}`;
    } catch (error) {
      return isNothing(error) ? 'the link leads nowhere' : reasonOf(error);
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new CommandError(`${path}: ${reasonOf(error)}`, error);
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

function reasonOf(error: unknown): string {
  if (isNothing(error)) return 'there is no such file';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  if (code === 'ELOOP') return 'the link leads in a circle';
  return error instanceof Error ? error.message : String(error);
}
