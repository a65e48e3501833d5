// `tabring remove <link, id or name>` and `tabring pin [link, id or name…]`: what this user's commands have stored, deleted or
// kept on, there where it was stored. The owners' keys are in the user's directory (stores/fs-owned-files.ts).

import type { PeerApi } from '../../peer/api.ts';
import { PeerError } from '../../peer/errors.ts';
import { isLinkOrId, parseFileLink } from '../../peer/parse-file-link.ts';
import { removedLine, untilText } from '../../prompt/lease-text.ts';
import { FsOwnedFiles, readOwnedFiles, userDirectory } from '../../stores/fs-owned-files.ts';
import { withClient } from './client.ts';
import { type CommandContext, CommandError, type ExitCode } from './context.ts';

type Owned = Awaited<ReturnType<typeof readOwnedFiles>>[number];

/** The exit code is 1 if too few holders could be told. Rejects with a CommandError, or a PeerError. */
export async function remove(given: CommandContext, wanted: string): Promise<ExitCode> {
  const directory = userDirectory(process.env);
  const file = theFile(await readOwnedFiles(directory, damagedIn(given)), wanted, directory);
  const context = { ...given, server: serverOf(file, given) };
  const settings = new FsOwnedFiles(directory, [file], context.server);
  return withClient<ExitCode>(context, { settings }, async ({ peer }) => {
    if (file.isDeleted !== true) await checkIsThere(peer, file, context.server);
    const removed = await peer.remove(file.fileId);
    context.print(context.json ? JSON.stringify(removed) : removedLine(removed), removed.isDone ? 'good' : 'bad');
    return removed.isDone ? 0 : 1;
  });
}

type Pinned =
  | { readonly fileId: string; readonly name: string; readonly expires: number | undefined }
  | {
      readonly fileId: string;
      readonly name: string;
      readonly error: { readonly code: string; readonly message: string };
    };

/**
 * Without any, all files that this user's commands have stored, but for those that are to go at a time; goes on with the next if one
 * fails, and the exit code tells. Rejects with a CommandError.
 */
export async function pin(context: CommandContext, wanted: readonly string[]): Promise<ExitCode> {
  const directory = userDirectory(process.env);
  let damaged = 0;
  const all = await readOwnedFiles(directory, (error) => {
    damaged += 1;
    damagedIn(context)(error);
  });
  const files =
    wanted.length === 0
      ? all.filter(({ isPinned, isDeleted }) => isPinned !== false && isDeleted !== true)
      : wanted.map((one) => theFile(all, one, directory));
  if (files.length === 0)
    throw new CommandError(`this user's commands have stored nothing that is to be kept on (${directory})`);
  const pinned: Pinned[] = [];
  for (const server of new Set(files.map((file) => serverOf(file, context)))) {
    const there = files.filter((file) => serverOf(file, context) === server);
    pinned.push(...(await pinThere({ ...context, server }, directory, there)));
  }
  if (context.json) context.print(JSON.stringify({ files: pinned }));
  const failed = pinned.filter((one) => 'error' in one).length;
  return failed + (wanted.length === 0 ? damaged : 0) === 0 ? 0 : 1;
}

/** Those of one ring. What goes wrong with one is told, and with its ring of all. */
async function pinThere(
  context: CommandContext,
  directory: string,
  files: readonly Owned[],
): Promise<readonly Pinned[]> {
  const pinned: Pinned[] = [];
  const failed = ({ fileId, name }: Owned, error: unknown): void => {
    const isTold = error instanceof PeerError || error instanceof CommandError;
    if (!isTold || (error instanceof PeerError && error.code === 'aborted')) throw error;
    context.tell(`tabring: ${name}: ${error.message}`, 'bad');
    const code = error instanceof PeerError ? error.code : 'not-found';
    pinned.push({ fileId, name, error: { code, message: error.message } });
  };
  try {
    const settings = new FsOwnedFiles(directory, files, context.server);
    await withClient(context, { settings }, async ({ peer }) => {
      for (const file of files) {
        try {
          pinned.push(await pinOne(context, peer, file));
        } catch (error) {
          failed(file, error);
        }
      }
    });
  } catch (error) {
    for (const file of files.slice(pinned.length)) failed(file, error);
  }
  return pinned;
}

async function pinOne(context: CommandContext, peer: PeerApi, file: Owned): Promise<Pinned> {
  const { fileId, name } = file;
  await checkIsThere(peer, file, context.server);
  await peer.pin(fileId);
  const { expires } = peer.listFiles().own.find((own) => own.fileId === fileId) ?? {};
  if (!context.json) context.print(`${name}: kept ${untilText(expires)}`);
  return { fileId, name, expires };
}

/** Where it was stored, unless the user says otherwise. */
function serverOf(file: Owned, { server, isServerSaid }: CommandContext): string {
  return isServerSaid ? server : (file.server ?? server);
}

/**
 * Nodes of another ring would take the owner's word too, though they have nothing: of a file that was stored elsewhere, or nobody knows
 * where, this ring is asked first whether it has any of it. Rejects with a CommandError.
 */
async function checkIsThere(peer: PeerApi, file: Owned, server: string): Promise<void> {
  if (file.server === server) return;
  const { segments } = await peer.fileStatus(file.fileId);
  if (segments.some(({ copies }) => copies > 0)) return;
  const where =
    file.server === undefined
      ? 'if it was stored in another one, name that with --server'
      : `it was stored at ${file.server}`;
  throw new CommandError(`no node of the ring at ${server} has "${file.name}": ${where}`);
}

function theFile(all: readonly Owned[], wanted: string, directory: string): Owned {
  const fileId = isLinkOrId(wanted) ? parseFileLink(wanted).fileId : undefined;
  const meant = all.filter((one) => (fileId === undefined ? one.name === wanted : one.fileId === fileId));
  const there = meant.filter(({ isDeleted }) => isDeleted !== true);
  // What is being deleted may be told to more of its holders.
  const [file, ...others] = there.length > 0 ? there : meant;
  if (file === undefined) {
    throw new CommandError(
      `this user's commands have not stored "${wanted.slice(0, 80)}" (${directory}): only who stored a file can delete it or keep it on, there where it was stored`,
    );
  }
  if (others.length > 0) {
    const ids = [file, ...others].map((one) => one.fileId).join(', ');
    throw new CommandError(`${others.length + 1} files are called "${wanted}": give the id of one of ${ids}`);
  }
  return file;
}

function damagedIn({ tell }: CommandContext): (error: PeerError) => void {
  return (error) => tell(`tabring: ${error.message}`, 'bad');
}
