// The files stored from this node: kept in the settings, so that the list survives a reload.

import * as v from 'valibot';
import { MAX_SALT } from '../core/past/block.ts';
import { type Id, isAnyId } from '../core/pastry/id.ts';
import { type FileKey, parseFileKey } from '../vault/file-key.ts';
import type { Counters } from './counters.ts';
import { fileLink } from './file-link.ts';
import { isOwnerSecret } from './owner-keys.ts';
import type { Settings } from './ports.ts';

export const OWN_FILES_SETTING = 'own-files';
const naturalNumber = v.pipe(v.number(), v.minValue(0));
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const id = v.custom<Id>((value) => typeof value === 'string' && isAnyId(value));
const savedFile = v.object({
  fileId: digest,
  /** Of a private file. */
  fileKey: v.optional(v.custom<FileKey>((value) => typeof value === 'string' && parseFileKey(value) !== undefined)),
  name: v.string(),
  type: v.string(),
  size: naturalNumber,
  storedAt: naturalNumber,
  /** Its segments' digests and sizes; absent of files that earlier versions stored. */
  segments: v.optional(v.array(v.tuple([digest, naturalNumber]))),
  /** By digest, of its blocks that had no room at their first places: the salts of those where they are. */
  salts: v.optional(v.record(digest, v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_SALT))), {}),
  /** Of a public file: where its name is listed; absent of files that earlier versions stored. */
  record: v.optional(v.object({ key: id, digest, size: naturalNumber })),
  /** Private keys of its owners, one for each time that it was stored here, the newest last. None: an earlier version stored it. */
  owners: v.optional(v.array(v.pipe(v.string(), v.check(isOwnerSecret))), []),
  /** Of the newest leases: until when its blocks are kept, milliseconds since 1970, and their serial. */
  expires: v.optional(naturalNumber, 0),
  serial: v.optional(naturalNumber, 0),
  /** Its leases are renewed. */
  isPinned: v.optional(v.boolean(), true),
  /** It is to be deleted, and not all of its holders know yet. */
  isDeleted: v.optional(v.boolean(), false),
});
const saved = v.array(savedFile);
export type SavedFile = v.InferOutput<typeof savedFile>;
/** What an earlier version did not know may be missing. */
export type NewFile = v.InferInput<typeof savedFile>;

export class OwnFiles {
  readonly #settings: Settings;
  readonly #origin: string;
  readonly #counters: Counters;
  readonly #changed: () => void;
  /** In the order in which they were stored. */
  readonly #fileById = new Map<string, SavedFile>();
  #isSaving = false;
  #isSaved = true;
  #saving: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

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
      const parsed = v.safeParse(saved, (await this.#settings.get(OWN_FILES_SETTING)) ?? []);
      if (!parsed.success) this.#counters.count('list of own files is damaged');
      else for (const file of parsed.output) this.#fileById.set(file.fileId, file);
    } catch {
      this.#counters.count('settings failed to read');
    }
  }

  add(file: NewFile): void {
    // Stored again, it moves to the end.
    this.#fileById.delete(file.fileId);
    this.#fileById.set(file.fileId, v.parse(savedFile, file));
    this.#hasChanged();
  }

  get(fileId: string): SavedFile | undefined {
    return this.#fileById.get(fileId);
  }

  update(fileId: string, changes: Partial<SavedFile>): void {
    const file = this.#fileById.get(fileId);
    if (file === undefined) return;
    this.#fileById.set(fileId, { ...file, ...changes });
    this.#hasChanged();
  }

  delete(fileId: string): void {
    if (this.#fileById.delete(fileId)) this.#hasChanged();
  }

  /** Resolves when the list is written as it is now, or with why it could not be. */
  async saved(): Promise<Error | undefined> {
    await this.#saving;
    return this.#failure;
  }

  /** What was saved is gone, perhaps. */
  saveAgain(): void {
    this.#isSaved = false;
    if (!this.#isSaving) this.#saving = this.#save();
  }

  /** True of a file that is not being deleted. */
  has(fileId: string): boolean {
    return this.#fileById.get(fileId)?.isDeleted === false;
  }

  /** Those too that are being deleted. */
  all(): readonly SavedFile[] {
    return [...this.#fileById.values()];
  }

  list(): readonly (SavedFile & { readonly link: string })[] {
    const files = this.all().filter(({ isDeleted }) => !isDeleted);
    return files.map((file) => ({ ...file, link: fileLink(this.#origin, file) }));
  }

  #hasChanged(): void {
    this.#changed();
    this.saveAgain();
  }

  /** One write at a time; changes in the meantime share the next. */
  async #save(): Promise<void> {
    this.#isSaving = true;
    while (!this.#isSaved) {
      this.#isSaved = true;
      try {
        await this.#settings.set(OWN_FILES_SETTING, [...this.#fileById.values()]);
        this.#failure = undefined;
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        this.#counters.count('settings failed to write');
      }
    }
    this.#isSaving = false;
  }
}
