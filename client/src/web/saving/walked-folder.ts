// A folder as the browser gives it, with all that is in it, as one file to be stored. What cannot be read is left out by name.

import type { FileSource } from '../../peer/api.ts';
import { type FileInFolder, folderSource, type LeftOut } from '../../peer/folder-source.ts';

/** What is in a folder: a file, another folder, or neither, which is passed over. */
export interface Given {
  readonly name: string;
  readonly file?: () => Promise<File>;
  readonly folder?: () => Promise<readonly Given[]>;
}

/** Throws a PeerError of code too-large. */
export async function walkedFolder(name: string, list: () => Promise<readonly Given[]>): Promise<FileSource> {
  const files: FileInFolder[] = [];
  const emptyFolders: string[] = [];
  const leftOut: LeftOut[] = [];
  /** `start`: the folder's path and a slash; empty of the folder itself. */
  const collect = async (given: readonly Given[], start: string): Promise<void> => {
    if (given.length === 0 && start !== '') emptyFolders.push(start.slice(0, -1));
    for (const { name, file, folder } of given.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = start + name;
      try {
        if (folder !== undefined) await collect(await folder(), `${path}/`);
        else if (file !== undefined) files.push(inFolder(path, await file()));
      } catch (error) {
        leftOut.push({ path, why: reasonOf(error) });
      }
    }
  };
  await collect(await list(), '');
  return folderSource(name, files, emptyFolders, leftOut);
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

export function reasonOf(error: unknown): string {
  return `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
}
