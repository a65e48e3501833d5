// What the page does with files of its user's device.

import type { FileSource } from '../../peer/api.ts';
import type { FolderEntry, FolderFile } from '../../peer/folder-list.ts';
import type { KeptParts } from '../../peer/kept-parts.ts';
import type { FileHead, RetrievedFile } from '../../peer/retrieved-file.ts';
import type { GivenFiles } from '../saving/dropped-folder.ts';
import type { SavedFile, SavedFolder } from '../text/saved-text.ts';
import type { RunOptions } from './transfer.ts';

/** Files where there are no paths. */
export interface PageFiles {
  /** Lets the user choose; nothing if they choose none, or if `signal` is aborted. */
  choose(signal: AbortSignal): Promise<readonly File[]>;
  /** Has the browser save it under this name. */
  save(name: string, content: Blob): void;
  /** Loads what the rest needs, so that a click or a drop is answered at once. Never rejects; `failed` is called after each try in vain. */
  prepare(failed: () => void): Promise<void>;
  /** What was dropped, each folder as one. */
  dropped(entries: readonly FileSystemEntry[]): Promise<GivenFiles>;
  /** A file, or a folder as browsers give it, such as by its files, as one. Rejects with a PeerError: storage, too-large. */
  sourceOf(given: unknown): Promise<FileSource>;
  /** Reads a folder's list. Rejects as reading `whole` does. */
  openFolder(whole: RetrievedFile, fileId: string, signal: AbortSignal): Promise<OpenFolder>;
  /** Saves a file that is too large for memory; to be called in a click (saving/save-file.ts). */
  saveLarge(request: SaveRequest): Promise<SavedFile>;
}

/** A folder of which nothing but the list has been fetched. Both are to be called in a click; they resolve with what the browser does. */
export interface OpenFolder {
  readonly entries: readonly FolderEntry[];
  saveOne(file: FolderFile, options: RunOptions): Promise<SavedFile>;
  saveAll(options: RunOptions): Promise<SavedFile | SavedFolder>;
}

/** A file to be fetched and saved. */
export interface SaveRequest {
  readonly head: FileHead;
  readonly fileId: string;
  readonly signal: AbortSignal;
  /** Its content, for which nothing has been fetched. */
  open(kept: KeptParts | undefined): Promise<RetrievedFile>;
}

/** Files up to this size are fetched into memory (which browsers move to their disk) and are ready for a click; larger ones are
 * asked for first, and then saved as they come. */
export const IN_MEMORY_BYTES = 64 * 2 ** 20;
