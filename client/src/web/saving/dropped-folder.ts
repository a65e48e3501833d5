// What was dropped on the page or chosen in it: files, and each folder, with all that is in it, as one.

import type { FileSource } from '../../peer/api.ts';
import { folderSource, type LeftOut } from '../../peer/folder-source.ts';
import { type Given, inFolder, reasonOf, walkedFolder } from './walked-folder.ts';

export interface GivenFiles {
  readonly files: readonly FileSource[];
  /** What is not even a folder that can be stored. */
  readonly leftOut: readonly LeftOut[];
}

/** The entries are those of a drop, taken while it was told. Never rejects. */
export async function dropped(entries: readonly FileSystemEntry[]): Promise<GivenFiles> {
  const files: FileSource[] = [];
  const leftOut: LeftOut[] = [];
  for (const entry of entries) {
    try {
      if (isFolder(entry)) files.push(await droppedFolder(entry));
      else if (isFile(entry)) files.push(await fileOf(entry));
    } catch (error) {
      leftOut.push({ path: entry.name, why: reasonOf(error) });
    }
  }
  return { files, leftOut };
}

/** Throws a PeerError of code too-large. The browser says nothing of empty folders. */
export function chosenFolder(files: readonly File[]): FileSource {
  const [first] = files;
  const name = first?.webkitRelativePath.split('/')[0] || 'folder';
  const inside = files.map((file) => inFolder(file.webkitRelativePath.slice(name.length + 1) || file.name, file));
  // Browsers give them as they lie on the disk.
  return folderSource(
    name,
    inside.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  );
}

/** Throws a PeerError of code too-large. */
export function droppedFolder(top: FileSystemDirectoryEntry): Promise<FileSource> {
  return walkedFolder(top.name, () => inside(top));
}

async function inside(folder: FileSystemDirectoryEntry): Promise<readonly Given[]> {
  return (await entriesOf(folder)).map((entry) => ({
    name: entry.name,
    ...(isFolder(entry) && { folder: () => inside(entry) }),
    ...(isFile(entry) && { file: () => fileOf(entry) }),
  }));
}

/** Browsers give a hundred at a time, and at last none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
