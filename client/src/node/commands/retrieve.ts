// `tabring retrieve <link|fileId|name>`: fetches a file and writes it, whole or not at all.

import type { NodeId } from '../../core/pastry/id.ts';
import { blockRef } from '../../peer/block-ref.ts';
import { PeerError } from '../../peer/errors.ts';
import { parseFileLink } from '../../peer/file-link.ts';
import { formatBytes } from '../bytes.ts';
import { checkOutput, chooseOutput, STANDARD_OUTPUT, writeOutput } from '../output-file.ts';
import { Progress } from '../progress.ts';
import { type Client, withClient } from './client.ts';
import { type CommandContext, CommandError, type ExitCode } from './context.ts';
import { printFiles } from './print-files.ts';
import { printRoute } from './print-route.ts';

export interface RetrieveOptions {
  /** A file, a folder, or - for standard output. Default: the file's own name, here. */
  readonly output: string | undefined;
  /** Replace a file of that name. */
  readonly force: boolean;
  /** Of several files of a name, take the one stored last. */
  readonly newest: boolean;
}

/** Which file, and the way to where the ring knows about it: its manifest's root, or that of its name. */
interface Located {
  readonly fileId: string;
  readonly root: NodeId;
  readonly route: readonly NodeId[];
}

export async function retrieve(context: CommandContext, wanted: string, options: RetrieveOptions): Promise<ExitCode> {
  const isPiped = options.output === STANDARD_OUTPUT;
  if (isPiped && context.json) throw new CommandError('give either --json or -o -: both would go to standard output');
  await checkOutput(options.output);
  // What the file's bytes go to is no place for words.
  const words: CommandContext = isPiped ? { ...context, print: context.tell, paint: (_, text) => text } : context;
  return withClient<ExitCode>(words, async (client) => {
    const { peer, randomNode } = client;
    if (!words.json) words.print(words.paint('faint', `random node ${randomNode}`));
    const { fileId, root, route } = isLinkOrId(wanted)
      ? await locateId(words, client, parseFileLink(wanted))
      : await locateName(words, client, wanted, options.newest);
    const progress = new Progress(words, 'fetching');
    let file: Awaited<ReturnType<typeof peer.retrieve>>;
    try {
      file = await peer.retrieve(fileId, { onProgress: progress.show, signal: words.signal });
    } finally {
      progress.end();
    }
    const { name, type, size } = file;
    const path = await chooseOutput(options.output, name, options.force);
    await writeOutput(path, await file.blob(), words.signal);
    if (words.json) {
      words.print(JSON.stringify({ randomNode, fileId, name, type, size, path, root, route }));
    } else {
      words.print(`file ${name}, ${formatBytes(size)}`);
      words.print(words.paint('good', `written to ${path === STANDARD_OUTPUT ? 'standard output' : path}`));
    }
    return 0;
  });
}

function isLinkOrId(text: string): boolean {
  return text.includes('#/f/') || /^[0-9a-f]{64}$/i.test(text.trim());
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
  const { name, key, root, route, files } = await client.peer.find(text, { signal: context.signal });
  const nodes = client.route(route);
  if (!context.json) {
    context.print(`name ${name}`);
    context.print(`key ${key}`);
    printRoute(context, nodes);
  }
  const [first, ...others] = files;
  if (first === undefined) {
    throw new PeerError(
      'not-found',
      `no public file is called "${name}": check the name, or give the file’s link or id; others are found by these alone`,
    );
  }
  if (others.length > 0 && !newest) {
    if (context.json)
      context.print(JSON.stringify({ randomNode: client.randomNode, name, key, root, route: nodes, files }));
    else printFiles(context, files);
    throw new CommandError(
      `${files.length} files are called "${name}": give the id of one, or take the newest with --newest`,
    );
  }
  if (!context.json) context.print(`id ${first.fileId}`);
  return { fileId: first.fileId, root, route: nodes };
}
