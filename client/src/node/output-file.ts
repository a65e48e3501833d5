// Where a fetched file is written to, and how: it appears whole or not at all.

import { constants } from 'node:fs';
import { access, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PeerError } from '../peer/errors.ts';
import { CommandError } from './commands/context.ts';

export const STANDARD_OUTPUT = '-';

const NOT_ALLOWED = 'this user may not: choose another folder';
const WHY_BY_CODE: Readonly<Record<string, string>> = {
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: 'it can only be read: choose another folder',
  // Also what /proc says of a new file.
  ENOENT: 'no file can be made there: choose another folder',
  ENOSPC: 'the disk is full: make room, or choose another disk',
  EDQUOT: 'the quota of this user is used up: make room, or choose another disk with -o',
  EPIPE: 'whoever read it has stopped reading',
};

/** Rejects with a CommandError if nothing can be written there: before anything is fetched. */
export async function checkOutput(wanted = '.'): Promise<void> {
  if (wanted === STANDARD_OUTPUT) return;
  const folder = (await kindOf(wanted)) === 'folder' ? wanted : dirname(wanted);
  if ((await kindOf(folder)) !== 'folder') {
    throw new CommandError(`cannot write ${wanted}: there is no folder ${folder}: make it, or choose another`);
  }
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw new CommandError(`cannot write to the folder ${folder}: ${whyNot(error)}`, error);
  });
}

/** The path to write to. Rejects with a CommandError if there is such a file and the user did not ask for it to be replaced. */
export async function chooseOutput(
  wanted: string | undefined,
  name: string,
  force: boolean,
  hint = 'choose another name with -o, or replace it with --force',
): Promise<string> {
  if (wanted === STANDARD_OUTPUT) return wanted;
  const isFolder = wanted !== undefined && (await kindOf(wanted)) === 'folder';
  // Who names a file means that file; a file's own name was chosen by somebody else.
  if (wanted !== undefined && !isFolder) return wanted;
  const path = isFolder ? join(wanted, name) : name;
  if (!force && (await kindOf(path)) !== 'nothing') {
    throw new CommandError(`${path} exists already: ${hint}`);
  }
  return path;
}

/** Writes all of `content`. Rejects with a CommandError if that cannot be done; then nothing stays behind. */
export async function writeOutput(path: string, content: Blob, signal: AbortSignal): Promise<void> {
  const stream = (): Readable => Readable.from(content.stream());
  if (path === STANDARD_OUTPUT) {
    await pipeline(stream(), process.stdout, { end: false, signal }).catch((error: unknown) => {
      throw failure('standard output', error, signal);
    });
    return;
  }
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    const file = await open(temporary, 'wx');
    await pipeline(stream(), file.createWriteStream({ flush: true }), { signal });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw failure(path, error, signal);
  }
}

async function kindOf(path: string): Promise<'nothing' | 'folder' | 'file'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'nothing';
    throw new CommandError(`${path}: ${error instanceof Error ? error.message : error}`, error);
  }
}

function failure(path: string, error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return new PeerError('aborted', 'stopped');
  return new CommandError(`cannot write ${path}: ${whyNot(error)}`, error);
}

/** What the system said, and what to do. */
function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = WHY_BY_CODE[code];
  return known ?? (error instanceof Error ? error.message : String(error));
}
