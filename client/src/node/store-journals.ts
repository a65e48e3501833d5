// The journals of `tabring store`: a directory for each file that is being stored, which only this user may read, and which goes
// when the file is stored. One that was broken off stays for a week.

import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { JournalPages, type StoreJournal, type StoreJournals } from '../peer/store-journal.ts';
import { OWNER_ONLY } from '../stores/fs-files.ts';
import { takeLock } from '../stores/fs-lock.ts';
import { FsSettings } from '../stores/fs-settings.ts';

/** A store that was broken off longer ago is begun anew, milliseconds. */
const KEPT_MS = 7 * 24 * 60 * 60_000;
const NAME_CHARACTERS = 32;
const JOURNAL = 'store';

export class FsJournals implements StoreJournals {
  readonly #place: () => string;

  /** `place`: their directory; throws if this user has none. */
  constructor(place: () => string) {
    this.#place = place;
  }

  async open(fileState: string): Promise<StoreJournal | undefined> {
    let free: (() => Promise<void>) | undefined;
    try {
      const place = this.#place();
      const directory = join(place, fileState.slice(0, NAME_CHARACTERS));
      await sweep(place);
      await mkdir(directory, { recursive: true, mode: OWNER_ONLY.directory });
      free = await takeLock(join(directory, 'lock'));
      const settings = await FsSettings.open(directory);
      const pages = await JournalPages.open(settings, JOURNAL);
      const close = async (): Promise<void> => {
        await settings.close();
        await free?.();
      };
      return {
        fileKey: pages.fileKey,
        agrees: (index, digest) => pages.agrees(index, digest),
        close: () => close().catch(() => undefined),
        end: async () => {
          // The key first: what is left of the rest then means nothing.
          await pages.forget().catch(() => undefined);
          await close().catch(() => undefined);
          await rm(directory, { recursive: true, force: true }).catch(() => undefined);
        },
      };
    } catch {
      // Another command stores the same file, or this user has no such place: the file is stored without.
      await free?.().catch(() => undefined);
      return undefined;
    }
  }
}

async function sweep(place: string): Promise<void> {
  for (const name of await readdir(place).catch(() => [])) {
    const path = join(place, name);
    if (Date.now() - (await stat(path)).mtimeMs > KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}
