// What is kept of the store of a private file until it is done, so that the same file goes on where it was broken off: its key,
// and the digest of each segment that was sealed. A key may seal one content only (docs/format.md), so a segment is noted, durably,
// before it leaves this node; at the next try other bytes at that place are found out before they do.

import * as v from 'valibot';
import { type FileKey, newFileKey, parseFileKey } from '../vault/file-key.ts';
import type { Settings } from './ports.ts';

export interface StoreJournal {
  readonly fileKey: FileKey;
  /**
   * Notes that this is the segment's digest; resolves when that would survive a crash. False if the key has sealed other bytes
   * there before. Rejects if it cannot be kept: then nothing may be sealed with the key.
   */
  agrees(index: number, digest: string): Promise<boolean>;
  /** The store is done, or given up for good: nothing stays. Never rejects. */
  end(): Promise<void>;
  /** Leaves it for a later try. Never rejects. */
  close(): Promise<void>;
}

/** Journals by the state of the file that they are about. */
export interface StoreJournals {
  /** The one of an earlier try, or a new one; undefined if another store has it, or if none can be kept. Never rejects. */
  open(fileState: string): Promise<StoreJournal | undefined>;
}

/** Digests in one setting: each new one writes so many again. */
const PAGE_DIGESTS = 64;
const keySchema = v.custom<FileKey>((value) => typeof value === 'string' && parseFileKey(value) !== undefined);
const headSchema = v.object({ fileKey: keySchema });
const pageSchema = v.object({
  /** A page of another journal, which had the same place before, is none. */
  fileKey: keySchema,
  digests: v.array(v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)))),
});
type Digests = (string | null)[];

/** Its key and its digests, as settings whose names begin alike. */
export class JournalPages {
  readonly fileKey: FileKey;
  readonly #settings: Settings;
  readonly #name: string;
  readonly #pages: Digests[];
  #written: Promise<void> = Promise.resolve();

  private constructor(settings: Settings, name: string, fileKey: FileKey, pages: Digests[]) {
    this.fileKey = fileKey;
    this.#settings = settings;
    this.#name = name;
    this.#pages = pages;
  }

  /** Of an earlier try under this name, or new. Rejects if it can be neither read nor written. */
  static async open(settings: Settings, name: string): Promise<JournalPages> {
    const head = v.safeParse(headSchema, await settings.get(name));
    if (!head.success) {
      const fileKey = newFileKey();
      await settings.set(name, { fileKey });
      return new JournalPages(settings, name, fileKey, []);
    }
    const { fileKey } = head.output;
    const pages: Digests[] = [];
    for (;;) {
      const page = v.safeParse(pageSchema, await settings.get(pageName(name, pages.length)));
      if (!page.success || page.output.fileKey !== fileKey) return new JournalPages(settings, name, fileKey, pages);
      pages.push(page.output.digests);
    }
  }

  /** As StoreJournal.agrees. */
  async agrees(index: number, digest: string): Promise<boolean> {
    const number = Math.floor(index / PAGE_DIGESTS);
    while (this.#pages.length <= number) {
      this.#pages.push([]);
      // Also one of which nothing is known: whoever reads them ends at the first that is not there.
      this.#write(this.#pages.length - 1);
    }
    const digests = this.#pages[number] ?? [];
    const known = digests[index % PAGE_DIGESTS] ?? undefined;
    if (known !== undefined) return known === digest;
    digests[index % PAGE_DIGESTS] = digest;
    await this.#write(number);
    return true;
  }

  /** One write at a time, in order; after one that failed none is made. */
  #write(number: number): Promise<void> {
    // Holes as null.
    const digests = Array.from(this.#pages[number] ?? [], (each) => each ?? null);
    const name = pageName(this.#name, number);
    this.#written = this.#written.then(() => this.#settings.set(name, { fileKey: this.fileKey, digests }));
    // Told to who waits for the last one.
    this.#written.catch(() => undefined);
    return this.#written;
  }

  /** Its key is no longer known: what else is there means nothing. */
  async forget(): Promise<void> {
    await this.#settings.set(this.#name, null);
  }
}

function pageName(name: string, page: number): string {
  return `${name}-${page}`;
}
