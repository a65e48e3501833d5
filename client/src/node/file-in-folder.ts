// A file in a folder of this machine: opened for each piece that is read, since a folder may have more files than a process may
// have open; and each time it is seen to be the file, in the state, that it was when the folder was looked through.

import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { FileInFolder } from '../peer/folder-source.ts';
import { typeOfName } from './file-source.ts';

/** By its owner. */
const EXECUTABLE = 0o100n;
/** If meanwhile it has become a pipe, opening it must not wait for who writes; nor may a link lead elsewhere. Windows has neither. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** `path`: in the folder. `place`: where it is, no link. `state`: as it is there. Rejects with an Error that says why it cannot be stored. */
export async function fileInFolder(path: string, place: string, state: BigIntStats): Promise<FileInFolder> {
  // What the system writes as it is read, as in /proc, says that it is empty.
  if (state.size === 0n && (await hasBytes(place))) throw new Error('its length is not known: put a copy in its place');
  return {
    path,
    size: Number(state.size),
    type: typeOfName(path),
    modified: Number(state.mtimeMs),
    isExecutable: process.platform !== 'win32' && (state.mode & EXECUTABLE) !== 0n,
    read: (start, end) => withFile(place, (file) => readUnchanged(file, start, end, state)),
  };
}

function hasBytes(place: string): Promise<boolean> {
  return withFile(place, async (file) => (await file.read(new Uint8Array(1), 0, 1, 0)).bytesRead > 0);
}

async function withFile<Result>(place: string, use: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await open(place, READ);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/** Parts of two states are no file: after each piece it must be as it was before the first. */
async function readUnchanged(file: FileHandle, start: number, end: number, state: BigIntStats): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) throw changed();
    filled += bytesRead;
  }
  await checkState(file, state);
  return bytes;
}

async function checkState(file: FileHandle, state: BigIntStats): Promise<void> {
  const now = await file.stat({ bigint: true });
  const isSame =
    now.dev === state.dev &&
    now.ino === state.ino &&
    now.size === state.size &&
    now.mtimeNs === state.mtimeNs &&
    now.ctimeNs === state.ctimeNs;
  if (!isSame) throw changed();
}

function changed(): Error {
  return new Error('it was written to while the folder was stored');
}
