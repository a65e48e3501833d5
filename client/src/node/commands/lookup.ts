// `tabring lookup <key|name>`: the root of a key, or of a file's name, and the way there; of a name also its public files.

import type { NodeId } from '../../core/pastry/id.ts';
import type { FoundFiles } from '../../peer/api.ts';
import { isLinkOrId, parseFileLink } from '../../peer/parse-file-link.ts';
import { type Client, withClient } from './client.ts';
import type { CommandContext, ExitCode } from './context.ts';
import { checkLink } from './locate.ts';
import { printFiles } from './print-files.ts';
import { printRoute } from './print-route.ts';

/** A fileId's digits: as a key its first ones count. */

interface Found {
  readonly key: string;
  readonly root: NodeId;
  readonly route: readonly NodeId[];
}

export async function lookup(context: CommandContext, keyOrName: string): Promise<ExitCode> {
  checkLink(keyOrName);
  return withClient<ExitCode>(context, {}, async ({ peer, randomNode, route }: Client) => {
    const { digits } = peer.inspect().params;
    const key = keyIn(keyOrName, digits);
    const named = key === undefined ? await peer.find(keyOrName, { signal: context.signal }) : undefined;
    const found = named ?? (await peer.lookup(key ?? ''));
    report(context, randomNode, { ...found, route: route(found.route) }, named);
    return 0;
  });
}

/** Undefined if it is a name. A file whose name is a key can be looked up as ./name. */
function keyIn(text: string, digits: number): string | undefined {
  if (isLinkOrId(text)) return parseFileLink(text).fileId.slice(0, digits);
  return text.length <= digits && /^[0-9a-f]+$/i.test(text) ? text : undefined;
}

function report(context: CommandContext, randomNode: NodeId, found: Found, named: FoundFiles | undefined): void {
  const { key, root, route } = found;
  if (context.json) {
    const files = named === undefined ? {} : { name: named.name, files: named.files, missing: named.missing };
    context.print(JSON.stringify({ randomNode, key, root, route, hops: route.length - 1, ...files }));
    return;
  }
  context.print(`random node ${randomNode}`, 'faint');
  if (named !== undefined) context.print(`name ${named.name}`);
  context.print(`key ${key}`);
  printRoute(context, route);
  context.print(`root ${root}`);
  if (named === undefined) return;
  const count = named.files.length === 0 ? 'no public file has' : `${named.files.length} public`;
  const files = named.files.length === 1 ? 'file has' : 'files have';
  context.print(named.files.length === 0 ? `${count} this name` : `${count} ${files} this name:`);
  printFiles(context, named);
}
