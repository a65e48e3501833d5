// A peer's files: storing and retrieving them, and the list of its own with their copies.

import { replicaCount } from '../core/past/replicas.ts';
import type { Id } from '../core/pastry/id.ts';
import type {
  FileSource,
  FoundFiles,
  OwnFile,
  RetrievedFile,
  StoredFile,
  StoreOptions,
  TransferOptions,
} from './api.ts';
import { blockRef } from './block-ref.ts';
import type { CopyTally } from './copy-tally.ts';
import { fileLink } from './file-link.ts';
import { isClassroomRing, nameKey } from './name-key.ts';
import { checkName } from './name-record.ts';
import { Names } from './names.ts';
import type { OwnFiles } from './own-files.ts';
import { retrieveFile } from './retrieve-file.ts';
import { type FileParts, storeFile } from './store-file.ts';

export class Files {
  readonly #parts: FileParts;
  readonly #ownFiles: OwnFiles;
  readonly #origin: string;
  readonly #calendar: () => number;
  readonly #names: Names;

  /** `origin`: start of links; `calendar`: milliseconds since 1970. */
  constructor(parts: FileParts, ownFiles: OwnFiles, origin: string, calendar: () => number) {
    this.#parts = parts;
    this.#ownFiles = ownFiles;
    this.#origin = origin;
    this.#calendar = calendar;
    this.#names = new Names(parts, origin, calendar);
  }

  /** Reads the list of own files of an earlier life. Never rejects. */
  load(): Promise<void> {
    return this.#ownFiles.load();
  }

  own(): readonly OwnFile[] {
    return this.#ownFiles.list();
  }

  /** As PeerApi.store. */
  async store(file: FileSource, options: StoreOptions): Promise<StoredFile> {
    const isPublic = options.isPublic ?? isClassroomRing(this.#parts.params);
    if (isPublic) checkName(file.name);
    const { fileId, stored, tally } = await storeFile(this.#parts, file, options);
    const { params } = this.#parts;
    const wanted = replicaCount(params);
    const { name, type, size } = file;
    this.#ownFiles.add({ fileId, name, type, size, storedAt: this.#calendar(), copies: tally.least, wanted });
    // The last copies come after the quorum.
    tally.changed = () => this.#ownFiles.setCopies(fileId, tally.least);
    const { key } = blockRef(fileId, 0, params.digits);
    const { root, route } = stored;
    const listedAt = isPublic ? await this.#list(fileId, file, options, tally) : undefined;
    const place = { fileId, link: fileLink(this.#origin, fileId), key, root, route, copies: tally.least };
    return listedAt === undefined ? place : { ...place, listedAt };
  }

  /** As PeerApi.find. */
  find(name: string, signal: AbortSignal | undefined): Promise<FoundFiles> {
    return this.#names.find(name, signal);
  }

  /** As PeerApi.keyOfName. */
  keyOfName(name: string): Promise<Id> {
    return nameKey(name, this.#parts.params.digits, this.#parts.sha256);
  }

  /** As PeerApi.retrieve, of a fileId. */
  retrieve(fileId: string, options: TransferOptions): Promise<RetrievedFile> {
    return retrieveFile(this.#parts, fileId, options);
  }

  /** Lists a stored file under its name. */
  async #list(
    fileId: string,
    { name, type, size }: FileSource,
    { signal }: StoreOptions,
    tally: CopyTally,
  ): Promise<NonNullable<StoredFile['listedAt']>> {
    const record = { name, type, size, fileId, storedAt: this.#calendar() };
    const { root, route } = await this.#names.publish(record, signal, (digest, copies) => tally.set(digest, copies));
    return { key: await this.keyOfName(name), root, route };
  }
}
