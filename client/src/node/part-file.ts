// The file that a download is written to before it is whole, beside its target, and a journal of what has been written to it. If
// the command is broken off, the next one for the same file goes on from them: what they hold is a claim, and each segment of it
// is checked against its digest before it counts.

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PeerError } from '../peer/errors.ts';
import type { KeptParts } from '../peer/kept-parts.ts';
import { takeLock } from '../stores/fs-lock.ts';

/** Smaller files are fetched again sooner than anybody misses them, bytes: four segments. */
const KEPT_FROM_BYTES = 16 * 1024 * 1024;
/** Characters of the fileId in the names of both files. */
const ID_CHARACTERS = 16;
const FIRST_LINE = 'tabring part 1';
/** Another user of a shared folder must not be able to lead what is written elsewhere; Windows has no such thing. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const READ_WRITE = constants.O_RDWR | constants.O_CREAT | NO_FOLLOW;

export interface PartFile {
  readonly path: string;
  readonly file: FileHandle;
  /** What was written to it before; nothing of a new one. */
  readonly kept: KeptParts;
  /** Bytes that are on the disk already, as far as its journal says. */
  readonly bytesBefore: number;
  /** Notes that a segment of so many bytes is at this position. */
  wrote(position: number, bytes: number): Promise<void>;
  /** It has got its own name, or is to be gone: the journal goes. Idempotent. */
  end(): Promise<void>;
  /** Leaves both for a later try, if there is something worth it; true if so. */
  keep(): Promise<boolean>;
}

/** Of the file with this id, `size` bytes, in `folder`. Rejects with the system's error. */
export async function openPartFile(folder: string, fileId: string, size: number): Promise<PartFile> {
  const stem = join(folder, `.tabring-${fileId.slice(0, ID_CHARACTERS)}`);
  const free = size < KEPT_FROM_BYTES ? undefined : await lockOf(`${stem}.lock`);
  return free === undefined ? openUnkept(folder) : openKept(stem, `${FIRST_LINE} ${fileId}`, free);
}

/** Undefined if another command is fetching the same file into this folder. */
async function lockOf(path: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await takeLock(path);
  } catch (error) {
    if (error instanceof PeerError) return undefined;
    throw error;
  }
}

async function openUnkept(folder: string): Promise<PartFile> {
  // Short, whatever the file is called.
  const path = join(folder, `.tabring-${process.pid}-${randomBytes(6).toString('hex')}.part`);
  const file = await open(path, 'wx');
  const end = async (): Promise<void> => {
    await file.close();
    await rm(path, { force: true });
  };
  return {
    ...{ path, file, bytesBefore: 0, kept: { get: async () => undefined } },
    wrote: async () => undefined,
    end,
    keep: () => end().then(() => false),
  };
}

async function openKept(stem: string, firstLine: string, free: () => Promise<void>): Promise<PartFile> {
  const path = `${stem}.part`;
  const journalPath = `${stem}.journal`;
  const journal = await open(journalPath, READ_WRITE, 0o600);
  const file = await open(path, READ_WRITE);
  const text = await journal.readFile('latin1');
  const bytesByPosition = parseJournal(text, firstLine);
  if (bytesByPosition.size === 0) {
    // Of another file whose id begins alike, or of a version that wrote other ones.
    await Promise.all([file.truncate(0), journal.truncate(0)]);
    await journal.write(`${firstLine}\n`, 0);
  }
  // After the last whole line.
  let end = bytesByPosition.size === 0 ? firstLine.length + 1 : text.lastIndexOf('\n') + 1;
  const before = new Map(bytesByPosition);
  const close = async (): Promise<void> => {
    await Promise.all([file.close(), journal.close()]);
  };
  return {
    ...{ path, file, bytesBefore: sum(before.values()) },
    kept: { get: async (position, size) => (before.get(position) === size ? readAt(file, position, size) : undefined) },
    wrote: async (position, bytes) => {
      const line = Buffer.from(`${position} ${bytes}\n`);
      const at = end;
      end += line.length;
      bytesByPosition.set(position, bytes);
      await journal.write(line, 0, line.length, at);
    },
    end: async () => {
      await close();
      await Promise.all([rm(path, { force: true }), rm(journalPath, { force: true })]);
      await free();
    },
    keep: async () => {
      await close();
      const isWorthIt = bytesByPosition.size > 0;
      if (!isWorthIt) await Promise.all([rm(path, { force: true }), rm(journalPath, { force: true })]);
      await free();
      return isWorthIt;
    },
  };
}

/** Nothing of it if it is another file's. A line that was cut off is no line. */
function parseJournal(text: string, firstLine: string): Map<number, number> {
  const [first, ...lines] = text.split('\n').slice(0, -1);
  const bytesByPosition = new Map<number, number>();
  if (first !== firstLine) return bytesByPosition;
  for (const line of lines) {
    const [, position, bytes] = /^(\d{1,15}) (\d{1,9})$/.exec(line) ?? [];
    if (position !== undefined) bytesByPosition.set(Number(position), Number(bytes));
  }
  return bytesByPosition;
}

/** Undefined if it ends before. */
async function readAt(file: FileHandle, position: number, size: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(size);
  for (let filled = 0; filled < size; ) {
    const { bytesRead } = await file
      .read(bytes, filled, size - filled, position + filled)
      .catch(() => ({ bytesRead: 0 }));
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return bytes;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
