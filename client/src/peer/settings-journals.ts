// The journals of stores in the settings of a node, which are its alone: a few, the oldest of which gives way.

import * as v from 'valibot';
import type { Settings } from './ports.ts';
import { JournalPages, type StoreJournal, type StoreJournals } from './store-journal.ts';

/** Stores that wait to be gone on with. Who breaks off more begins the oldest anew. */
const MAX_JOURNALS = 8;
/** The list of them: which file each place is about, the latest last. */
const SETTING = 'unfinished-stores';
const schema = v.array(v.object({ fileState: v.string(), place: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }));
type Entry = v.InferOutput<typeof schema>[number];

export class SettingsJournals implements StoreJournals {
  readonly #settings: Settings;
  readonly #failed: () => void;
  /** Files that are being stored. */
  readonly #open = new Set<string>();
  #entries: Promise<Entry[]> | undefined;

  /** `failed` is called when the settings can be neither read nor written. */
  constructor(settings: Settings, failed: () => void = () => undefined) {
    this.#settings = settings;
    this.#failed = failed;
  }

  async open(fileState: string): Promise<StoreJournal | undefined> {
    if (this.#open.has(fileState)) return undefined;
    this.#open.add(fileState);
    try {
      const place = await this.#placeOf(fileState);
      if (place === undefined) return this.#close(fileState);
      const pages = await JournalPages.open(this.#settings, placeName(place));
      return {
        fileKey: pages.fileKey,
        agrees: (index, digest) => pages.agrees(index, digest),
        end: async () => {
          await this.#tried(() => pages.forget());
          await this.#tried(() => this.#remove(fileState));
          this.#close(fileState);
        },
        close: async () => this.#close(fileState),
      };
    } catch {
      this.#failed();
      return this.#close(fileState);
    }
  }

  #close(fileState: string): undefined {
    this.#open.delete(fileState);
  }

  /** Its own place, a free one, or that of the oldest that nobody uses; undefined if all are in use. */
  async #placeOf(fileState: string): Promise<number | undefined> {
    const entries = await this.#load();
    const known = entries.find((entry) => entry.fileState === fileState);
    if (known !== undefined) return known.place;
    const places = Array.from({ length: MAX_JOURNALS }, (_, place) => place);
    const free = places.find((place) => entries.every((entry) => entry.place !== place));
    const oldest = entries.find((entry) => !this.#open.has(entry.fileState));
    const place = free ?? oldest?.place;
    if (place === undefined) return undefined;
    if (free === undefined && oldest !== undefined) entries.splice(entries.indexOf(oldest), 1);
    entries.push({ fileState, place });
    await this.#settings.set(placeName(place), null);
    await this.#settings.set(SETTING, entries);
    return place;
  }

  async #remove(fileState: string): Promise<void> {
    const entries = await this.#load();
    const at = entries.findIndex((entry) => entry.fileState === fileState);
    if (at >= 0) entries.splice(at, 1);
    await this.#settings.set(SETTING, entries);
  }

  #load(): Promise<Entry[]> {
    this.#entries ??= this.#settings.get(SETTING).then((value) => {
      const parsed = v.safeParse(schema, value ?? []);
      return parsed.success ? parsed.output : [];
    });
    return this.#entries;
  }

  async #tried(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      this.#failed();
    }
  }
}

function placeName(place: number): string {
  return `unfinished-store-${place}`;
}
