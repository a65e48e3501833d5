// Settings as JSON files of one directory, one for each.

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PeerError } from '../peer/errors.ts';
import type { Settings } from '../peer/ports.ts';
import { fileError, OWNER_ONLY, systemCode, writeWhole } from './fs-files.ts';
import { FsWrites } from './fs-writes.ts';

export class FsSettings implements Settings {
  readonly #directory: string;
  readonly #writes = new FsWrites();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Opens the settings in `directory`, which is this process's alone (fs-lock.ts). Rejects with a PeerError: storage, full. */
  static async open(directory: string): Promise<FsSettings> {
    const path = join(directory, 'settings');
    try {
      await mkdir(path, { recursive: true });
    } catch (error) {
      throw fileError('settings cannot be kept in', directory, error);
    }
    return new FsSettings(path);
  }

  /** Rejects with a PeerError: storage. */
  async get(name: string): Promise<unknown> {
    const path = this.#path(name);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw fileError('a setting cannot be read from', path, error);
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new PeerError('storage', `the setting in ${path} is damaged: remove the file`, error);
    }
  }

  /** Rejects with a PeerError: storage, full. */
  async set(name: string, value: unknown): Promise<void> {
    const path = this.#path(name);
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    try {
      // Keys of files and of their owners stand among them.
      await this.#writes.run(() => writeWhole(path, `${path}.new`, bytes, OWNER_ONLY.file));
    } catch (error) {
      throw fileError('a setting cannot be written to', path, error);
    }
  }

  /** Waits for what is being written; afterwards nothing is written any more. */
  close(): Promise<void> {
    return this.#writes.close();
  }

  #path(name: string): string {
    return join(this.#directory, `${encodeURIComponent(name)}.json`);
  }
}
