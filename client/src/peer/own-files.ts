// The files stored from this node: kept in the settings, so that the list survives a reload.

import * as v from 'valibot';
import type { OwnFile } from './api.ts';
import type { Counters } from './counters.ts';
import { fileLink } from './file-link.ts';
import type { Settings } from './ports.ts';

const SETTING = 'own-files';
const naturalNumber = v.pipe(v.number(), v.minValue(0));
const saved = v.array(
  v.object({
    fileId: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    name: v.string(),
    type: v.string(),
    size: naturalNumber,
    storedAt: naturalNumber,
    copies: naturalNumber,
    wanted: naturalNumber,
  }),
);
type SavedFile = v.InferOutput<typeof saved>[number];

export class OwnFiles {
  readonly #settings: Settings;
  readonly #origin: string;
  readonly #counters: Counters;
  readonly #changed: () => void;
  /** In the order in which they were stored. */
  readonly #fileById = new Map<string, SavedFile>();
  #isSaving = false;
  #isSaved = true;

  /** `changed` is called after each change of the list. */
  constructor(settings: Settings, origin: string, counters: Counters, changed: () => void) {
    this.#settings = settings;
    this.#origin = origin;
    this.#counters = counters;
    this.#changed = changed;
  }

  /** Reads the list of an earlier life. Never rejects: a list that cannot be read is counted and begun anew. */
  async load(): Promise<void> {
    try {
      const parsed = v.safeParse(saved, (await this.#settings.get(SETTING)) ?? []);
      if (!parsed.success) this.#counters.count('list of own files is damaged');
      else for (const file of parsed.output) this.#fileById.set(file.fileId, file);
    } catch {
      this.#counters.count('settings failed to read');
    }
  }

  add(file: SavedFile): void {
    // Stored again, it moves to the end.
    this.#fileById.delete(file.fileId);
    this.#fileById.set(file.fileId, file);
    this.#hasChanged();
  }

  setCopies(fileId: string, copies: number): void {
    const file = this.#fileById.get(fileId);
    if (file === undefined || file.copies === copies) return;
    this.#fileById.set(fileId, { ...file, copies });
    this.#hasChanged();
  }

  list(): readonly OwnFile[] {
    return [...this.#fileById.values()].map((file) => ({ ...file, link: fileLink(this.#origin, file.fileId) }));
  }

  #hasChanged(): void {
    this.#changed();
    this.#isSaved = false;
    if (!this.#isSaving) void this.#save();
  }

  /** One write at a time; changes in the meantime share the next. */
  async #save(): Promise<void> {
    this.#isSaving = true;
    while (!this.#isSaved) {
      this.#isSaved = true;
      try {
        await this.#settings.set(SETTING, [...this.#fileById.values()]);
      } catch {
        this.#counters.count('settings failed to write');
      }
    }
    this.#isSaving = false;
  }
}
