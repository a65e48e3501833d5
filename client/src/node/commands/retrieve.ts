// `tabring retrieve <link|fileId>`: fetches a file and writes it, whole or not at all.

import { blockRef } from '../../peer/block-ref.ts';
import { parseFileLink } from '../../peer/file-link.ts';
import { formatBytes } from '../bytes.ts';
import { checkOutput, chooseOutput, STANDARD_OUTPUT, writeOutput } from '../output-file.ts';
import { Progress } from '../progress.ts';
import { withClient } from './client.ts';
import { type CommandContext, CommandError, type ExitCode } from './context.ts';
import { printRoute } from './print-route.ts';

export interface RetrieveOptions {
  /** A file, a folder, or - for standard output. Default: the file's own name, here. */
  readonly output: string | undefined;
  /** Replace a file of that name. */
  readonly force: boolean;
}

export async function retrieve(context: CommandContext, linkOrId: string, options: RetrieveOptions): Promise<ExitCode> {
  const fileId = parseFileLink(linkOrId);
  const isPiped = options.output === STANDARD_OUTPUT;
  if (isPiped && context.json) throw new CommandError('give either --json or -o -: both would go to standard output');
  await checkOutput(options.output);
  // What the file's bytes go to is no place for words.
  const words: CommandContext = isPiped ? { ...context, print: context.tell } : context;
  return withClient<ExitCode>(words, async ({ peer, randomNode, route }) => {
    if (!words.json) {
      words.print(`random node ${randomNode}`);
      words.print(`id ${fileId}`);
    }
    const found = await peer.lookup(blockRef(fileId, 0, peer.inspect().params.digits).key);
    const nodes = route(found.route);
    if (!words.json) printRoute(words, nodes);
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
      words.print(JSON.stringify({ randomNode, fileId, name, type, size, path, root: found.root, route: nodes }));
    } else {
      words.print(`file ${name}, ${formatBytes(size)}`);
      words.print(`written to ${path === STANDARD_OUTPUT ? 'standard output' : path}`);
    }
    return 0;
  });
}
