// Which file a command is about: one that is given by its link or id, or a public one by its name.

import type { NodeId } from '../../core/pastry/id.ts';
import { blockRef } from '../../peer/block-ref.ts';
import { PeerError } from '../../peer/errors.ts';
import { isLinkOrId, parseFileLink } from '../../peer/parse-file-link.ts';
import { missingText } from '../../prompt/missing-text.ts';
import { checkUnknownName, checkWanted } from '../../prompt/wanted-file.ts';
import type { Client } from './client.ts';
import { type CommandContext, CommandError, WrongUse } from './context.ts';
import { printFiles } from './print-files.ts';
import { printRoute } from './print-route.ts';

/** Which file, and the way to where the ring knows about it: its manifest's root, or that of its name. */
interface Located {
  readonly fileId: string;
  readonly root: NodeId;
  readonly route: readonly NodeId[];
}

/** Throws, before anybody is asked, a PeerError of code bad-link if `wanted` can name no file, or a WrongUse if it is empty. */
export function checkLink(wanted: string): void {
  if (wanted.trim() === '') throw new WrongUse('nothing is named: give a link, an id, or the name of a public file');
  checkWanted(wanted);
}

/** Rejects as locateName does, and with a PeerError of code bad-link. Prints the way, but not as JSON. */
export function locate(context: CommandContext, client: Client, wanted: string, newest: boolean): Promise<Located> {
  return isLinkOrId(wanted)
    ? locateId(context, client, parseFileLink(wanted).fileId)
    : locateName(context, client, wanted, newest);
}

async function locateId(context: CommandContext, { peer, route }: Client, fileId: string): Promise<Located> {
  if (!context.json) context.print(`id ${fileId}`);
  const found = await peer.lookup(blockRef(fileId, 0, peer.inspect().params.digits).key);
  const nodes = route(found.route);
  if (!context.json) printRoute(context, nodes);
  return { fileId, root: found.root, route: nodes };
}

/** Rejects with a CommandError if there are several files of the name, which are listed, and with a PeerError if none. */
async function locateName(context: CommandContext, client: Client, text: string, newest: boolean): Promise<Located> {
  const found = await client.peer.find(text, { signal: context.signal });
  const { name, key, root, route, files, missing } = found;
  const nodes = client.route(route);
  if (!context.json) {
    context.print(`name ${name}`);
    context.print(`key ${key}`);
    printRoute(context, nodes);
  }
  const [first, ...others] = files;
  if (first === undefined) {
    if (missing === 0) checkUnknownName(text);
    throw new PeerError(
      'not-found',
      missing > 0
        ? `no public file called "${name}" could be fetched; ${missingText(missing)}: try again`
        : `no public file is called "${name}": check the name, or give the file’s link; private ones are found by it alone`,
    );
  }
  if (others.length > 0 && !newest) {
    if (context.json)
      context.print(JSON.stringify({ randomNode: client.randomNode, name, key, root, route: nodes, files, missing }));
    else printFiles(context, found);
    throw new CommandError(
      `${files.length} files are called "${name}": give the id of one, or take the newest with --newest`,
    );
  }
  if (others.length > 0 && first.storedAt === undefined) {
    throw new CommandError(
      `of none of the ${files.length} files called "${name}" it is known when it was stored: give the id of one`,
    );
  }
  if (!context.json) context.print(`id ${first.fileId}`);
  return { fileId: first.fileId, root, route: nodes };
}
