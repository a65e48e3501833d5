// What was dropped on the page or chosen in it: files, and each folder, with all that is in it, as one. What cannot be read is left
// out by name.

import type { FileSource } from '../../peer/api.ts';
import { type FileInFolder, folderSource, type LeftOut } from '../../peer/folder-source.ts';

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
export async function droppedFolder(top: FileSystemDirectoryEntry): Promise<FileSource> {
  const walk = new Walk(top);
  await walk.collect(top);
  return folderSource(top.name, walk.files, walk.emptyFolders, walk.leftOut);
}

class Walk {
  readonly files: FileInFolder[] = [];
  readonly emptyFolders: string[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly #top: FileSystemDirectoryEntry;

  constructor(top: FileSystemDirectoryEntry) {
    this.#top = top;
  }

  async collect(folder: FileSystemDirectoryEntry): Promise<void> {
    const entries = await entriesOf(folder);
    if (entries.length === 0 && folder !== this.#top) this.emptyFolders.push(this.#pathOf(folder));
    for (const entry of entries) {
      const path = this.#pathOf(entry);
      try {
        if (isFolder(entry)) await this.collect(entry);
        else if (isFile(entry)) this.files.push(inFolder(path, await fileOf(entry)));
      } catch (error) {
        this.leftOut.push({ path, why: reasonOf(error) });
      }
    }
  }

  #pathOf({ fullPath }: FileSystemEntry): string {
    return fullPath.slice(this.#top.fullPath.length + 1);
  }
}

/** Browsers refuse to read a file that has changed since they gave it. */
export function inFolder(path: string, file: File): FileInFolder {
  return {
    ...{ path, size: file.size, type: file.type, modified: file.lastModified, isExecutable: false },
    read: async (start, end) => {
      const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
      if (bytes.length < end - start) throw new Error('it became shorter while the folder was stored');
      return bytes;
    },
  };
}

/** Browsers give a hundred at a time, and at last none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
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

export function reasonOf(error: unknown): string {
  return `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
}
