// Folders that the browser writes where the user says (File System Access API): Chromium has it.

import { PeerError } from '../../peer/errors.ts';
import { caseless, withoutCollisions } from '../../peer/folder-path.ts';
import { type Folder, readFiles } from '../../peer/folder-reader.ts';
import type { RetrievedFile, RetrieveOptions } from '../../peer/retrieved-file.ts';
import type { SavedFolder } from '../text/saved-text.ts';

interface WithPicker {
  showDirectoryPicker(options: { readonly mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}

/** Numbers tried for a folder whose name is taken. */
const MAX_NUMBER = 1_000;

/** Undefined where the browser has no such thing, or does not let this page. Rejects as `aborted` if the user chooses none. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  if (!hasPicker(window)) return undefined;
  try {
    return await window.showDirectoryPicker({ mode: 'readwrite' });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    if (name === 'AbortError') throw new PeerError('aborted', 'no folder was chosen', error);
    if (name === 'SecurityError' || name === 'NotAllowedError') return undefined;
    throw error;
  }
}

/** Into a new folder in the chosen one. Resolves with what was done. Rejects as reading `whole` does, and with a PeerError: full. */
export async function writeFolder(
  chosen: FileSystemDirectoryHandle,
  whole: RetrievedFile,
  { name, entries }: Folder,
  options: RetrieveOptions,
): Promise<SavedFolder> {
  const top = await newFolder(chosen, name);
  const files = entries.filter((entry) => entry.kind === 'file');
  const folders = entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path);
  const paths = withoutCollisions(
    files.map(({ path }) => path),
    folders,
    caseless,
  );
  const pathByFile = new Map(files.map((file, index) => [file, paths[index] ?? file.path]));
  const leftOut: string[] = [];
  try {
    for (const path of folders) await folderAt(top, path.split('/'));
    for await (const { file, bytes } of readFiles(whole, files, options)) {
      const path = pathByFile.get(file) ?? file.path;
      if (!(await writeFile(top, path, bytes))) leftOut.push(path);
    }
  } catch (error) {
    // What is there is not the folder.
    await chosen.removeEntry(top.name, { recursive: true }).catch(() => undefined);
    if (error instanceof DOMException && error.name === 'QuotaExceededError')
      throw new PeerError('full', 'the disk is full: make room, or choose another place', error);
    throw error;
  }
  return { kind: 'folder', name: top.name, without: leftOut };
}

/** What has the name already stays. */
async function newFolder(chosen: FileSystemDirectoryHandle, name: string): Promise<FileSystemDirectoryHandle> {
  for (let number = 1; number < MAX_NUMBER; number += 1) {
    const wanted = number === 1 ? name : `${name} (${number})`;
    if (!(await isThere(chosen, wanted))) return chosen.getDirectoryHandle(wanted, { create: true });
  }
  throw new PeerError('storage', `there are too many folders called ${name}: choose another place`);
}

async function isThere(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getDirectoryHandle(name);
    return true;
  } catch (error) {
    // Of a file of this name it says that it is another kind.
    if (error instanceof DOMException && error.name === 'NotFoundError') return false;
    if (error instanceof DOMException && error.name === 'TypeMismatchError') return true;
    throw error;
  }
}

/** False if the browser takes no file of this name, as of a link of the system's. */
async function writeFile(
  top: FileSystemDirectoryHandle,
  path: string,
  bytes: AsyncIterable<Uint8Array<ArrayBuffer>>,
): Promise<boolean> {
  const parts = path.split('/');
  let handle: FileSystemFileHandle;
  try {
    const folder = await folderAt(top, parts.slice(0, -1));
    handle = await folder.getFileHandle(parts.at(-1) ?? '', { create: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Its bytes stand before the next file's.
    for await (const _ of bytes);
    return false;
  }
  const writable = await handle.createWritable();
  try {
    for await (const some of bytes) await writable.write(some);
  } catch (error) {
    await writable.abort().catch(() => undefined);
    throw error;
  }
  await writable.close();
  return true;
}

async function folderAt(top: FileSystemDirectoryHandle, parts: readonly string[]): Promise<FileSystemDirectoryHandle> {
  let folder = top;
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
  return folder;
}

function hasPicker(page: object): page is WithPicker {
  return 'showDirectoryPicker' in page && typeof page.showDirectoryPicker === 'function';
}
