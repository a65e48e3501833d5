// Keys as files of one directory, one for each identity, that only their user can read.

import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeyStore, parseStoredKeys } from '../trust/key-store.ts';
import type { StoredKeys } from '../trust/key-suite.ts';
import { fileError, OWNER_ONLY, systemCode, writeWhole } from './fs-files.ts';
import { FsWrites } from './fs-writes.ts';

const SUFFIX = '.json';
/** Of a file that is being written. */
const UNFINISHED = '.new';
/** Files that a key store has written. */
const FILE_NAME = /^([0-9a-z-]+)\.json$/;

export class FsKeyStore implements KeyStore {
  readonly #directory: string;
  readonly #writes = new FsWrites();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Opens the keys in `directory`, which is this process's alone (fs-lock.ts). Rejects with a PeerError: storage, full. */
  static async open(directory: string): Promise<FsKeyStore> {
    const path = join(directory, 'keys');
    try {
      await mkdir(path, { recursive: true, mode: OWNER_ONLY.directory });
      // What a killed process was writing has no use, and is secret.
      const unfinished = (await readdir(path)).filter((file) => file.endsWith(UNFINISHED));
      await Promise.all(unfinished.map((file) => rm(join(path, file), { force: true })));
    } catch (error) {
      throw fileError('keys cannot be kept in', directory, error);
    }
    return new FsKeyStore(path);
  }

  /** Rejects with a PeerError: storage. */
  async get(name: string): Promise<StoredKeys | undefined> {
    let text: string;
    try {
      text = await readFile(this.#path(name), 'utf8');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw fileError('keys cannot be read from', this.#path(name), error);
    }
    return parseStoredKeys(parseJson(text));
  }

  /** Rejects with a PeerError: storage, full. */
  async set(name: string, keys: StoredKeys): Promise<void> {
    const path = this.#path(name);
    const bytes = new TextEncoder().encode(JSON.stringify(keys));
    try {
      await this.#writes.run(() => writeWhole(path, `${path}${UNFINISHED}`, bytes, OWNER_ONLY.file));
    } catch (error) {
      throw fileError('keys cannot be written to', path, error);
    }
  }

  /** Rejects with a PeerError: storage. */
  async delete(name: string): Promise<void> {
    const path = this.#path(name);
    try {
      await this.#writes.run(() => rm(path, { force: true }));
    } catch (error) {
      throw fileError('keys cannot be removed from', path, error);
    }
  }

  /** Rejects with a PeerError: storage. */
  async names(): Promise<readonly string[]> {
    try {
      const files = await readdir(this.#directory);
      return files.flatMap((file) => FILE_NAME.exec(file)?.[1] ?? []);
    } catch (error) {
      throw fileError('keys cannot be listed in', this.#directory, error);
    }
  }

  /** Waits for what is being written; afterwards nothing is written any more. */
  close(): Promise<void> {
    return this.#writes.close();
  }

  #path(name: string): string {
    if (!FILE_NAME.test(`${name}${SUFFIX}`)) throw new Error(`${name} names no identity`);
    return join(this.#directory, `${name}${SUFFIX}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // damaged, so there are no keys any more
  }
}
