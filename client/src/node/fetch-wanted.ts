// Fetches what a link stands for to this machine: a file, a whole folder, or what is at a path in a folder. The same for the
// command line and for the prompt of a peer.

import { createHash } from 'node:crypto';
import type { PeerApi, TransferOptions } from '../peer/api.ts';
import type { FolderEntry, FolderFile } from '../peer/folder-list.ts';
import { entryAt, type Folder, fileIn, openFolder, readFiles } from '../peer/folder-reader.ts';
import { isCancelled } from '../peer/parallel.ts';
import { parseFileLink } from '../peer/parse-file-link.ts';
import type { FileHead, FileSink, RetrievedFile } from '../peer/retrieved-file.ts';
import { CommandError } from './commands/context.ts';
import { fetchAndWrite, IsFolder, type Wishes } from './fetch-and-write.ts';
import { checkRoom, chooseFolder, type FolderOutput, openFolderOutput, type RenamedFile } from './folder-output.ts';
import { placeOf, STANDARD_OUTPUT } from './output-file.ts';

/** Files up to this size are written several at once: making and naming one is a wait, and their bytes are a megabyte at most. */
const SMALL_BYTES = 128 * 1024;
const WRITE_PARALLEL = 8;

export interface FetchWishes extends Wishes {
  /** Of a folder: what is at this path in it. */
  readonly path?: string | undefined;
  /** Told what a folder is before its files are fetched. */
  readonly onFolder: (folder: FolderHead) => void;
  /** Told of each file of a folder that is there. */
  readonly onFile?: (done: number, files: number) => void;
  /** Told of a file that this file system could not keep apart from another one. */
  readonly onRenamed?: (renamed: RenamedFile) => void;
}

export interface FolderHead {
  readonly name: string;
  readonly files: number;
  /** Bytes of its files. */
  readonly bytes: number;
}

export type Fetched =
  | { readonly kind: 'file'; readonly head: FileHead; readonly place: string }
  | { readonly kind: 'folder'; readonly head: FolderHead; readonly place: string };

type Peer = Pick<PeerApi, 'retrieve' | 'retrieveInto'>;

/** Rejects as fetchAndWrite does, and with a PeerError of code not-found if there is nothing at the path. */
export async function fetchWanted(peer: Peer, link: string, wishes: FetchWishes): Promise<Fetched> {
  const { fileId } = parseFileLink(link);
  if (wishes.path === undefined) {
    try {
      return await fetchFile(peer, link, wishes);
    } catch (error) {
      if (!(error instanceof IsFolder)) throw error;
    }
    const { whole, folder } = await open(peer, link, wishes);
    return fetchFolder(whole, folder, fileId, wishes);
  }
  const { whole, folder } = await open(peer, link, wishes);
  const found = entryAt(folder, wishes.path);
  const partId = createHash('sha256').update(`${fileId}/${wishes.path}`).digest('hex');
  if ('entries' in found) return fetchFolder(whole, found, partId, wishes);
  return fetchFile({ retrieveInto: (_, begin, options) => fileInto(whole, found, begin, options) }, link, {
    ...wishes,
    partId,
  });
}

async function open(
  peer: Peer,
  link: string,
  { signal }: TransferOptions,
): Promise<{ readonly whole: RetrievedFile; readonly folder: Folder }> {
  const whole = await peer.retrieve(link, signal && { signal });
  return { whole, folder: await openFolder(whole, signal) };
}

async function fetchFile(peer: Pick<PeerApi, 'retrieveInto'>, link: string, wishes: Wishes): Promise<Fetched> {
  const { head, target } = await fetchAndWrite(peer, link, wishes);
  return { kind: 'file', head, place: target.kind === 'file' ? target.path : placeOf(target) };
}

/** As PeerApi.retrieveInto, of a file in a folder. */
async function fileInto(
  whole: RetrievedFile,
  file: FolderFile,
  begin: (head: FileHead) => Promise<FileSink>,
  options: TransferOptions = {},
): Promise<FileHead> {
  const single = fileIn(whole, file);
  const sink = await begin(single);
  let position = 0;
  for await (const bytes of single.stream({ ...options, kept: sink.kept })) {
    await sink.write(bytes, [position]);
    position += bytes.length;
  }
  return single;
}

async function fetchFolder(whole: RetrievedFile, folder: Folder, id: string, wishes: FetchWishes): Promise<Fetched> {
  const { wanted, force, signal, hint = 'choose another name with -o, or replace its files with --force' } = wishes;
  if (wanted === STANDARD_OUTPUT)
    throw new CommandError('it is a folder: name a folder to write to, or give the path of one file in it');
  const { name, entries } = folder;
  const files = entries.filter((entry) => entry.kind === 'file');
  const head = { name, files: files.length, bytes: bytesIn(entries) };
  const target = await chooseFolder(wanted, name, force, hint);
  const output = await openFolderOutput(target, id, entries);
  try {
    const missing = await whatIsMissing(output, files);
    const missingBytes = bytesIn(missing.map(({ rest }) => rest));
    await checkRoom(target.path, missingBytes);
    wishes.onFolder(head);
    for (const renamed of output.renamed) wishes.onRenamed?.(renamed);
    if (missingBytes < head.bytes) wishes.onGoingOn?.(head.bytes - missingBytes);
    await fetchMissing(whole, missing, output, files.length, wishes);
    await output.finish();
    return { kind: 'folder', head, place: target.path };
  } catch (error) {
    if (await output.abandon(isCancelled(signal))) wishes.onKept?.();
    throw error;
  }
}

/** A file, and what of its bytes is not here. */
interface Missing {
  readonly file: FolderFile;
  readonly rest: FolderFile;
}

async function whatIsMissing(output: FolderOutput, files: readonly FolderFile[]): Promise<readonly Missing[]> {
  const missing: Missing[] = [];
  for (const file of files) {
    if (await output.isThere(file)) continue;
    const here = await output.bytesOf(file);
    missing.push({ file, rest: { ...file, offset: file.offset + here, size: file.size - here } });
  }
  return missing;
}

async function fetchMissing(
  whole: RetrievedFile,
  missing: readonly Missing[],
  output: FolderOutput,
  files: number,
  { signal, onProgress, onFile }: FetchWishes,
): Promise<void> {
  const fileByRest = new Map(missing.map(({ file, rest }) => [rest, file]));
  let done = files - missing.length;
  const options = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const underWay = new Set<Promise<void>>();
  /** By where the file stands in the folder: the first is told, whichever of those under way failed first. */
  const failures = new Map<number, unknown>();
  try {
    let begun = 0;
    for await (const { file: rest, bytes } of readFiles(whole, [...fileByRest.keys()], options)) {
      begun += 1;
      const number = begun;
      const file = fileByRest.get(rest) ?? rest;
      const isSmall = file.size <= SMALL_BYTES;
      const write = async (content: AsyncIterable<Uint8Array> | readonly Uint8Array[]): Promise<void> => {
        await output.write(file, file.size - rest.size, content);
        done += 1;
        onFile?.(done, files);
      };
      if (!isSmall) {
        await write(bytes);
        continue;
      }
      const written: Promise<void> = write(await piecesOf(bytes))
        .catch((error: unknown) => void failures.set(number, error))
        .then(() => void underWay.delete(written));
      underWay.add(written);
      if (underWay.size >= WRITE_PARALLEL) await Promise.race(underWay);
      if (failures.size > 0) break;
    }
  } finally {
    // None writes behind who goes on.
    await Promise.all(underWay);
  }
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
}

async function piecesOf(bytes: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return pieces;
}

function bytesIn(entries: readonly FolderEntry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.size : 0), 0);
}
