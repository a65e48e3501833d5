// A peer's files: storing and retrieving them, and the list of its own with their copies.

import type { FileSource, OwnFile, RetrievedFile, StoredFile, TransferOptions } from './api.ts';
import { blockRef } from './block-ref.ts';
import { fileLink } from './file-link.ts';
import type { OwnFiles } from './own-files.ts';
import { retrieveFile } from './retrieve-file.ts';
import { type FileParts, storeFile } from './store-file.ts';

export class Files {
  readonly #parts: FileParts;
  readonly #ownFiles: OwnFiles;
  readonly #origin: string;
  readonly #calendar: () => number;

  /** `origin`: start of links; `calendar`: milliseconds since 1970. */
  constructor(parts: FileParts, ownFiles: OwnFiles, origin: string, calendar: () => number) {
    this.#parts = parts;
    this.#ownFiles = ownFiles;
    this.#origin = origin;
    this.#calendar = calendar;
  }

  /** Reads the list of own files of an earlier life. Never rejects. */
  load(): Promise<void> {
    return this.#ownFiles.load();
  }

  own(): readonly OwnFile[] {
    return this.#ownFiles.list();
  }

  /** As PeerApi.store. */
  async store(file: FileSource, options: TransferOptions): Promise<StoredFile> {
    const { fileId, stored, tally } = await storeFile(this.#parts, file, options);
    const { digits, replicas: wanted } = this.#parts.params;
    const { name, type, size } = file;
    this.#ownFiles.add({ fileId, name, type, size, storedAt: this.#calendar(), copies: tally.least, wanted });
    // The last copies come after the quorum.
    tally.changed = () => this.#ownFiles.setCopies(fileId, tally.least);
    const { key } = blockRef(fileId, 0, digits);
    const { root, route } = stored;
    return { fileId, link: fileLink(this.#origin, fileId), key, root, route, copies: tally.least };
  }

  /** As PeerApi.retrieve, of a fileId. */
  retrieve(fileId: string, options: TransferOptions): Promise<RetrievedFile> {
    return retrieveFile(this.#parts, fileId, options);
  }
}
