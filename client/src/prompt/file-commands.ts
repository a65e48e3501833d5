// `store` and `retrieve`: they print the id of the data, the route to its root, and what came of it.

import { isId } from '../core/pastry/id.ts';
import type { NamedFile, PeerApi, RetrievedFile } from '../peer/api.ts';
import { parseFileLink } from '../peer/file-link.ts';
import { type Print, type PromptCommand, PromptError } from './command.ts';
import { formatBytes } from './format-bytes.ts';
import type { PeerSurroundings } from './peer-commands.ts';
import { routeLines } from './route-text.ts';
import { copiesLine, placeLines, type StorableFile, whenCopied } from './store-text.ts';

export function storeCommand(surroundings: PeerSurroundings): PromptCommand {
  const { peer, storeParameters, completePath } = surroundings;
  return {
    name: 'store',
    parameters: storeParameters,
    help: storeParameters.length === 0 ? 'choose files and store them in the ring' : 'store a file in the ring',
    ...(completePath === undefined ? {} : { complete: completePath }),
    run: async ([path], print) => {
      const { signal } = surroundings;
      for (const file of await surroundings.open(path)) await storeOne(peer, file, signal, print);
    },
  };
}

async function storeOne(peer: PeerApi, file: StorableFile, signal: AbortSignal, print: Print): Promise<void> {
  print(`file ${file.name}, ${formatBytes(file.size)}`);
  const stored = await (file.store?.({ signal }) ?? peer.store(file, { signal }));
  const copies = await whenCopied(peer, stored, signal);
  for (const line of [...placeLines(stored), copiesLine(copies)]) print(line);
}

export function retrieveCommand(surroundings: PeerSurroundings): PromptCommand {
  const { peer, saveParameters } = surroundings;
  return {
    name: 'retrieve',
    parameters: ['<link, id or name>', ...saveParameters],
    help: 'fetch a file from the ring and save it',
    complete: () => peer.listFiles().own.flatMap(({ fileId, name }) => [name, fileId]),
    run: async ([text = '', path], print) => {
      const { signal } = surroundings;
      const save = await surroundings.prepareToSave(path);
      const found = isLinkOrId(text) ? text : (await theOneFile(peer, text, signal, print)).link;
      const fileId = parseFileLink(found);
      print(`id ${fileId}`);
      const { route } = await peer.lookup(fileId.slice(0, peer.inspect().params.digits));
      for (const line of routeLines(route)) print(line);
      const file = await peer.retrieve(found, { signal });
      print(`file ${describe(file)}`);
      print(await save(file));
    },
  };
}

/** The public file of a name. Rejects with a PromptError if there is none, or several: they are listed. */
async function theOneFile(peer: PeerApi, name: string, signal: AbortSignal, print: Print): Promise<NamedFile> {
  const { files, key } = await peer.find(name, { signal });
  const [newest] = files;
  if (newest === undefined) {
    throw new PromptError(
      `no public file is called "${name.slice(0, 80)}" (key ${key}): check the name, or give its link`,
    );
  }
  if (files.length === 1) return newest;
  print(`${files.length} files are called ${name}, newest first`);
  for (const { fileId, size, storedAt } of files) {
    print(`  ${fileId}  ${formatBytes(size)}  ${new Date(storedAt).toISOString().slice(0, 19)}Z`);
  }
  throw new PromptError('choose one by its id');
}

/** A file's own name is neither: it has no such marker, and is not 64 hex characters. */
function isLinkOrId(text: string): boolean {
  return text.includes('#/f/') || isId(text.trim().toLowerCase(), 64);
}

function describe({ name, size, type }: RetrievedFile): string {
  return `${name}, ${formatBytes(size)}${type === '' ? '' : `, ${type}`}`;
}
