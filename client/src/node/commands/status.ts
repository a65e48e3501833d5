// `tabring status <link|fileId|name>`: how many copies a file has now, and whether it is safe.

import { isLinkOrId } from '../../peer/parse-file-link.ts';
import { statusLines } from '../../prompt/status-text.ts';
import { withClient } from './client.ts';
import type { CommandContext, ExitCode } from './context.ts';
import { checkLink, locate } from './locate.ts';

/** Fails if the file is lost, or its copies could not be counted. */
export async function status(context: CommandContext, wanted: string): Promise<ExitCode> {
  checkLink(wanted);
  return withClient<ExitCode>(context, {}, async (client) => {
    const { peer, randomNode } = client;
    const { fileId } = await locate(context, client, wanted, true);
    const link = isLinkOrId(wanted) ? wanted : fileId;
    const found = await peer.fileStatus(link, { signal: context.signal });
    if (context.json) context.print(JSON.stringify({ randomNode, ...found }));
    // The id has been printed on the way.
    else for (const line of statusLines(found).slice(1)) context.print(line);
    return found.state === 'lost' || found.state === 'unknown' ? 1 : 0;
  });
}
