// Saves a large file without having it in memory, by the best way that this browser has: it writes the file itself where the user
// says, or downloads it from a service worker as from a server, or gathers it in its database first. What comes is kept for a
// while, so that a page that is reloaded goes on from it.

import { plainBytes } from '../../core/plain-bytes.ts';
import { PeerError } from '../../peer/errors.ts';
import type { KeptParts } from '../../peer/kept-parts.ts';
import { isCancelled } from '../../peer/parallel.ts';
import type { RetrievedFile } from '../../peer/retrieved-file.ts';
import { IdbPartials, type Partial } from '../../stores/idb-partials.ts';
import type { SaveRequest } from '../model/page-files.ts';
import type { SavedFile } from '../text/saved-text.ts';
import { pickFile } from './file-picker.ts';
import { downloadFromWorker, readyWorker } from './worker-download.ts';

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * To be called in a click. Resolves when the browser has all of it, with what it does with it. Rejects as PeerApi.retrieve does,
 * and with a PeerError: aborted (the user chose no file), full, storage.
 */
export async function saveFile(
  request: SaveRequest,
  saveBlob: (name: string, content: Blob) => void,
): Promise<SavedFile> {
  const { name } = request.head;
  // First of all: browsers let a page ask only right after a click.
  const picked = await pickFile(name);
  const worker = picked === undefined ? await readyWorker() : undefined;
  const isGathered = picked === undefined && worker === undefined;
  const partial = await openPartial(request.fileId, isGathered);
  try {
    const file = await request.open(partial === undefined ? undefined : keptIn(partial, isGathered));
    if (picked !== undefined) await picked.write(file.stream(), request.signal);
    else if (worker !== undefined) await downloadFromWorker(worker, file, request.signal);
    else saveBlob(name, await gathered(file, partial));
    await partial?.remove();
    return picked === undefined ? { kind: 'browser', name } : { kind: 'written', name: picked.name };
  } catch (error) {
    if (isCancelled(request.signal)) await partial?.remove();
    throw error;
  }
}

/** Undefined if the browser gives no storage, and it can be done without. */
async function openPartial(fileId: string, isNeeded: boolean): Promise<Partial | undefined> {
  try {
    return await new IdbPartials().open(fileId, isNeeded);
  } catch (error) {
    if (isNeeded) throw new PeerError('storage', 'this browser gives no room to gather the file in', error);
    console.info('what comes of the file is not kept for later', error);
    return undefined;
  }
}

function keptIn(partial: Partial, isNeeded: boolean): KeptParts {
  return {
    get: (position, size) => partial.get(position, size).catch(() => undefined),
    put: async (position, bytes) => {
      try {
        await partial.put(position, plainBytes(bytes));
      } catch (error) {
        if (isNeeded)
          throw new PeerError('full', 'this browser has no room for the file: free space on the disk', error);
        console.info('a part is not kept for later', error);
      }
    },
  };
}

/** A Blob made of the Blobs that the browser has on its disk. */
async function gathered(file: RetrievedFile, partial: Partial | undefined): Promise<Blob> {
  const pieces: Blob[] = [];
  let position = 0;
  for await (const bytes of chunksOf(file.stream())) {
    pieces.push(await onDisk(partial, position, bytes));
    position += bytes.length;
  }
  return new Blob(pieces, { type: 'application/octet-stream' });
}

/** What comes of a part of a folder, or of a zip, is not kept by who reads it. */
async function onDisk(partial: Partial | undefined, position: number, bytes: Uint8Array<ArrayBuffer>): Promise<Blob> {
  const known = await partial?.blob(position);
  if (known?.size === bytes.length) return known;
  await (partial && keptIn(partial, true).put?.(position, bytes));
  return (await partial?.blob(position)) ?? new Blob([bytes]);
}

/** Not every browser's streams can be iterated. */
async function* chunksOf(stream: Bytes): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}
