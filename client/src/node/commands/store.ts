// `tabring store <path…>`: stores files, and folders, each as one file with one link, one after the other.

import { PeerError } from '../../peer/errors.ts';
import { folderSource, type LeftOut } from '../../peer/folder-source.ts';
import { folderText, leftOutLine, renamedLine } from '../../prompt/folder-text.ts';
import { copiesLine, placeLines } from '../../prompt/store-text.ts';
import { FsOwnedFiles, userDirectory } from '../../stores/fs-owned-files.ts';
import { formatBytes } from '../bytes.ts';
import { type FileSource, openFileSource, openStandardInput } from '../file-source.ts';
import { Progress } from '../progress.ts';
import { type Client, withClient } from './client.ts';
import { type CommandContext, CommandError, type ExitCode } from './context.ts';
import { type Given, lookThrough, STANDARD_INPUT } from './walk.ts';

export interface StoreOptions {
  /** What standard input is called in the ring. */
  readonly name: string;
  /** Listed under their names, for everybody. Undefined: as is usual in this ring. */
  readonly isPublic: boolean | undefined;
  /** Print the links alone. */
  readonly isQuiet: boolean;
}

type Stored = { readonly link: string; readonly [more: string]: unknown };

/**
 * Goes on with the next if one fails; the exit code tells, also of what was left out of a folder. Rejects with a CommandError if a
 * path does not exist, before anything is stored.
 */
export async function store(
  given: CommandContext,
  paths: readonly string[],
  { name, isPublic, isQuiet }: StoreOptions,
): Promise<ExitCode> {
  if (isQuiet && given.json) throw new CommandError('give either --json or --quiet');
  const context: CommandContext = isQuiet ? { ...given, print: () => undefined } : given;
  const all = await lookThrough(paths);
  const settings = new FsOwnedFiles(userDirectory(process.env), []);
  return withClient<ExitCode>(context, { settings }, async (client) => {
    if (!context.json) context.print(`random node ${client.randomNode}`, 'faint');
    const results: object[] = [];
    const leftOut: LeftOut[] = [];
    let failures = 0;
    for (const one of all) {
      const { path } = one;
      try {
        const stored =
          one.kind === 'folder'
            ? await storeFolder(context, client, one, isPublic, leftOut)
            : await storeFile(context, client, await openFile(path, name, context), isPublic);
        if (isQuiet) given.print(stored.link);
        results.push({ path, ...stored });
      } catch (error) {
        const isOver = error instanceof PeerError && (error.code === 'aborted' || error.code === 'left');
        if (isOver || !(error instanceof PeerError || error instanceof CommandError)) throw error;
        failures += 1;
        context.tell(`tabring: ${path}: ${error.message}`);
        results.push({
          path,
          error: { code: error instanceof PeerError ? error.code : 'storage', message: error.message },
        });
      }
    }
    if (context.json) context.print(JSON.stringify({ randomNode: client.randomNode, files: results, leftOut }));
    return failures + leftOut.length === 0 ? 0 : 1;
  });
}

function openFile(path: string, name: string, { signal }: CommandContext): Promise<FileSource> {
  return path === STANDARD_INPUT ? openStandardInput(name, signal) : openFileSource(path);
}

async function storeFile(
  context: CommandContext,
  client: Client,
  file: FileSource,
  isPublic: boolean | undefined,
): Promise<Stored> {
  const { name, size } = file;
  const progress = new Progress(context, `storing ${name}`);
  try {
    return await storeOne(context, client, file, { isPublic, progress, what: `file ${name}, ${formatBytes(size)}` });
  } finally {
    progress.end();
    await file.close();
  }
}

/** What is left out of it is told, and added to `leftOut`. */
async function storeFolder(
  context: CommandContext,
  client: Client,
  given: Extract<Given, { readonly kind: 'folder' }>,
  isPublic: boolean | undefined,
  leftOut: LeftOut[],
): Promise<Stored> {
  const placeOf = (path: string): string => (path === '.' ? given.path : `${given.path.replace(/\/+$/, '')}/${path}`);
  const tell = (some: readonly LeftOut[]): void => {
    const told = some.map(({ path, why }) => ({ path: placeOf(path), why }));
    for (const one of told) context.tell(`tabring: ${leftOutLine(one)}`);
    leftOut.push(...told);
  };
  const source = folderSource(given.name, given.files, given.emptyFolders, given.leftOut);
  for (const { path, as } of source.renamed) context.tell(renamedLine({ path: placeOf(path), as }));
  const before = source.leftOut.length;
  tell(source.leftOut);
  const read = (): string => `storing ${source.name}, ${source.filesRead} of ${source.files} files`;
  const progress = new Progress(context, read);
  try {
    const what = `folder ${source.name}, ${folderText(source.files, source.fileBytes)}`;
    const stored = await storeOne(context, client, source, { isPublic, progress, what });
    return { ...stored, files: source.folder().files, bytes: source.fileBytes, renamed: source.renamed };
  } finally {
    progress.end();
    // What could not be read, or was written to meanwhile.
    tell(source.leftOut.slice(before));
  }
}

interface Wishes {
  readonly isPublic: boolean | undefined;
  readonly progress: Progress;
  /** The first line of what is printed. */
  readonly what: string;
}

async function storeOne(
  context: CommandContext,
  client: Client,
  file: Parameters<Client['peer']['store']>[0],
  { isPublic, progress, what }: Wishes,
): Promise<Stored> {
  const { name, size } = file;
  const stored = await client.peer.store(file, { onProgress: progress.show, signal: context.signal, isPublic });
  // The last copies may still be read from the file: it stays open until they are made.
  const isComplete = await client.whenComplete();
  progress.end();
  const { fileId, link, listedAt } = stored;
  // A public file is found at the key of its name.
  const { key, root } = listedAt ?? stored;
  const route = client.route((listedAt ?? stored).route);
  const copies = client.peer.listFiles().own.find((own) => own.fileId === fileId)?.copies ?? stored.copies;
  if (!context.json) {
    context.print(what);
    const place = { fileId, link, route, ...(listedAt === undefined ? {} : { listedAt: { ...listedAt, route } }) };
    for (const line of placeLines(place)) context.print(line);
    const rest = isComplete ? '' : '; the ring is still making more';
    context.print(`${copiesLine(copies)}${rest}`, 'good');
  }
  return { name, size, fileId, link, isPublic: listedAt !== undefined, key, root, route, copies };
}
