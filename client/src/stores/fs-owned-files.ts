// The files that commands of this user have stored, each with its owner's key: one file for each in a directory of the user's
// own, so that commands that run at the same time do not undo each other's.

import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { PeerError } from '../peer/errors.ts';
import { OWN_FILES_SETTING } from '../peer/own-files.ts';
import type { Settings } from '../peer/ports.ts';
import { randomId } from '../peer/random-id.ts';
import { fileError, OWNER_ONLY, systemCode, writeWhole } from './fs-files.ts';

/** What tells one apart: the rest is for peer/own-files.ts to check. */
interface Entry {
  readonly fileId: string;
  readonly name: string;
  /** Private keys, the newest last. */
  readonly owners?: readonly string[] | undefined;
  /** False: it was stored for a time, and is not to be kept on. */
  readonly isPinned?: boolean | undefined;
  /** It is to be deleted, and not all of its holders know yet. */
  readonly isDeleted?: boolean | undefined;
  /** The address of the ring that it was stored in; earlier versions did not note it. */
  readonly server?: string | undefined;
}

const FILE_NAME = /^[0-9a-f]{64}\.json$/;

/** Where the user's own things are: TABRING_HOME, or .tabring in the home directory. Throws a PeerError of code storage if there is neither. */
export function userDirectory(environment: NodeJS.ProcessEnv, homeOf: () => string = systemHome): string {
  // One that is empty is as one that is not set: "" would be the current folder.
  if (environment.TABRING_HOME) return environment.TABRING_HOME;
  try {
    const home = homeOf();
    if (home !== '') return join(home, '.tabring');
  } catch {
    // No such user is known to the system: what to do is said below.
  }
  throw new PeerError('storage', 'this user has no home directory: set TABRING_HOME to a folder for the keys of files');
}

function systemHome(): string {
  return homedir() || userInfo().homedir;
}

/** All that is saved there; `damaged` is told of each that cannot be read. Rejects with a PeerError of code storage. */
export async function readOwnedFiles(
  directory: string,
  damaged: (error: PeerError) => void,
): Promise<readonly Entry[]> {
  const path = join(directory, 'stored');
  let names: readonly string[];
  try {
    names = await readdir(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileError('the files stored from here cannot be read from', path, error);
  }
  const entries: Entry[] = [];
  for (const name of names) {
    if (!FILE_NAME.test(name)) continue;
    try {
      entries.push(await readEntry(join(path, name)));
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      damaged(error);
    }
  }
  return entries;
}

/** Settings of a command: those of its files are kept, and the rest is forgotten with it. */
export class FsOwnedFiles implements Settings {
  readonly #path: string;
  readonly #known: ReadonlyMap<string, Entry>;
  readonly #server: string;
  /** As JSON. */
  readonly #rest = new Map<string, string>();
  readonly #written = new Map<string, string>();

  /** `wanted`: the files of `directory` that the command is about. `server`: the address of the ring that it talks to. */
  constructor(directory: string, wanted: readonly Entry[], server: string) {
    this.#path = join(directory, 'stored');
    this.#server = server;
    this.#known = new Map(wanted.map((entry) => [entry.fileId, entry]));
  }

  async get(name: string): Promise<unknown> {
    if (name === OWN_FILES_SETTING) return [...this.#known.values()];
    const text = this.#rest.get(name);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Rejects with a PeerError: storage, full. */
  async set(name: string, value: unknown): Promise<void> {
    if (name !== OWN_FILES_SETTING) return void this.#rest.set(name, JSON.stringify(value));
    const entries = new Map((Array.isArray(value) ? value : []).filter(isEntry).map((entry) => [entry.fileId, entry]));
    try {
      await mkdir(this.#path, { recursive: true, mode: OWNER_ONLY.directory });
      for (const [fileId, entry] of entries) await this.#write(fileId, JSON.stringify(await this.#withFormer(entry)));
      const gone = [...this.#known.keys(), ...this.#written.keys()].filter((fileId) => !entries.has(fileId));
      for (const fileId of gone) await rm(this.#pathOf(fileId), { force: true });
    } catch (error) {
      throw fileError('the key of a stored file cannot be kept in', this.#path, error);
    }
  }

  /** A public file that is stored again has the owner that it had before as well. */
  async #withFormer(entry: Entry): Promise<Entry> {
    const path = this.#pathOf(entry.fileId);
    const known = this.#known.get(entry.fileId);
    if (known !== undefined) return { ...entry, ...(known.server !== undefined && { server: known.server }) };
    const former = await readEntry(path).catch((error: unknown) => {
      if (error instanceof PeerError && systemCode(error.cause) === 'ENOENT') return undefined;
      throw error;
    });
    const owners = [...new Set([...(former?.owners ?? []), ...(entry.owners ?? [])])];
    return { ...entry, owners, server: this.#server };
  }

  async #write(fileId: string, text: string): Promise<void> {
    if (this.#written.get(fileId) === text) return;
    const path = this.#pathOf(fileId);
    await writeWhole(path, `${path}.${randomId()}`, new TextEncoder().encode(text), OWNER_ONLY.file);
    this.#written.set(fileId, text);
  }

  #pathOf(fileId: string): string {
    return join(this.#path, `${fileId}.json`);
  }
}

async function readEntry(path: string): Promise<Entry> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isEntry(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileError('a stored file’s key cannot be read from', path, error);
  }
  throw new PeerError('storage', `${path} is damaged: remove it; the file that it is about then goes with its time`);
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null || !('fileId' in value && 'name' in value)) return false;
  return (
    typeof value.fileId === 'string' &&
    /^[0-9a-f]{64}$/.test(value.fileId) &&
    typeof value.name === 'string' &&
    hasOwners(value)
  );
}

function hasOwners(value: object): boolean {
  const owners: unknown = 'owners' in value ? value.owners : [];
  return Array.isArray(owners) && owners.every((owner) => typeof owner === 'string');
}
