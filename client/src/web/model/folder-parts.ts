// What is being saved, or has been, out of a folder that is open: a file of it, or all.

import { PeerError } from '../../peer/errors.ts';
import type { FolderFile } from '../../peer/folder-list.ts';
import type { SavedFile, SavedFolder } from '../text/saved-text.ts';
import type { Download, FetchedFile } from './downloads.ts';
import { Transfer } from './transfer.ts';

/** A file of a folder on its way to where its user wants it, or all of them. */
export interface FolderPart {
  /** Undefined: all. */
  readonly file: FolderFile | undefined;
  /** Resolves with what the browser does. */
  readonly transfer: Transfer<SavedFile | SavedFolder>;
}

export type FetchedFolder = Extract<FetchedFile, { readonly state: 'folder' }>;

/**
 * Fetches a file of an opened folder, or all, into where its user wants it; to be called in a click. Its failure is shown in the folder's parts; who chooses no
 * place for it has thought better of it.
 */
export async function saveFrom(
  { parts }: Download,
  { open, name, size }: FetchedFolder,
  now: () => number,
  file?: FolderFile,
): Promise<void> {
  const label = file === undefined ? name : file.path.slice(file.path.lastIndexOf('/') + 1);
  const part: FolderPart = { file, transfer: new Transfer(label, now) };
  const { transfer } = part;
  const others = parts.peek().filter((other) => other.file !== file || !other.transfer.isOver);
  parts.value = [part, ...others];
  try {
    await transfer.run(file?.size ?? size, undefined, (options) =>
      file === undefined ? open.saveAll(options) : open.saveOne(file, options),
    );
  } catch (error) {
    const isUnchosen = error instanceof PeerError && error.code === 'aborted' && !transfer.signal.aborted;
    if (isUnchosen) dismissPart({ parts }, part);
    else transfer.fail(error);
  }
}

/** Takes what was saved, or not, off the page. */
export function dismissPart({ parts }: Pick<Download, 'parts'>, part: FolderPart): void {
  parts.value = parts.peek().filter((other) => other !== part);
}
