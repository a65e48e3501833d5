// A folder as a reader gets it, without a ring: its bytes are here.

import { PeerError } from '../../src/peer/errors.ts';
import { type FileInFolder, folderSource } from '../../src/peer/folder-source.ts';
import type { FileHead, RetrievedFile } from '../../src/peer/retrieved-file.ts';

/** A file of this content, as it is given to be stored. */
export function fileToStore(path: string, content: string | Uint8Array): FileInFolder {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const read = async (start: number, end: number): Promise<Uint8Array> => bytes.subarray(start, end);
  return { path, size: bytes.length, type: '', modified: 1_700_000_000_000, isExecutable: false, read };
}

export interface ReadFolder {
  readonly whole: RetrievedFile;
  /** Changed by a test, the folder is another one. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readBytes: number;
  /** Reading this byte of it fails. */
  breakAt: number;
}

/** `chunkBytes`: as segments come. */
export async function readFolder(
  files: readonly FileInFolder[],
  emptyFolders: readonly string[] = [],
  chunkBytes = 1_000,
): Promise<ReadFolder> {
  const source = folderSource('photos', files, emptyFolders);
  const bytes = new Uint8Array(await source.slice(0, source.size).arrayBuffer());
  const head: FileHead = { name: 'photos', type: source.type, size: source.size, folder: source.folder() };
  const stream: RetrievedFile['stream'] = ({ from = 0, to = source.size } = {}) => {
    let at = from;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): void => {
      if (at >= to) return controller.close();
      const next = Math.min(to, at + chunkBytes);
      if (at <= folder.breakAt && folder.breakAt < next) return controller.error(new PeerError('left', 'gone'));
      controller.enqueue(bytes.slice(at, next));
      folder.readBytes += next - at;
      at = next;
    };
    return new ReadableStream({ pull }, { highWaterMark: 0 });
  };
  const whole: RetrievedFile = { ...head, stream, blob: async () => new Blob([bytes]) };
  const folder: ReadFolder = { whole, bytes, readBytes: 0, breakAt: Number.POSITIVE_INFINITY };
  return folder;
}
