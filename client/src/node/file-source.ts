// A file on this machine, or standard input, as a peer stores it: read piece by piece, never as a whole.

import type { BigIntStats } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileSource as PeerFileSource } from '../peer/api.ts';
import { PeerError } from '../peer/errors.ts';
import { CommandError } from './commands/context.ts';

export interface FileSource extends PeerFileSource {
  close(): Promise<void>;
}

/** What browsers would call the commonest files; the rest is of no known type, as there. */
const TYPE_BY_EXTENSION: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.ogg': 'audio/ogg',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
  '.xml': 'text/xml',
  '.zip': 'application/zip',
};

/** MIME type of a file of this name; empty if none is known. */
export function typeOfName(name: string): string {
  return TYPE_BY_EXTENSION[extname(name).toLowerCase()] ?? '';
}

/** Rejects with a CommandError if it cannot be read, or is no file. */
export async function openFileSource(path: string, name = basename(path)): Promise<FileSource> {
  let handle: FileHandle | undefined;
  try {
    // Before it is opened: to open a pipe may take for ever.
    if (!(await stat(path)).isFile()) throw new CommandError('it is no file whose length is known: pipe it in, as "-"');
    handle = await open(path, 'r');
    const state = await handle.stat({ bigint: true });
    // What the system writes as it is read, as in /proc, says that it is empty.
    const isLive = state.size === 0n && (await handle.read(new Uint8Array(1), 0, 1, 0)).bytesRead > 0;
    return isLive
      ? await spooled(handle.createReadStream({ start: 0 }), name, undefined)
      : fileSource(handle, name, state);
  } catch (error) {
    await handle?.close();
    if (error instanceof CommandError) throw error;
    throw new CommandError(error instanceof Error ? error.message : String(error), error);
  }
}

/** Standard input through a file of its own, since a store needs to know the length and to read twice. */
export function openStandardInput(name: string, signal: AbortSignal): Promise<FileSource> {
  return spooled(process.stdin, name, signal);
}

/** Rejects with a CommandError if there is no room for it. */
async function spooled(stream: Readable, name: string, signal: AbortSignal | undefined): Promise<FileSource> {
  const directory = await mkdtemp(join(tmpdir(), 'tabring-input-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const path = join(directory, 'input');
    const file = await open(path, 'w');
    await pipeline(stream, file.createWriteStream(), ...(signal === undefined ? [] : [{ signal }]));
    const source = await openFileSource(path, name);
    const close = async (): Promise<void> => {
      await source.close();
      await remove();
    };
    // A copy of this moment: nobody will give it again.
    return { ...source, lastModified: undefined, close };
  } catch (error) {
    await remove();
    if (signal?.aborted) throw new PeerError('aborted', 'stopped');
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `what is piped in cannot be kept in ${tmpdir()} (TMPDIR names another place): ${why}`,
      error,
    );
  }
}

/** `state`: of the file when it was opened. */
function fileSource(handle: FileHandle, name: string, state: BigIntStats): FileSource {
  return {
    name,
    type: typeOfName(name),
    size: Number(state.size),
    lastModified: Number(state.mtimeNs) / 1e6,
    slice: (start, end) => ({ arrayBuffer: () => read(handle, start, end, state) }),
    close: () => handle.close(),
  };
}

/** Rejects if the file is no longer as it was: parts of two states are no file. Shorter if it ends before. */
async function read(handle: FileHandle, start: number, end: number, state: BigIntStats): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  const { size, mtimeNs } = await handle.stat({ bigint: true });
  if (size !== state.size || mtimeNs !== state.mtimeNs) throw new CommandError('it was written to while it was stored');
  return bytes.buffer.slice(0, filled);
}
