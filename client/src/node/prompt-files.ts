// The files of a prompt on a terminal: paths of this machine.

import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PeerApi } from '../peer/api.ts';
import { folderSource } from '../peer/folder-source.ts';
import { FOLDER_TYPE } from '../peer/folder-type.ts';
import type { FileHead } from '../peer/retrieved-file.ts';
import { PromptError } from '../prompt/command.ts';
import { leftOutLine, renamedLine } from '../prompt/folder-text.ts';
import type { PeerSurroundings } from '../prompt/peer-commands.ts';
import type { StorableFile } from '../prompt/store-text.ts';
import { CommandError } from './commands/context.ts';
import { lookThrough } from './commands/walk.ts';
import { type FolderHead, fetchWanted } from './fetch-wanted.ts';
import { openFileSource, writtenTo } from './file-source.ts';
import { checkOutput, STANDARD_OUTPUT } from './output-file.ts';

/** Nothing can be piped into a prompt. */
const COPY_IT = 'copy what it gives into a file, and store that';

type Files = Pick<PeerSurroundings, 'storeParameters' | 'open' | 'saveParameters' | 'prepareToSave' | 'completePath'>;

export function promptFiles(peer: PeerApi, signal: AbortSignal): Files {
  return {
    storeParameters: ['<path>'],
    open: (path = '') => asPromptError(() => storableAt(path), path),
    saveParameters: ['[path]'],
    prepareToSave: (path) =>
      asPromptError(async () => {
        if (path === STANDARD_OUTPUT) throw new CommandError('answers go to standard output: name a file or a folder');
        await checkOutput(path);
        return (link, onHead) => asPromptError(() => fetchTo(path, peer, link, onHead, signal));
      }),
    completePath,
  };
}

async function fetchTo(
  wanted: string | undefined,
  peer: PeerApi,
  link: string,
  onHead: (head: FileHead) => void,
  signal: AbortSignal,
): Promise<string> {
  const hint = 'name the file to write to';
  const onFolder = ({ name, bytes }: FolderHead): void => onHead({ name, type: FOLDER_TYPE, size: bytes });
  const { place } = await fetchWanted(peer, link, { wanted, force: false, hint, onHead, onFolder, signal });
  return `written to ${place}`;
}

async function storableAt(path: string): Promise<readonly StorableFile[]> {
  const all = path === STANDARD_OUTPUT ? [] : await lookThrough([path]);
  const [given] = all;
  if (given?.kind !== 'folder') return [await storableFile(path)];
  const source = folderSource(given.name, given.files, given.emptyFolders, given.leftOut);
  const remarks = (): readonly string[] => [...source.renamed.map(renamedLine), ...source.leftOut.map(leftOutLine)];
  return [Object.assign(source, { remarks })];
}

/** Opened anew for each piece: late copies are read long after the command is done, and nobody would close it. */
async function storableFile(path: string): Promise<StorableFile> {
  const first = await openFileSource(path, COPY_IT);
  await first.close();
  const { name, type, size, lastModified } = first;
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    const source = await openFileSource(path, COPY_IT);
    try {
      // Each piece sees only that the file stays as it is while it is read itself.
      if (source.size !== size || source.lastModified !== lastModified) throw writtenTo();
      return await source.slice(start, end).arrayBuffer();
    } finally {
      await source.close();
    }
  };
  return { name, type, size, slice: (start, end) => ({ arrayBuffer: () => read(start, end) }) };
}

async function asPromptError<Result>(work: () => Promise<Result>, path?: string): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const isNamed = path === undefined || error.message.includes(path);
    throw new PromptError(isNamed ? error.message : `${path}: ${error.message}`, error);
  }
}

function completePath(start: string): readonly string[] {
  const folder = start.endsWith('/') ? start : dirname(start);
  const prefix = start.endsWith('/') ? '' : basename(start);
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(prefix) && (prefix !== '' || !name.startsWith('.')))
      .map((entry) => {
        const path = folder === '.' && !start.startsWith('./') ? entry.name : join(folder, entry.name);
        const whole = start.startsWith('./') && folder === '.' ? `./${path}` : path;
        return entry.isDirectory() ? `${whole}/` : whole;
      });
  } catch (error) {
    // A folder that is not there, or not for this user, has nothing to offer.
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}
