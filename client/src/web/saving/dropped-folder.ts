// The files of folders dropped on the page, and of folders in them. What cannot be read is left out by name.

export interface DroppedFiles {
  /** By their way in the folder. */
  readonly files: readonly File[];
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

/** A page's memory for a folder's list; who drops more wants a tool for it. */
const MAX_FILES = 10_000;

/** The entries are those of a drop, taken while it was told. Never rejects. */
export async function filesIn(entries: readonly FileSystemEntry[]): Promise<DroppedFiles> {
  const found: { readonly files: File[]; readonly leftOut: { path: string; why: string }[] } = {
    files: [],
    leftOut: [],
  };
  for (const entry of entries) await collect(entry, found);
  const [first] = entries;
  if (first !== undefined && found.files.length + found.leftOut.length === 0)
    found.leftOut.push({ path: first.name, why: 'there are no files in it' });
  return found;
}

async function collect(
  entry: FileSystemEntry,
  found: { readonly files: File[]; readonly leftOut: { path: string; why: string }[] },
): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  try {
    if (isFolder(entry)) {
      for (const inner of await entriesOf(entry)) await collect(inner, found);
    } else if (isFile(entry)) {
      if (found.files.length < MAX_FILES) found.files.push(await fileOf(entry));
      else found.leftOut.push({ path, why: `more than ${MAX_FILES} files at once: use the command line` });
    }
  } catch (error) {
    found.leftOut.push({ path, why: `it cannot be read (${error instanceof Error ? error.message : String(error)})` });
  }
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
