// `tabring remove <link, id or name>` and `tabring pin [link, id or name…]`: what this user's commands have stored, deleted or
// kept on. The owners' keys are in the user's directory (stores/fs-owned-files.ts).

import { isLinkOrId, parseFileLink } from '../../peer/parse-file-link.ts';
import { removedLine, untilText } from '../../prompt/lease-text.ts';
import { FsOwnedFiles, readOwnedFiles, userDirectory } from '../../stores/fs-owned-files.ts';
import { withClient } from './client.ts';
import { type CommandContext, CommandError, type ExitCode } from './context.ts';

type Owned = Awaited<ReturnType<typeof readOwnedFiles>>[number];

/** The exit code is 1 if too few holders could be told. Rejects with a CommandError, or a PeerError. */
export async function remove(context: CommandContext, wanted: string): Promise<ExitCode> {
  const directory = userDirectory(process.env);
  const file = theFile(await readOwnedFiles(directory), wanted, directory);
  const settings = new FsOwnedFiles(directory, [file]);
  return withClient<ExitCode>(context, { settings }, async ({ peer }) => {
    const removed = await peer.remove(file.fileId);
    context.print(context.json ? JSON.stringify(removed) : removedLine(removed), removed.isDone ? 'good' : 'bad');
    return removed.isDone ? 0 : 1;
  });
}

/** Without any, all files that this user's commands have stored, but for those that are to go at a time. Rejects with a CommandError, or a PeerError. */
export async function pin(context: CommandContext, wanted: readonly string[]): Promise<ExitCode> {
  const directory = userDirectory(process.env);
  const all = await readOwnedFiles(directory);
  const files =
    wanted.length === 0
      ? all.filter(({ isPinned }) => isPinned !== false)
      : wanted.map((one) => theFile(all, one, directory));
  if (files.length === 0)
    throw new CommandError(`this user's commands have stored nothing that is to be kept on (${directory})`);
  const settings = new FsOwnedFiles(directory, files);
  return withClient<ExitCode>(context, { settings }, async ({ peer }) => {
    for (const { fileId, name } of files) {
      await peer.pin(fileId);
      const { expires } = peer.listFiles().own.find((own) => own.fileId === fileId) ?? {};
      context.print(context.json ? JSON.stringify({ fileId, name, expires }) : `${name}: kept ${untilText(expires)}`);
    }
    return 0;
  });
}

function theFile(all: readonly Owned[], wanted: string, directory: string): Owned {
  const fileId = isLinkOrId(wanted) ? parseFileLink(wanted).fileId : undefined;
  const [file, ...others] = all.filter((one) => (fileId === undefined ? one.name === wanted : one.fileId === fileId));
  if (file === undefined) {
    throw new CommandError(
      `this user's commands have not stored "${wanted.slice(0, 80)}" (${directory}): only who stored a file can delete it or keep it on, there where it was stored`,
    );
  }
  if (others.length > 0)
    throw new CommandError(`${others.length + 1} files are called "${wanted}": give the id of one`);
  return file;
}
