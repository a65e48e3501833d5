// What a program gives to be stored (docs/console-api.md): a file, or files or a folder, which become one.

import type { FileSource } from '../../peer/api.ts';
import { PeerError } from '../../peer/errors.ts';
import { chosenFolder, droppedFolder } from './dropped-folder.ts';
import { type Given, walkedFolder } from './walked-folder.ts';

/** Rejects with a PeerError: storage, too-large. */
export async function sourceOf(given: unknown): Promise<FileSource> {
  if (isFileSource(given)) return given;
  if (isFiles(given) && given.length > 0) return chosenFolder(given);
  if (isDirectory(given)) return walkedFolder(given.name, () => inside(given));
  if (isDirectoryEntry(given)) return droppedFolder(given);
  throw new PeerError(
    'storage',
    "store() takes a File, such as new File(['hello'], 'hello.txt'), an array of them, or a folder as browsers give it",
  );
}

async function inside(folder: FileSystemDirectoryHandle): Promise<readonly Given[]> {
  const given: Given[] = [];
  for await (const handle of folder.values()) {
    const { name } = handle;
    if (isDirectory(handle)) given.push({ name, folder: () => inside(handle) });
    else if (isFile(handle)) given.push({ name, file: () => handle.getFile() });
  }
  return given;
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
