// Settings in memory: for tests and nodes that need not outlive their process.

import type { Settings } from '../peer/ports.ts';

export class MemorySettings implements Settings {
  readonly #valueByName = new Map<string, unknown>();

  async get(name: string): Promise<unknown> {
    return structuredClone(this.#valueByName.get(name));
  }

  async set(name: string, value: unknown): Promise<void> {
    this.#valueByName.set(name, structuredClone(value));
  }
}
