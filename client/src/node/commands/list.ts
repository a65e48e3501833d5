// `tabring list <link|fileId|name>`: what is in a folder, without fetching any of it.

import { openFolder } from '../../peer/folder-reader.ts';
import { isLinkOrId } from '../../peer/parse-file-link.ts';
import { entryLine, folderText } from '../../prompt/folder-text.ts';
import { formatBytes } from '../bytes.ts';
import { withClient } from './client.ts';
import type { CommandContext, ExitCode } from './context.ts';
import { checkLink, locate } from './locate.ts';

/** A file that is no folder is the one line of its list. */
export async function list(context: CommandContext, wanted: string, newest: boolean): Promise<ExitCode> {
  checkLink(wanted);
  return withClient<ExitCode>(context, {}, async (client) => {
    // Its lines are for other programs too: the way to it is not among them.
    const silent = { ...context, print: () => undefined };
    const { fileId } = await locate(silent, client, wanted, newest);
    const { signal } = context;
    const file = await client.peer.retrieve(isLinkOrId(wanted) ? wanted : fileId, { signal });
    const { name, type, size } = file;
    if (file.folder === undefined) {
      if (context.json) context.print(JSON.stringify({ fileId, name, type, size }));
      else context.print(`file ${name}, ${formatBytes(size)}`);
      return 0;
    }
    const { entries } = await openFolder(file, signal);
    if (context.json) {
      context.print(JSON.stringify({ fileId, name, entries }));
      return 0;
    }
    const files = entries.filter((entry) => entry.kind === 'file');
    context.print(
      `folder ${name}, ${folderText(
        files.length,
        files.reduce((sum, file) => sum + file.size, 0),
      )}`,
    );
    for (const entry of entries) context.print(entryLine(entry));
    return 0;
  });
}
