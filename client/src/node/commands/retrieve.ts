// `tabring retrieve <link|fileId|name> [path]`: fetches a file, a folder, or what is at the path in it, and writes it, whole or not
// at all.

import { isLinkOrId } from '../../peer/parse-file-link.ts';
import { folderText, renamedLine } from '../../prompt/folder-text.ts';
import { formatBytes } from '../bytes.ts';
import { fetchWanted } from '../fetch-wanted.ts';
import { checkOutput, STANDARD_OUTPUT } from '../output-file.ts';
import { Progress } from '../progress.ts';
import { withClient } from './client.ts';
import { type CommandContext, type ExitCode, WrongUse } from './context.ts';
import { checkLink, locate } from './locate.ts';

export interface RetrieveOptions {
  /** Of a folder: what is at this path in it. */
  readonly path: string | undefined;
  /** A file, a folder, or - for standard output. Default: its own name, here. */
  readonly output: string | undefined;
  /** Replace a file of that name, or files in a folder of that name. */
  readonly force: boolean;
  /** Of several files of a name, take the one stored last. */
  readonly newest: boolean;
}

export async function retrieve(context: CommandContext, wanted: string, options: RetrieveOptions): Promise<ExitCode> {
  const isPiped = options.output === STANDARD_OUTPUT;
  if (isPiped && context.json) throw new WrongUse('give either --json or -o -: both would go to standard output');
  checkLink(wanted);
  await checkOutput(options.output);
  // What the file's bytes go to is no place for words.
  const words: CommandContext = isPiped ? { ...context, print: context.tell } : context;
  return withClient<ExitCode>(words, {}, async (client) => {
    const { peer, randomNode } = client;
    if (!words.json) words.print(`random node ${randomNode}`, 'faint');
    const { fileId, root, route } = await locate(words, client, wanted, options.newest);
    // A private one opens by its whole link alone; a name leads to an id.
    const link = isLinkOrId(wanted) ? wanted : fileId;
    let read = '';
    const progress = new Progress(words, () => `fetching${read}`);
    const fetched = await fetchWanted(peer, link, {
      ...{ wanted: options.output, force: options.force, signal: words.signal, onProgress: progress.show },
      path: options.path,
      // However little memory it takes: before a large file comes, its user should know.
      onHead: ({ name, size }) => {
        if (!words.json) words.print(`file ${name}, ${formatBytes(size)}`);
      },
      onFolder: ({ name, files, bytes }) => {
        if (!words.json) words.print(`folder ${name}, ${folderText(files, bytes)}`);
      },
      onFile: (done, files) => {
        read = `, ${done} of ${files} files`;
      },
      onRenamed: (renamed) => words.tell(renamedLine(renamed)),
      onGoingOn: (bytes) => words.tell(`going on from ${formatBytes(bytes)} that came before`),
      onKept: () => words.tell('what has come is kept: the same command goes on from there'),
    }).finally(() => progress.end());
    const { head, place } = fetched;
    if (words.json) words.print(JSON.stringify({ randomNode, fileId, ...head, path: place, root, route }));
    else words.print(`written to ${place}`, 'good');
    return 0;
  });
}
