// `tabring store <path…>`: stores files, and folders, each as one file with one link: small ones together, the rest one after the other.

import type { StoreOptions as PeerStoreOptions, StoredFile } from '../../peer/api.ts';
import { PeerError } from '../../peer/errors.ts';
import { folderSource, type LeftOut } from '../../peer/folder-source.ts';
import { folderText, leftOutLine, renamedLine } from '../../prompt/folder-text.ts';
import { copiesLine, placeLines } from '../../prompt/store-text.ts';
import { FsOwnedFiles, userDirectory } from '../../stores/fs-owned-files.ts';
import { formatBytes } from '../bytes.ts';
import { type FileSource, openFileSource, openStandardInput } from '../file-source.ts';
import { Progress } from '../progress.ts';
import { type Client, withClient } from './client.ts';
import { type CommandContext, CommandError, type ExitCode, WrongUse } from './context.ts';
import { batchesOf } from './store-batches.ts';
import { type Given, lookThrough, STANDARD_INPUT } from './walk.ts';

export interface StoreOptions {
  /** What standard input is called in the ring, if it is given one. */
  readonly name: string | undefined;
  /** Listed under their names, for everybody. Undefined: as is usual in this ring. */
  readonly isPublic: boolean | undefined;
  /** For how long, milliseconds. Undefined: as long as their owner renews them. */
  readonly keptMs: number | undefined;
  /** Print the links alone. */
  readonly isQuiet: boolean;
}

/** Of which no name is known. */
const STANDARD_INPUT_NAME = 'standard-input';

type Stored = { readonly link: string; readonly [more: string]: unknown };

/**
 * Goes on with the next if one fails; the exit code tells, also of what was left out of a folder. Rejects with a CommandError if a
 * path does not exist, before anything is stored.
 */
export async function store(
  given: CommandContext,
  paths: readonly string[],
  { name, isPublic, isQuiet, keptMs }: StoreOptions,
): Promise<ExitCode> {
  if (isQuiet && given.json) throw new WrongUse('give either --json or --quiet');
  if (paths.includes('')) throw new WrongUse('a path is empty: give that of a file or a folder');
  if (name !== undefined && !paths.includes(STANDARD_INPUT))
    throw new WrongUse('--name is for standard input: give "-", or leave --name away and rename the file');
  const context: CommandContext = isQuiet ? { ...given, print: () => undefined } : given;
  const all = await lookThrough(paths);
  const settings = new FsOwnedFiles(userDirectory(process.env), [], given.server);
  return withClient<ExitCode>(context, { settings }, async (client) => {
    if (!context.json) context.print(`random node ${client.randomNode}`, 'faint');
    const results: object[] = [];
    const leftOut: LeftOut[] = [];
    const wishes: Wishes = { isPublic, keptMs };
    let failures = 0;
    const begin = async (one: Given, progress: Progress | undefined): Promise<Begun> =>
      one.kind === 'folder'
        ? beginFolder(context, client, one, wishes, leftOut)
        : beginFile(context, client, await openFile(one.path, name ?? STANDARD_INPUT_NAME, context), {
            ...wishes,
            progress,
          });
    const failed = (path: string, error: unknown): void => {
      const isOver = error instanceof PeerError && (error.code === 'aborted' || error.code === 'left');
      if (isOver || !(error instanceof PeerError || error instanceof CommandError)) throw error;
      failures += 1;
      context.tell(`tabring: ${path}: ${error.message}`);
      const code = error instanceof PeerError ? error.code : 'storage';
      results.push({ path, error: { code, message: error.message } });
    };
    for (const batch of await batchesOf(all)) {
      // Of many files that are under way together only how many there are is shown.
      const shared = batch.length === 1 ? undefined : new Progress(context, `storing ${batch.length} files`);
      const begun = await Promise.allSettled(batch.map((one) => begin(one, shared)));
      shared?.end();
      try {
        const isComplete = await client.whenComplete();
        for (const [index, { path }] of batch.entries()) {
          const outcome = begun[index];
          if (outcome?.status === 'fulfilled') {
            const stored = told(context, client, outcome.value, isComplete);
            if (isQuiet) given.print(stored.link);
            const keyFailure = outcome.value.stored.keyFailure?.message;
            results.push({ path, ...stored, ...(keyFailure !== undefined && { keyFailure }) });
            if (keyFailure === undefined) continue;
            failures += 1;
            context.tell(`tabring: ${path} is stored, but nobody can delete it or keep it on: ${keyFailure}`, 'bad');
          } else failed(path, outcome?.reason);
        }
      } finally {
        // The last copies may have been read from the files until now.
        for (const outcome of begun) if (outcome.status === 'fulfilled') await outcome.value.close();
      }
    }
    if (context.json) context.print(JSON.stringify({ randomNode: client.randomNode, files: results, leftOut }));
    return failures + leftOut.length === 0 ? 0 : 1;
  });
}

function openFile(path: string, name: string, { signal }: CommandContext): Promise<FileSource> {
  return path === STANDARD_INPUT ? openStandardInput(name, signal) : openFileSource(path);
}

interface Begun {
  /** The first line of what is printed. */
  readonly what: string;
  readonly name: string;
  readonly size: number;
  readonly stored: StoredFile;
  /** What programs are told beside. */
  readonly more: object;
  close(): Promise<void>;
}

type Wishes = Pick<PeerStoreOptions, 'isPublic' | 'keptMs'>;

interface FileWishes extends Wishes {
  /** Undefined: the file has one of its own. */
  readonly progress: Progress | undefined;
}

async function beginFile(
  { signal, isWatched }: CommandContext,
  client: Client,
  file: FileSource,
  { progress: shared, ...wishes }: FileWishes,
): Promise<Begun> {
  const { name, size } = file;
  const progress = shared ?? new Progress({ isWatched }, `storing ${name}`);
  try {
    const stored = await client.peer.store(file, { onProgress: progress.show, signal, ...wishes });
    return { what: `file ${name}, ${formatBytes(size)}`, name, size, stored, more: {}, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  } finally {
    if (shared === undefined) progress.end();
  }
}

/** What is left out of it is told, and added to `leftOut`. */
async function beginFolder(
  context: CommandContext,
  client: Client,
  given: Extract<Given, { readonly kind: 'folder' }>,
  wishes: Wishes,
  leftOut: LeftOut[],
): Promise<Begun> {
  const placeOf = (path: string): string => (path === '.' ? given.path : `${given.path.replace(/\/+$/, '')}/${path}`);
  const tell = (some: readonly LeftOut[]): void => {
    const placed = some.map(({ path, why }) => ({ path: placeOf(path), why }));
    for (const one of placed) context.tell(`tabring: ${leftOutLine(one)}`);
    leftOut.push(...placed);
  };
  const source = folderSource(given.name, given.files, given.emptyFolders, given.leftOut);
  for (const { path, as } of source.renamed) context.tell(renamedLine({ path: placeOf(path), as }));
  const before = source.leftOut.length;
  tell(source.leftOut);
  const read = (): string => `storing ${source.name}, ${source.filesRead} of ${source.files} files`;
  const progress = new Progress(context, read);
  try {
    const { name, size } = source;
    const stored = await client.peer.store(source, { onProgress: progress.show, signal: context.signal, ...wishes });
    const what = `folder ${name}, ${folderText(source.files, source.fileBytes)}`;
    const more = { files: source.folder().files, bytes: source.fileBytes, renamed: source.renamed };
    return { what, name, size, stored, more, close: async () => undefined };
  } finally {
    progress.end();
    // What could not be read, or was written to meanwhile.
    tell(source.leftOut.slice(before));
  }
}

/** Says of a file where it is. `isComplete`: it has all its copies. */
function told(context: CommandContext, client: Client, begun: Begun, isComplete: boolean): Stored {
  const { what, name, size, stored, more } = begun;
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
  return { name, size, fileId, link, isPublic: listedAt !== undefined, key, root, route, copies, ...more };
}
