// What a program gives to be stored (docs/console-api.md): a file, or files or a folder, which become one.

import type { FileSource } from '../../peer/api.ts';
import { PeerError } from '../../peer/errors.ts';
import { type FileInFolder, folderSource, type LeftOut } from '../../peer/folder-source.ts';
import { chosenFolder, droppedFolder, inFolder, reasonOf } from './dropped-folder.ts';

/** Rejects with a PeerError: storage, too-large. */
export async function sourceOf(given: unknown): Promise<FileSource> {
  if (isFileSource(given)) return given;
  if (isFiles(given) && given.length > 0) return chosenFolder(given);
  if (isDirectory(given)) return folderOf(given);
  if (isDirectoryEntry(given)) return droppedFolder(given);
  throw new PeerError(
    'storage',
    "store() takes a File, such as new File(['hello'], 'hello.txt'), an array of them, or a folder as browsers give it",
  );
}

async function folderOf(top: FileSystemDirectoryHandle): Promise<FileSource> {
  const files: FileInFolder[] = [];
  const emptyFolders: string[] = [];
  const leftOut: LeftOut[] = [];
  const collect = async (folder: FileSystemDirectoryHandle, start: string): Promise<void> => {
    const handles: FileSystemHandle[] = [];
    for await (const handle of folder.values()) handles.push(handle);
    if (handles.length === 0 && start !== '') emptyFolders.push(start.slice(0, -1));
    for (const handle of handles.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = start + handle.name;
      try {
        if (isDirectory(handle)) await collect(handle, `${path}/`);
        else if (isFile(handle)) files.push(inFolder(path, await handle.getFile()));
      } catch (error) {
        leftOut.push({ path, why: reasonOf(error) });
      }
    }
  };
  await collect(top, '');
  return folderSource(top.name, files, emptyFolders, leftOut);
}

function isFiles(given: unknown): given is readonly File[] {
  return Array.isArray(given) && given.every((one) => one instanceof File);
}

// Not every browser has these classes by their names.

function isDirectory(given: unknown): given is FileSystemDirectoryHandle {
  return typeof given === 'object' && given !== null && 'getDirectoryHandle' in given;
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return 'getFile' in handle;
}

function isDirectoryEntry(given: unknown): given is FileSystemDirectoryEntry {
  return typeof given === 'object' && given !== null && 'createReader' in given;
}

function isFileSource(value: unknown): value is FileSource {
  if (typeof value !== 'object' || value === null) return false;
  const has = (name: string, type: string): boolean => typeof Reflect.get(value, name) === type;
  return has('name', 'string') && has('type', 'string') && has('size', 'number') && has('slice', 'function');
}
