// Where a fetched file is written to, and how: as its bytes come, so that none stay in memory. A file appears whole or not
// at all, with the mode of the one that it replaces and behind the link that led to that; what is no file, such as a pipe or a
// device, is written to and never replaced.

import { constants } from 'node:fs';
import { access, type FileHandle, link, open, readlink, realpath, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { PeerError } from '../peer/errors.ts';
import type { FileSink } from '../peer/retrieved-file.ts';
import { formatBytes } from './bytes.ts';
import { CommandError } from './commands/context.ts';
import { openPartFile, type PartFile } from './part-file.ts';
import { openPipe } from './pipe-output.ts';
import { whyUnwritable } from './system-errors.ts';

/** What the user writes for it; a file of that name is `./-`. */
export const STANDARD_OUTPUT = '-';

export type Target =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** A file of this name stays, also one that comes meanwhile. */
      readonly isNew?: boolean;
    }
  | { readonly kind: 'standard output' };

/** In words. */
export function placeOf(target: Target): string {
  return target.kind === 'file' ? target.path : target.kind;
}

export interface Output extends FileSink {
  /** Bytes that an earlier try has left here, as it says itself. */
  readonly bytesBefore?: number;
  /** All bytes are written: the file appears. Rejects with a CommandError; then it is still to be abandoned. */
  finish(): Promise<void>;
  /** Nothing stays behind; unless it is not for good, and enough has come for a later try to go on from it: then true. */
  abandon(isForGood: boolean): Promise<boolean>;
}

/** Of a file's mode. */
const PERMISSIONS = 0o7777;

/** Rejects with a CommandError if nothing can be written there: before anything is fetched. */
export async function checkOutput(wanted = '.'): Promise<void> {
  if (wanted === STANDARD_OUTPUT) return;
  // An unset variable, as a rule.
  if (wanted === '') throw new CommandError('the name to write to is empty: give that of a file or a folder');
  const kind = await kindOf(wanted);
  if (kind === 'nothing' && (wanted.endsWith('/') || wanted.endsWith(sep)))
    throw new CommandError(`there is no folder ${wanted}: make it, or leave the ${sep} at its end away`);
  if (kind === 'other') {
    await access(wanted, constants.W_OK).catch((error: unknown) => {
      throw failure(wanted, error);
    });
    return;
  }
  const folder = kind === 'folder' ? wanted : dirname(wanted);
  if ((await kindOf(folder)) !== 'folder') {
    throw new CommandError(`cannot write ${wanted}: there is no folder ${folder}: make it, or choose another`);
  }
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw new CommandError(`cannot write to the folder ${folder}: ${whyUnwritable(error)}`, error);
  });
}

/**
 * Where to write. Rejects with a CommandError if there is such a file and the user did not ask for it to be replaced. `name`
 * is a stranger's, made safe; only the user's own `-` is standard output.
 */
export async function chooseOutput(
  wanted: string | undefined,
  name: string,
  force: boolean,
  hint = 'choose another name with -o, or replace it with --force',
): Promise<Target> {
  if (wanted === STANDARD_OUTPUT) return { kind: 'standard output' };
  const isFolder = wanted !== undefined && (await kindOf(wanted)) === 'folder';
  // Who names a file means that file; a file's own name was chosen by somebody else.
  if (wanted !== undefined && !isFolder) return { kind: 'file', path: wanted };
  const path = isFolder ? join(wanted, name) : name;
  if (!force && (await kindOf(path)) !== 'nothing') {
    throw new CommandError(`${path} exists already: ${hint}`);
  }
  return force ? { kind: 'file', path } : { kind: 'file', path, isNew: true };
}

/** What is to be written. */
interface OutputContent {
  readonly fileId: string;
  /** Bytes. */
  readonly size: number;
}

/** Begins to write a file. Rejects with a CommandError if that cannot be done. `signal`: gives up waiting for who reads a pipe. */
export async function openOutput(target: Target, content: OutputContent, signal?: AbortSignal): Promise<Output> {
  if (target.kind !== 'file') return standardOutput;
  const { path, isNew = false } = target;
  return (await kindOf(path)) === 'other' ? openDevice(path, signal) : openFile(path, isNew, content);
}

/** A pipe or a device: it takes bytes in their order, and stays. */
async function openDevice(path: string, signal: AbortSignal | undefined): Promise<Output> {
  const told = (error: unknown): never => {
    throw failure(path, error);
  };
  if ((await stat(path)).isFIFO()) {
    const pipe = await openPipe(path, signal).catch(told);
    return {
      isSequential: true,
      write: (bytes) => pipe.write(bytes).catch(told),
      finish: () => pipe.end().catch(told),
      abandon: async () => {
        pipe.destroy();
        return false;
      },
    };
  }
  const file = await open(path, 'w').catch(told);
  return {
    isSequential: true,
    write: async (bytes) => file.appendFile(bytes).catch(told),
    finish: () => file.close(),
    abandon: () => file.close().then(() => false),
  };
}

const standardOutput: Output = {
  isSequential: true,
  write: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => {
        if (error) reject(failure('standard output', error));
        else resolve();
      });
    }),
  finish: async () => undefined,
  abandon: async () => false,
};

async function openFile(shown: string, isNew: boolean, { fileId, size }: OutputContent): Promise<Output> {
  let path = shown;
  let part: PartFile | undefined;
  try {
    path = isNew ? shown : await behindLinks(shown);
    const folder = dirname(path);
    part = await openPartFile(folder, fileId, size);
    const { blocks, bavail, bsize } = await statfs(folder);
    const neededBytes = size - part.bytesBefore;
    // A size is a claim: what cannot be is not begun. File systems of no blocks do not tell.
    if (blocks > 0 && neededBytes > bavail * bsize) {
      throw new CommandError(
        `cannot write ${path}: it has ${formatBytes(size)}, and the disk has room for ${formatBytes(bavail * bsize)}`,
      );
    }
    // What an earlier try left there may belong to a longer file of a liar's.
    if ((await part.file.stat()).size > size) await part.file.truncate(size);
    const mode = isNew ? undefined : await modeOf(path);
    if (mode !== undefined) await part.file.chmod(mode);
  } catch (error) {
    await part?.keep();
    throw failure(shown, error);
  }
  return partOutput(part, path, isNew);
}

function partOutput(part: PartFile, path: string, isNew: boolean): Output {
  const { file } = part;
  const told = (error: unknown): never => {
    throw failure(path, error);
  };
  return {
    isSequential: false,
    kept: part.kept,
    bytesBefore: part.bytesBefore,
    write: async (bytes, positions) => {
      for (const position of positions) {
        await writeAt(file, bytes, position).catch(told);
        await part.wrote(position, bytes.length).catch(told);
      }
    },
    finish: async () => {
      try {
        await file.sync();
        await (isNew ? renameToNew(part.path, path) : rename(part.path, path));
      } catch (error) {
        throw failure(path, error);
      }
      await part.end();
    },
    abandon: (isForGood) => (isForGood ? part.end().then(() => false) : part.keep()),
  };
}

/** The path of the file that a symbolic link leads to, be it there yet or not. */
async function behindLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // What is not there has no real path; a link to it still says where it would be.
    const way = await readlink(path).catch(() => undefined);
    return way === undefined ? path : resolve(dirname(path), way);
  }
}

/** Its permissions; undefined if there is none. */
async function modeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : found.mode & PERMISSIONS;
}

/** Of two that write the same name at once, one is refused. */
async function renameToNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
    await rm(temporary);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // File systems without hard links: between these two steps another one may win.
    if (code !== 'EEXIST' && (await kindOf(path)) === 'nothing') return rename(temporary, path);
    throw new CommandError(`${path} exists already, since just now: choose another name with -o`, error);
  }
}

async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

type Kind = 'nothing' | 'folder' | 'file' | 'other';

export async function kindOf(path: string): Promise<Kind> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : 'other';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'nothing';
    throw failure(path, error);
  }
}

export function failure(path: string, error: unknown): Error {
  const isTold = error instanceof CommandError || error instanceof PeerError;
  return isTold ? error : new CommandError(`cannot write ${path}: ${whyUnwritable(error)}`, error);
}
