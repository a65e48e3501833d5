// What the stores on a file system share: files that appear whole or not at all, and the system's errors in words.

import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PeerError } from '../peer/errors.ts';

/** Writes a file so that it survives a crash, of this process or the machine, as it was before or as it is now. */
export type WriteWhole = (path: string, temporary: string, bytes: Uint8Array, mode?: number) => Promise<void>;

/** Modes of what no other user of the machine may read. */
export const OWNER_ONLY = { file: 0o600, directory: 0o700 } as const;

/** Through `temporary`, on the same file system, which is gone afterwards unless the process is killed. */
export const writeWhole: WriteWhole = async (path, temporary, bytes, mode) => {
  try {
    const file = await open(temporary, 'w', mode);
    try {
      // What a killed process left there keeps its mode when it is opened.
      if (mode !== undefined) await file.chmod(mode);
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // What cannot be removed now is swept when the directory is next opened; the first error tells the cause.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
};

/** Makes what was renamed or removed in a directory durable. */
async function syncDirectory(directory: string): Promise<void> {
  // Windows opens no directories; its file systems keep a journal of names by themselves.
  if (process.platform === 'win32') return;
  const handle: FileHandle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** ENOENT and so on; undefined for errors that are not the system's. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** A PeerError that says what could not be done with `path`, why, and what to do. */
export function fileError(what: string, path: string, error: unknown): PeerError {
  if (error instanceof PeerError) return error;
  const code = systemCode(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new PeerError('full', `${what} ${path}: the disk is full; free some space`, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new PeerError('storage', `${what} ${path}: this user may not write there (${code})`, error);
    case 'ENOTDIR':
    case 'EEXIST':
      return new PeerError('storage', `${what} ${path}: a part of this path is a file, not a directory`, error);
    default:
      return new PeerError('storage', `${what} ${path}: ${error instanceof Error ? error.message : error}`, error);
  }
}
