// A file on this machine, or standard input, as a peer stores it: read piece by piece, never as a whole.

import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
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

/** Rejects with a CommandError if it cannot be read, or is no file. */
export async function openFileSource(path: string, name = basename(path)): Promise<FileSource> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const kind = await handle.stat();
    if (!kind.isFile()) throw new CommandError('it is no file whose length is known: pipe it in, as "-"');
    return fileSource(handle, name, kind.size);
  } catch (error) {
    await handle?.close();
    if (error instanceof CommandError) throw error;
    throw new CommandError(error instanceof Error ? error.message : String(error), error);
  }
}

/** Standard input through a file of its own, since a store needs to know the length and to read twice. */
export async function openStandardInput(name: string, signal: AbortSignal): Promise<FileSource> {
  const directory = await mkdtemp(join(tmpdir(), 'tabring-input-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const path = join(directory, 'input');
    const file = await open(path, 'w');
    await pipeline(process.stdin, file.createWriteStream(), { signal });
    const source = await openFileSource(path, name);
    const close = async (): Promise<void> => {
      await source.close();
      await remove();
    };
    return { ...source, close };
  } catch (error) {
    await remove();
    if (signal.aborted) throw new PeerError('aborted', 'stopped');
    throw error;
  }
}

function fileSource(handle: FileHandle, name: string, size: number): FileSource {
  return {
    name,
    type: TYPE_BY_EXTENSION[extname(name).toLowerCase()] ?? '',
    size,
    slice: (start, end) => ({ arrayBuffer: () => read(handle, start, end) }),
    close: () => handle.close(),
  };
}

/** Shorter if the file ends before; the peer then says that it has changed. */
async function read(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.buffer.slice(0, filled);
}
