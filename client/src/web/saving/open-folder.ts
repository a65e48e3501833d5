// A folder on the page: its list, and how its files are saved, one or all.

import type { FolderFile } from '../../peer/folder-list.ts';
import { fileIn, openFolder } from '../../peer/folder-reader.ts';
import type { KeptParts } from '../../peer/kept-parts.ts';
import type { RetrievedFile } from '../../peer/retrieved-file.ts';
import { IN_MEMORY_BYTES, type OpenFolder } from '../model/page-files.ts';
import type { RunOptions } from '../model/transfer.ts';
import type { SavedFile, SavedFolder } from '../text/saved-text.ts';
import { pickFolder, writeFolder } from './folder-picker.ts';
import { saveFile } from './save-file.ts';
import { zipOf } from './zip-stream.ts';

type SaveBlob = (name: string, content: Blob) => void;
/** Of an id: as many as an offset takes. */
const OFFSET_DIGITS = 16;

/** Rejects as openFolder does. */
export async function openPageFolder(
  whole: RetrievedFile,
  fileId: string,
  saveBlob: SaveBlob,
  signal: AbortSignal,
): Promise<OpenFolder> {
  const folder = await openFolder(whole, signal);
  const saveOne = async (file: FolderFile, options: RunOptions): Promise<SavedFile> => {
    const single = fileIn(whole, file);
    const { name, size } = single;
    const open = (kept?: KeptParts): RetrievedFile => ({
      ...single,
      stream: () => single.stream({ ...options, kept }),
    });
    if (size > IN_MEMORY_BYTES) {
      const request = { head: single, fileId: partId(fileId, file.offset.toString(16)), signal: options.signal };
      return saveFile({ ...request, open: async (kept) => open(kept) }, saveBlob);
    }
    // A neutral type: a page or picture of a stranger's must be saved, never run under this page's origin.
    const bytes = await new Response(open().stream()).blob();
    saveBlob(name, new Blob([bytes], { type: 'application/octet-stream' }));
    return { kind: 'browser', name };
  };
  const saveAll = async (options: RunOptions): Promise<SavedFile | SavedFolder> => {
    // First of all: browsers let a page ask only right after a click.
    const chosen = await pickFolder();
    if (chosen !== undefined) return writeFolder(chosen, whole, folder, options);
    const zip = zipOf(whole, folder, options);
    const request = { head: zip, fileId: partId(fileId, 'f'.repeat(OFFSET_DIGITS)), signal: options.signal };
    return saveFile({ ...request, open: async () => zip }, saveBlob);
  };
  return { entries: folder.entries, saveOne, saveAll };
}

/** What has come of a part of a folder is kept apart from other parts. */
function partId(fileId: string, part: string): string {
  return fileId.slice(0, -OFFSET_DIGITS) + part.padStart(OFFSET_DIGITS, '0');
}
