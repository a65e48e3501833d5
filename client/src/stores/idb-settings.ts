// Settings in IndexedDB.

import type { Settings } from '../peer/ports.ts';
import { IdbMap } from './idb.ts';

/** Name of the object store: part of the format on disk. */
const SETTINGS_STORE = 'settings';

export class IdbSettings implements Settings {
  readonly #values: IdbMap;

  /** Settings of `name`: a nodeId, or 'profile' for what all tabs of a browser profile share. */
  constructor(name: string) {
    this.#values = new IdbMap(`tabring:${name}:settings`, SETTINGS_STORE);
  }

  get(name: string): Promise<unknown> {
    return this.#values.get(name);
  }

  set(name: string, value: unknown): Promise<void> {
    return this.#values.set(name, value);
  }

  close(): Promise<void> {
    return this.#values.close();
  }
}
