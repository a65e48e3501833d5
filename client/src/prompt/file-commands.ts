// `store` and `retrieve`: they print the id of the data, the route to its root, and what came of it.

import type { NamedFile, PeerApi, StoreOptions } from '../peer/api.ts';
import { isLinkOrId, parseFileLink } from '../peer/parse-file-link.ts';
import type { FileHead } from '../peer/retrieved-file.ts';
import { type Print, type PromptCommand, PromptError } from './command.ts';
import { formatBytes } from './format-bytes.ts';
import { missingText } from './missing-text.ts';
import type { PeerSurroundings } from './peer-commands.ts';
import { routeLines } from './route-text.ts';
import { copiesLine, placeLines, type StorableFile, whenCopied } from './store-text.ts';
import { checkUnknownName, checkWanted } from './wanted-file.ts';

/** After the file at a prompt: not sealed, and listed under its name. */
const PUBLIC = 'public';

export function storeCommand(surroundings: PeerSurroundings): PromptCommand {
  const { peer, storeParameters, completePath } = surroundings;
  return {
    name: 'store',
    parameters: [...storeParameters, `[${PUBLIC}]`],
    help:
      storeParameters.length === 0 ? 'choose files and store them in the ring' : 'store a file or a folder in the ring',
    ...(completePath === undefined ? {} : { complete: completePath }),
    run: async (words, print) => {
      const { signal } = surroundings;
      const word = words[storeParameters.length];
      if (word !== undefined && word !== PUBLIC)
        throw new PromptError(
          `write "${PUBLIC}" after it for a file that everybody may read, or nothing; not "${word}"`,
        );
      const path = storeParameters.length === 0 ? undefined : words[0];
      const options = { signal, ...(word === PUBLIC && { isPublic: true }) };
      for (const file of await surroundings.open(path)) await storeOne(peer, file, options, print);
    },
  };
}

async function storeOne(
  peer: PeerApi,
  file: StorableFile,
  options: StoreOptions & { readonly signal: AbortSignal },
  print: Print,
): Promise<void> {
  print(`file ${file.name}, ${formatBytes(file.size)}`);
  const stored = await (file.store?.(options) ?? peer.store(file, options));
  const copies = await whenCopied(peer, stored, options.signal);
  for (const remark of file.remarks?.() ?? []) print(remark);
  for (const line of [...placeLines(stored), copiesLine(copies)]) print(line);
}

export function retrieveCommand(surroundings: PeerSurroundings): PromptCommand {
  const { peer, saveParameters } = surroundings;
  return {
    name: 'retrieve',
    parameters: ['<link, id or name>', ...saveParameters],
    help: 'fetch a file or a folder from the ring and save it',
    complete: () => peer.listFiles().own.flatMap(({ fileId, name }) => [name, fileId]),
    run: async ([text = '', path], print) => {
      const { signal } = surroundings;
      checkWanted(text);
      const fetchAndSave = await surroundings.prepareToSave(path);
      const found = isLinkOrId(text) ? text : (await theOneFile(peer, text, signal, print)).link;
      const { fileId } = parseFileLink(found);
      print(`id ${fileId}`);
      const { route } = await peer.lookup(fileId.slice(0, peer.inspect().params.digits));
      for (const line of routeLines(route)) print(line);
      print(await fetchAndSave(found, (head) => print(`file ${describe(head)}`)));
    },
  };
}

/** The public file of a name. Rejects with a PromptError if there is none, or several: they are listed. */
async function theOneFile(peer: PeerApi, name: string, signal: AbortSignal, print: Print): Promise<NamedFile> {
  const { files, key, missing } = await peer.find(name, { signal });
  const [newest] = files;
  if (newest === undefined) {
    const shown = name.slice(0, 80);
    if (missing === 0) checkUnknownName(name);
    else
      throw new PromptError(
        `no file called "${shown}" (key ${key}) could be fetched; ${missingText(missing)}: try again`,
      );
    throw new PromptError(`no public file is called "${shown}" (key ${key}): check the name, or give its link`);
  }
  if (files.length === 1) return newest;
  print(`${files.length} files are called ${name}, newest first`);
  for (const { fileId, size, storedAt } of files) {
    const date = storedAt === undefined ? 'at an unknown time' : `${new Date(storedAt).toISOString().slice(0, 19)}Z`;
    print(`  ${fileId}  ${formatBytes(size)}  ${date}`);
  }
  if (missing > 0) print(missingText(missing));
  throw new PromptError('choose one by its id');
}

function describe({ name, size, type }: FileHead): string {
  return `${name}, ${formatBytes(size)}${type === '' ? '' : `, ${type}`}`;
}
