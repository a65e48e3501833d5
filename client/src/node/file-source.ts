// A file on this machine, or standard input, as a peer stores it: read piece by piece, never as a whole.

import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileSource as PeerFileSource } from '../peer/api.ts';
import { PeerError } from '../peer/errors.ts';
import { OWNER_ONLY, systemCode } from '../stores/fs-files.ts';
import { CommandError } from './commands/context.ts';
import { whyUnreadable, whyUnwritable } from './system-errors.ts';

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

/** If meanwhile it has become a pipe, or it gives its bytes as they come into being, no read may wait: a thread that waits keeps the process alive. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** What the user can do about a file whose length is not known. */
const PIPE_IT_IN = 'pipe it in, as "-"';

/** Rejects with a CommandError if it cannot be read, or is no file; `advice`: what to do if its length is not known. */
export async function openFileSource(path: string, advice = PIPE_IT_IN): Promise<FileSource> {
  let handle: FileHandle | undefined;
  try {
    // Before it is opened: to open a device may do something.
    if (!(await stat(path)).isFile()) throw new CommandError(`it is no file whose length is known: ${advice}`);
    handle = await open(path, READ);
    const state = await handle.stat({ bigint: true });
    // What the system writes as it is read, as in /proc, says that it is empty.
    const isLive = state.size === 0n && (await handle.read(new Uint8Array(1), 0, 1, 0)).bytesRead > 0;
    return isLive
      ? await spooled(handle.createReadStream({ start: 0 }), basename(path), undefined)
      : fileSource(handle, basename(path), state);
  } catch (error) {
    await handle?.close();
    if (error instanceof CommandError) throw error;
    const isEndless = systemCode(error) === 'EAGAIN';
    throw new CommandError(isEndless ? `${whyUnreadable(error)}: ${advice}` : whyUnreadable(error), error);
  }
}

/** Standard input through a file of its own, since a store needs to know the length and to read twice. */
export async function openStandardInput(name: string, signal: AbortSignal): Promise<FileSource> {
  try {
    return await spooled(process.stdin, name, signal);
  } catch (error) {
    if (error instanceof CommandError || error instanceof PeerError) throw error;
    throw new CommandError(whyUnreadable(error), error);
  }
}

/** A copy of this moment. Rejects with a CommandError if there is no room for it, a PeerError (aborted), and what the stream fails with. */
async function spooled(stream: Readable, name: string, signal: AbortSignal | undefined): Promise<FileSource> {
  const { handle, remove } = await openSpool();
  try {
    await pipeline(
      stream,
      async (bytes: AsyncIterable<Uint8Array>) => {
        for await (const some of bytes) await handle.appendFile(some).catch(noRoom);
      },
      signal === undefined ? {} : { signal },
    );
    const source = fileSource(handle, name, await handle.stat({ bigint: true }));
    const close = async (): Promise<void> => {
      await handle.close();
      await remove();
    };
    // Nobody will give it again.
    return { ...source, lastModified: undefined, close };
  } catch (error) {
    await handle.close();
    await remove();
    if (signal?.aborted) throw new PeerError('aborted', 'stopped');
    throw error;
  }
}

/** A file for what may be secret: readable through its handle alone, so that nothing stays however the process ends. */
async function openSpool(): Promise<{ readonly handle: FileHandle; readonly remove: () => Promise<void> }> {
  let directory: string | undefined;
  const remove = async (): Promise<void> => {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  };
  try {
    directory = await mkdtemp(join(tmpdir(), 'tabring-input-'));
    const handle = await open(join(directory, 'input'), 'wx+', OWNER_ONLY.file);
    // Where the system keeps what is open, as Windows does, at the end.
    await remove().catch(() => undefined);
    return { handle, remove };
  } catch (error) {
    await remove();
    return noRoom(error);
  }
}

function noRoom(error: unknown): never {
  const why = whyUnwritable(error);
  throw new CommandError(`no copy of it can be kept in ${tmpdir()} (TMPDIR names another place): ${why}`, error);
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

/** Rejects with a PeerError if the file is no longer as it was: parts of two states are no file. Shorter if it ends before. */
async function read(handle: FileHandle, start: number, end: number, state: BigIntStats): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  try {
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    const { size, mtimeNs } = await handle.stat({ bigint: true });
    if (size !== state.size || mtimeNs !== state.mtimeNs) throw writtenTo();
  } catch (error) {
    throw error instanceof PeerError ? error : new PeerError('storage', whyUnreadable(error), error);
  }
  return bytes.buffer.slice(0, filled);
}

/** What a store is told of a file of which it has read parts of two states. */
export function writtenTo(): PeerError {
  return new PeerError('storage', 'it was written to while it was stored: store it again when nobody writes to it');
}
