// `tabring store <path…>`: stores files, and all files of folders, one after the other.

import { PeerError } from '../../peer/errors.ts';
import { copiesLine, placeLines } from '../../prompt/store-text.ts';
import { FsOwnedFiles, userDirectory } from '../../stores/fs-owned-files.ts';
import { formatBytes } from '../bytes.ts';
import { type FileSource, openFileSource, openStandardInput } from '../file-source.ts';
import { Progress } from '../progress.ts';
import { type Client, withClient } from './client.ts';
import { type CommandContext, CommandError, type ExitCode } from './context.ts';
import { listFiles, STANDARD_INPUT } from './walk.ts';

export interface StoreOptions {
  /** What standard input is called in the ring. */
  readonly name: string;
  /** Listed under their names, for everybody. Undefined: as is usual in this ring. */
  readonly isPublic: boolean | undefined;
  /** Print the links alone. */
  readonly isQuiet: boolean;
}

/** Goes on with the next file if one fails; the exit code tells. Rejects with a CommandError if a path does not exist, before anything is stored. */
export async function store(
  given: CommandContext,
  paths: readonly string[],
  { name, isPublic, isQuiet }: StoreOptions,
): Promise<ExitCode> {
  if (isQuiet && given.json) throw new CommandError('give either --json or --quiet');
  const context: CommandContext = isQuiet ? { ...given, print: () => undefined } : given;
  const { files, leftOut } = await listFiles(paths);
  const settings = new FsOwnedFiles(userDirectory(process.env), []);
  return withClient<ExitCode>(context, { settings }, async (client) => {
    if (!context.json) context.print(`random node ${client.randomNode}`, 'faint');
    const results: object[] = [];
    let failures = leftOut.length;
    for (const { path, why } of leftOut) context.tell(`tabring: ${path}: left out: ${why}`);
    for (const path of files) {
      try {
        const open = (): Promise<FileSource> =>
          path === STANDARD_INPUT ? openStandardInput(name, context.signal) : openFileSource(path);
        const stored = await storeOne(context, client, await open(), isPublic);
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
    return failures === 0 ? 0 : 1;
  });
}

async function storeOne(
  context: CommandContext,
  client: Client,
  file: FileSource,
  isPublic: boolean | undefined,
): Promise<{ readonly link: string; readonly [more: string]: unknown }> {
  const { name, size } = file;
  const progress = new Progress(context, `storing ${name}`);
  try {
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
      context.print(`file ${name}, ${formatBytes(size)}`);
      const place = { fileId, link, route, ...(listedAt === undefined ? {} : { listedAt: { ...listedAt, route } }) };
      for (const line of placeLines(place)) context.print(line);
      const rest = isComplete ? '' : '; the ring is still making more';
      context.print(`${copiesLine(copies)}${rest}`, 'good');
    }
    return { name, size, fileId, link, isPublic: listedAt !== undefined, key, root, route, copies };
  } finally {
    progress.end();
    await file.close();
  }
}
